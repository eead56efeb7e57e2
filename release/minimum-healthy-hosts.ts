/** How many hosts must keep serving while others are replaced; CodeDeploy's own two ways to say it. */
export interface MinimumHealthyHosts {
    readonly type: "HOST_COUNT" | "FLEET_PERCENT";
    /** Hosts, or percent of all hosts (0 to 100). */
    readonly value: number;
}

/** The rule of `CodeDeployDefault.HalfAtATime`. */
export const halfAtATime: MinimumHealthyHosts = { type: "FLEET_PERCENT", value: 50 };

/**
 * Hosts of a fleet that must stay healthy. Percentages round up, so half of 5 is 3.
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/instances-health.html
 */
export function minimumHealthy(hosts: number, { type, value }: MinimumHealthyHosts): number {
    return type === "HOST_COUNT" ? value : Math.ceil((hosts * value) / 100);
}

/** Hosts that each wave of a faultless rollout takes out, such as `[2, 2]`; empty when the rule lets no host go. */
export function waves(hosts: number, minimum: MinimumHealthyHosts): readonly number[] {
    const batch = Math.min(hosts, hosts - minimumHealthy(hosts, minimum));
    if (batch <= 0) return [];
    const full = Array.from({ length: Math.floor(hosts / batch) }, () => batch);
    const rest = hosts % batch;
    return rest === 0 ? full : [...full, rest];
}
