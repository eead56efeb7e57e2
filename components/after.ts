import * as pulumi from "@pulumi/pulumi";

/** What a component was told to depend on, and `own` besides: for the children that must wait, since Pulumi hands nothing down. */
export function after(opts: pulumi.ResourceOptions | undefined, ...own: readonly pulumi.Resource[]): pulumi.Output<pulumi.Resource[]> {
    const given = pulumi.output(opts?.dependsOn ?? []) as pulumi.Output<pulumi.Resource | pulumi.Resource[]>;
    return given.apply(given => [given, ...own].flat());
}
