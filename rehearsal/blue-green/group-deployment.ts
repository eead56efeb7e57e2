import type { DeploymentKind } from "../../release/lifecycle";
import type { Bundle } from "../agent/host-agent";
import { type Conditions, Deployment, InstanceFailure, type Target } from "../codedeploy/deployment";

/** How a deployment ended, as CodeDeploy tells it: all at once, one instance that succeeds is a success. */
export interface GroupDeploymentEnd {
    readonly outcome: "succeeded" | "failed" | "stopped";
    /** Why instances failed, one sentence each. */
    readonly failures: readonly string[];
}

/** What a deployment of a group meets; the balancer is its colour's target group. */
export type GroupConditions = Omit<Conditions, "instances" | "trafficControl">;

/** A deployment of CodeDeploy to a colour: all instances at once, each of which leaves its target group and comes back. It goes on whoever watches. */
export class GroupDeployment {
    readonly id: string;
    /** Rejects with what this machine could not do, beside an end that says `failed` or, where others could, `succeeded`. */
    readonly ended: Promise<GroupDeploymentEnd>;
    readonly #stop = new AbortController();
    #end: GroupDeploymentEnd | undefined;

    constructor(readonly version: string, bundle: Bundle, readonly hosts: readonly Target[], conditions: GroupConditions, kind: DeploymentKind = "release") {
        const signal = AbortSignal.any([conditions.signal, this.#stop.signal]);
        const deployment = new Deployment(bundle, {
            ...conditions, signal,
            instances: new Map(hosts.map(host => [host.id, host])),
            trafficControl: true,
        }, kind);
        this.id = deployment.id;
        this.ended = this.untilAll(hosts.map(host => deployment.bringTo(host)), signal);
    }

    /** How it ended; undefined while it goes on. */
    get end(): GroupDeploymentEnd | undefined {
        return this.#end;
    }

    /** Ends the script that runs on each instance, and begins no other. */
    stop(): void {
        this.#stop.abort(new Error("the deployment was stopped"));
    }

    private async untilAll(brought: readonly Promise<void>[], signal: AbortSignal): Promise<GroupDeploymentEnd> {
        const results = await Promise.allSettled(brought);
        const reasons = results.flatMap(result => (result.status === "rejected" ? [result.reason as Error] : []));
        const outcome = this.#stop.signal.aborted ? "stopped" : reasons.length < results.length ? "succeeded" : "failed";
        this.#end = { outcome, failures: reasons.map(({ message }) => message) };
        const trouble = signal.aborted ? undefined : reasons.find(reason => !(reason instanceof InstanceFailure));
        if (trouble !== undefined) throw trouble;
        return this.#end;
    }
}
