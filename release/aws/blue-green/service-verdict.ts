import type { Target } from "../../status";
import { lackOfHealth, lackOfService } from "./capacity";
import type { GroupSizes } from "./group-sizes";

/** What speaks against a colour that has requests. */
export interface ServiceVerdict {
    /** What is wrong; undefined for nothing. */
    readonly trouble?: string | undefined;
    /** Whether it is so bad that nobody may wait for it to pass. */
    readonly grave: boolean;
}

/** The load balancer's word for a target that it does not know yet, as of an instance that scaling has just added. */
const unknownYet = "initial";

/**
 * Grave is half or more of the instances in service unhealthy, or fewer than half as many healthy as there shall be. An instance that Auto Scaling has
 * taken out of service is its own affair beyond that: it brings another one.
 * @param fewest instances that shall serve
 */
export function judgeService(group: GroupSizes, targets: readonly Target[], fewest: number): ServiceVerdict {
    const health = new Map(targets.map(target => [target.id, target.health]));
    const served = group.instances.filter(({ lifecycle }) => lifecycle === "InService").map(({ id }) => health.get(id) ?? "no target").filter(word => word !== unknownYet);
    const healthy = served.filter(word => word === "healthy").length;
    const bad = served.length - healthy;
    const tooFew = 2 * healthy < fewest;
    if (bad === 0 && !tooFew) return { grave: false };
    const why = lackOfHealth(group, targets) ?? lackOfService(group);
    return { trouble: `${healthy} of ${fewest} instances of ${group.name} serve${why === undefined ? "" : `: ${why}`}`, grave: tooFew || 2 * bad >= served.length };
}
