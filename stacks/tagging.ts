import * as pulumi from "@pulumi/pulumi";

export type Tags = Readonly<Record<string, string>>;

/**
 * Tags every AWS resource below a component, where a resource's own tag wins. Runs in the program itself: the engine's newer
 * `transforms` cost a call for each resource and do not run under mocks.
 */
export function tagging(tags: Tags): pulumi.ResourceTransformation {
    return ({ type, props, opts }) => {
        // The SDK declares `tagsAll` for exactly the resources whose tags are a map.
        if (!type.startsWith("aws:") || !("tagsAll" in props)) return undefined;
        const own = pulumi.output(props["tags"] as pulumi.Input<Tags | undefined>);
        return { props: { ...props, tags: own.apply(own => ({ ...tags, ...own })) }, opts };
    };
}
