import { Balancer } from "./balancer/balancer";
import type { Run } from "./cleanup/run";
import { createFleet, instanceIds, type Fleet } from "./fleet/fleet";
import { type Ground, openGround } from "./ground";
import type { RehearsalPlan } from "./plan";
import type { View } from "./view";

/** Everything that stands when the curtain of a rolling rehearsal rises: the ground, a balancer, hosts without a release. */
export interface Site extends Pick<Ground, "releases" | "bundles"> {
    readonly balancer: Balancer;
    readonly fleet: Fleet;
}

export async function openSite(plan: RehearsalPlan, run: Run, view: View, signal: AbortSignal): Promise<Site> {
    const { releases, bundles, ...ground } = await openGround(plan, run, view, signal);
    const ids = instanceIds(plan.instances);
    const balancer = await Balancer.start({ ...ground.balancer, targets: ids }, signal);
    return { releases, bundles, balancer, fleet: await createFleet(ids, ground.instance) };
}
