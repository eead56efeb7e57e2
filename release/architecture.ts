/** One processor architecture under the three names it goes by. */
export interface Architecture {
    /** As AMI names and EC2 say it. */
    readonly ami: "x86_64" | "arm64";
    /** As `uname -m` says it. */
    readonly uname: "x86_64" | "aarch64";
    /** As Docker says it. */
    readonly platform: "linux/amd64" | "linux/arm64";
}

const x86: Architecture = { ami: "x86_64", uname: "x86_64", platform: "linux/amd64" };
const arm: Architecture = { ami: "arm64", uname: "aarch64", platform: "linux/arm64" };

/**
 * Tells the architecture from an instance type such as `t4g.small`, or undefined when it is no instance type.
 * Graviton families carry a `g` behind the generation (t4g, c7gn, is4gen); `a1` came before that rule.
 * https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html
 */
export function architectureOf(instanceType: string): Architecture | undefined {
    const match = /^([a-z]+)(\d+)([a-z-]*)\.[a-z0-9-]+$/.exec(instanceType);
    if (!match) return undefined;
    const [, family, generation, attributes = ""] = match;
    return attributes.startsWith("g") || `${family}${generation}` === "a1" ? arm : x86;
}
