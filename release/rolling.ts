import {
    type DeployingHost,
    type Deployment,
    type Host,
    judge,
    openDeployment,
    reportFailure,
    reportSuccess,
    startWave,
    type Verdict,
} from "./deployment";
import { ReleaseError } from "./error";
import type { MinimumHealthyHosts } from "./minimum-healthy-hosts";

/** A fleet and the release that shall get onto it. */
export interface RollingPlan {
    readonly hosts: readonly Host[];
    /** Hosts that must stay healthy while others are replaced. */
    readonly minimumHealthyHosts: MinimumHealthyHosts;
    readonly target: string;
    /** The release to go back to, if there was one. */
    readonly previous: string | undefined;
    readonly rollBackOnFailure: boolean;
}

/** What a driver tells the rollout. */
export type RollingEvent =
    | { readonly type: "hostSucceeded"; readonly host: string }
    | { readonly type: "hostFailed"; readonly host: string; readonly reason: string }
    | { readonly type: "stopRequested"; readonly reason: string };

/** How a rollout ended; `rolledBack` means that the previous release is back. */
export type RollingOutcome = "succeeded" | "failed" | "rolledBack";

/** What a driver has to do. Deployments and waves count from 1; deployment 2 is the rollback. */
export type RollingAction =
    | {
          readonly type: "startWave";
          readonly deployment: number;
          readonly wave: number;
          readonly release: string;
          readonly hosts: readonly string[];
      }
    | { readonly type: "startRollback"; readonly deployment: number; readonly release: string; readonly reason: string }
    | { readonly type: "end"; readonly outcome: RollingOutcome; readonly reason: string };

/** A rollout between two events. */
export type RollingState = Active | (Common & { readonly phase: "ended"; readonly outcome: RollingOutcome });

interface Common {
    readonly plan: RollingPlan;
    /** The deployment under way, or the last one as it ended. */
    readonly deployment: Deployment;
}

type Active = Common &
    ({ readonly phase: "rollingOut" } | { readonly phase: "rollingBack"; readonly cause: string });

/** A state and what has to be done to leave it, in order. */
export interface Step {
    readonly state: RollingState;
    readonly actions: readonly RollingAction[];
}

/** Begins a rolling release in CodeDeploy's manner: the first wave, or the end if the fleet allows none. */
export function beginRolling(plan: RollingPlan): Step {
    const ids = plan.hosts.map(host => host.id);
    const twice = ids.find((id, index) => ids.indexOf(id) !== index);
    if (twice !== undefined) throw new ReleaseError(`host '${twice}' is listed twice`);
    const deployment = openDeployment(1, plan.target, plan.hosts, plan.minimumHealthyHosts);
    return proceed({ phase: "rollingOut", plan, deployment });
}

/**
 * Takes one event into account. A stop lets the wave under way finish, begins no other, and rolls back like a failure.
 * @param present hosts that the fleet has now, to which a rollback goes; @default those that the release began with
 * @throws ReleaseError for an event that cannot happen: an unknown host, a second report, anything after the end.
 */
export function advanceRolling(state: RollingState, event: RollingEvent, present?: readonly string[]): Step {
    if (state.phase === "ended") throw new ReleaseError(`the rollout has ended, so '${event.type}' cannot happen`);
    return proceed({ ...state, deployment: record(state.deployment, event) }, present);
}

function record(deployment: Deployment, event: RollingEvent): Deployment {
    switch (event.type) {
        case "hostSucceeded":
            return reportSuccess(deployment, event.host);
        case "hostFailed":
            return reportFailure(deployment, event.host, event.reason);
        case "stopRequested":
            return { ...deployment, stop: deployment.stop ?? event.reason };
    }
}

function proceed(state: Active, present?: readonly string[]): Step {
    const verdict = judge(state.deployment);
    switch (verdict.next) {
        case "wait":
            return { state, actions: [] };
        case "wave":
            return beginWave(state, verdict.hosts);
        case "end":
            return conclude(state, verdict, present);
    }
}

function beginWave(state: Active, hosts: readonly string[]): Step {
    const deployment = startWave(state.deployment, hosts);
    const { number, wave, release } = deployment;
    return {
        state: { ...state, deployment },
        actions: [{ type: "startWave", deployment: number, wave, release, hosts }],
    };
}

function conclude(state: Active, { outcome, reason }: Extract<Verdict, { next: "end" }>, present?: readonly string[]): Step {
    if (state.phase === "rollingBack") {
        return outcome === "succeeded"
            ? end(state, "rolledBack", state.cause)
            : end(state, "failed", `${state.cause}; the rollback failed too: ${reason}`);
    }
    // A refused deployment has changed nothing, so there is nothing to take back.
    return outcome === "failed" ? takeBack(state, reason, present) : end(state, outcome === "refused" ? "failed" : outcome, reason);
}

function takeBack(state: Active, reason: string, present: readonly string[] = state.deployment.hosts.map(host => host.id)): Step {
    const { previous, rollBackOnFailure, minimumHealthyHosts } = state.plan;
    if (!rollBackOnFailure) return end(state, "failed", reason);
    if (previous === undefined) return end(state, "failed", `${reason}; there is no previous release to go back to`);
    // AWS has no undo: a rollback is a new deployment of the previous release to all hosts of the fleet.
    // https://docs.aws.amazon.com/codedeploy/latest/userguide/deployments-rollback-and-redeploy.html
    const taken = new Map(state.deployment.hosts.map(host => [host.id, host]));
    const hosts = present.map(id => afterFailure(id, taken.get(id)));
    const deployment = openDeployment(2, previous, hosts, minimumHealthyHosts);
    const { state: next, actions } = proceed({ ...state, phase: "rollingBack", deployment, cause: reason });
    return { state: next, actions: [{ type: "startRollback", deployment: 2, release: previous, reason }, ...actions] };
}

/** A failed deployment leaves the group's revision as it was, so what it has brought counts as old; a host that was launched meanwhile got the last success. */
function afterFailure(id: string, host: DeployingHost | undefined): Host {
    if (host === undefined) return { id, healthy: true, revision: "current" };
    return { id, healthy: host.healthy, revision: host.progress === "succeeded" ? "old" : host.revision };
}

function end({ plan, deployment }: Active, outcome: RollingOutcome, reason: string): Step {
    return { state: { phase: "ended", plan, deployment, outcome }, actions: [{ type: "end", outcome, reason }] };
}
