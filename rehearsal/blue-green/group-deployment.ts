import type { DeploymentKind } from "../../release/lifecycle";
import type { Bundle } from "../agent/host-agent";
import { type Conditions, Deployment, type Target } from "../codedeploy/deployment";

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
    readonly ended: Promise<GroupDeploymentEnd>;
    readonly #stop = new AbortController();
    #end: GroupDeploymentEnd | undefined;

    constructor(readonly version: string, bundle: Bundle, readonly hosts: readonly Target[], conditions: GroupConditions, kind: DeploymentKind = "release") {
        const deployment = new Deployment(bundle, {
            ...conditions,
            signal: AbortSignal.any([conditions.signal, this.#stop.signal]),
            instances: new Map(hosts.map(host => [host.id, host])),
            trafficControl: true,
        }, kind);
        this.id = deployment.id;
        this.ended = this.untilAll(hosts.map(host => deployment.bringTo(host)));
    }

    /** How it ended; undefined while it goes on. */
    get end(): GroupDeploymentEnd | undefined {
        return this.#end;
    }

    /** Ends the script that runs on each instance, and begins no other. */
    stop(): void {
        this.#stop.abort(new Error("the deployment was stopped"));
    }

    private async untilAll(brought: readonly Promise<void>[]): Promise<GroupDeploymentEnd> {
        const results = await Promise.allSettled(brought);
        const failures = results.flatMap(result => (result.status === "rejected" ? [(result.reason as Error).message] : []));
        const outcome = this.#stop.signal.aborted ? "stopped" : failures.length < results.length ? "succeeded" : "failed";
        this.#end = { outcome, failures };
        return this.#end;
    }
}
