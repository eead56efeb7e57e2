/** A rule that a deployment configuration of one's own may have. */
export interface CustomMinimum {
    readonly type: "HOST_COUNT" | "FLEET_PERCENT";
    /** Hosts, or percent of all hosts (0 to 100). */
    readonly value: number;
}

/** How many hosts must keep serving while others are replaced; CodeDeploy's own three ways to say it. */
export type MinimumHealthyHosts =
    | CustomMinimum
    | {
          /** The opposite: how many may be replaced at a time. Only AWS's own configurations have it. */
          readonly type: "MOST_CONCURRENCY";
          readonly value: number;
      };

/** The rule of `CodeDeployDefault.HalfAtATime`. */
export const halfAtATime = { type: "FLEET_PERCENT", value: 50 } as const satisfies MinimumHealthyHosts;

/**
 * The rule of `CodeDeployDefault.OneAtATime`.
 * @see https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_MinimumHealthyHosts.html
 */
export const oneAtATime = { type: "MOST_CONCURRENCY", value: 1 } as const satisfies MinimumHealthyHosts;

/** The rules that AWS has a configuration for, by the last part of its name. */
export const rulesOfAws = { HalfAtATime: halfAtATime, OneAtATime: oneAtATime } as const;

/** Reads a rule as a setting has it: `HalfAtATime`, `OneAtATime`, `75%`, or a number of hosts. Undefined for anything else. */
export function parseMinimumHealthyHosts(text: string): MinimumHealthyHosts | undefined {
    if (Object.hasOwn(rulesOfAws, text)) return rulesOfAws[text as keyof typeof rulesOfAws];
    const [, digits, percent] = /^(0|[1-9]\d{0,3})(%?)$/.exec(text) ?? [];
    if (digits === undefined) return undefined;
    const value = Number(digits);
    if (percent === "") return { type: "HOST_COUNT", value };
    return value <= 100 ? { type: "FLEET_PERCENT", value } : undefined;
}

/** Writes a rule as {@link parseMinimumHealthyHosts} reads it. */
export function printMinimumHealthyHosts(rule: MinimumHealthyHosts): string {
    const ofAws = nameAtAws(rule);
    return ofAws ?? (rule.type === "FLEET_PERCENT" ? `${rule.value}%` : String(rule.value));
}

/** The configuration of AWS's that has this very rule, if there is one. */
export function nameAtAws({ type, value }: MinimumHealthyHosts): keyof typeof rulesOfAws | undefined {
    const names = Object.keys(rulesOfAws) as (keyof typeof rulesOfAws)[];
    return names.find(name => rulesOfAws[name].type === type && rulesOfAws[name].value === value);
}

/**
 * Hosts of a fleet that must stay healthy. Percentages round up, so half of 5 is 3.
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/instances-health.html
 */
export function minimumHealthy(hosts: number, { type, value }: MinimumHealthyHosts): number {
    switch (type) {
        case "HOST_COUNT":
            return value;
        case "FLEET_PERCENT":
            return Math.ceil((hosts * value) / 100);
        case "MOST_CONCURRENCY":
            return Math.max(0, hosts - value);
    }
}

/** Hosts that each wave of a faultless rollout takes out, such as `[2, 2]`; empty when the rule lets no host go. */
export function waves(hosts: number, minimum: MinimumHealthyHosts): readonly number[] {
    const batch = Math.min(hosts, hosts - minimumHealthy(hosts, minimum));
    if (batch <= 0) return [];
    const full = Array.from({ length: Math.floor(hosts / batch) }, () => batch);
    const rest = hosts % batch;
    return rest === 0 ? full : [...full, rest];
}
