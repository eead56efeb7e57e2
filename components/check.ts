import * as pulumi from "@pulumi/pulumi";

/** Refuses wrong arguments: all broken rules in one error, printed by Pulumi as one line on the component. */
export function check(component: pulumi.Resource, label: string, rules: readonly (string | false)[]): void {
    const broken = rules.filter(rule => rule !== false);
    if (broken.length > 0) throw new pulumi.ResourceError(`${label}: ${broken.join("; ")}`, component, true);
}

/** AWS takes 32 characters for a load balancer or target group, and Pulumi adds eight to keep names unique. */
export function isTooLongForLoadBalancing(logicalName: string): boolean {
    return logicalName.length > 24;
}
