import { type HaproxyArgs, startHaproxy } from "./haproxy";
import { backend, haproxyConfig, type BalancerNumbers } from "./haproxy-config";
import { TargetGroup } from "./target-group";

export type { TargetHealth } from "./target-group";

export interface BalancerArgs extends Omit<HaproxyArgs, "config"> {
    readonly targets: readonly string[];
    readonly numbers: BalancerNumbers;
    /** How long a registered target may take to become healthy, in real milliseconds. */
    readonly healthyWithinMs: number;
}

/** The load balancer of a rolling rehearsal: HAProxy with one target group. */
export class Balancer extends TargetGroup {
    private constructor(
        group: ConstructorParameters<typeof TargetGroup>[0],
        /** Where clients come in. */
        readonly url: string,
    ) {
        super(group);
    }

    static async start(args: BalancerArgs, signal: AbortSignal): Promise<Balancer> {
        const { runtime, url } = await startHaproxy({ ...args, config: haproxyConfig(args.numbers, args.targets) }, signal);
        return new Balancer({ runtime, backend, slots: args.targets, healthyWithinMs: args.healthyWithinMs }, url);
    }
}
