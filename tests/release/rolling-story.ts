import { halfAtATime } from "../../release/minimum-healthy-hosts";
import {
    advanceRolling,
    beginRolling,
    type RollingAction,
    type RollingEvent,
    type RollingPlan,
    type Step,
} from "../../release/rolling";

type Hosts = RollingPlan["hosts"];

/** What happens, to which fleet, what is reported, and what the rollout wants done. */
export type Story = readonly [string, RollingPlan, readonly RollingEvent[], readonly RollingAction[]];

export const good = (...hosts: string[]): RollingEvent[] => hosts.map(host => ({ type: "hostSucceeded", host }));
export const bad = (...hosts: string[]): RollingEvent[] => hosts.map(host => ({ type: "hostFailed", host, reason: "exit 1" }));
export const stop = (reason: string): RollingEvent => ({ type: "stopRequested", reason });
export const wave = (deployment: number, number: number, release: string, ...hosts: string[]): RollingAction => ({
    type: "startWave",
    deployment,
    wave: number,
    release,
    hosts,
});
export const rollback = (reason: string): RollingAction => ({ type: "startRollback", deployment: 2, release: "v1", reason });
export const end = (outcome: "succeeded" | "failed" | "rolledBack", reason: string): RollingAction => ({
    type: "end",
    outcome,
    reason,
});

export function fleet(ids: string, host: Partial<Hosts[number]> = {}): Hosts {
    return Array.from(ids).map(id => ({ id, healthy: true, revision: "current", ...host }));
}

export function plan(hosts: Hosts, change: Partial<RollingPlan> = {}): RollingPlan {
    return { hosts, minimumHealthyHosts: halfAtATime, target: "v2", previous: "v1", rollBackOnFailure: true, ...change };
}

/** @param present hosts of the fleet at every event */
export function play(start: RollingPlan, events: readonly RollingEvent[], present?: readonly string[]): RollingAction[] {
    const actions: RollingAction[] = [];
    let step: Step = beginRolling(start);
    actions.push(...step.actions);
    for (const event of events) {
        step = advanceRolling(step.state, event, present);
        actions.push(...step.actions);
    }
    return actions;
}
