import type { Bundle } from "../agent/host-agent";
import { type Conditions, Deployment, type Target } from "../codedeploy/deployment";

/** How a deployment ended, as CodeDeploy tells it: all at once, one instance that succeeds is a success. */
export interface GroupDeploymentEnd {
    readonly outcome: "succeeded" | "failed" | "stopped";
    /** Why instances failed, one sentence each. */
    readonly failures: readonly string[];
}

/** What a deployment of a group meets; the balancer only has to follow containers to their addresses. */
export type GroupConditions = Pick<Conditions, "eventGapMs" | "timeline" | "signal"> & { readonly balancer: Pick<Conditions["balancer"], "readdress"> };

/** A deployment of CodeDeploy to a colour: all instances at once, seven events each, nobody leaves a target group. It goes on whoever watches. */
export class GroupDeployment {
    readonly id: string;
    readonly ended: Promise<GroupDeploymentEnd>;
    readonly #stop = new AbortController();
    #end: GroupDeploymentEnd | undefined;

    constructor(readonly version: string, bundle: Bundle, readonly hosts: readonly Target[], { balancer, ...pace }: GroupConditions) {
        const deployment = new Deployment(bundle, {
            ...pace,
            signal: AbortSignal.any([pace.signal, this.#stop.signal]),
            instances: new Map(hosts.map(host => [host.id, host])),
            balancer: { ...trafficIsLeftAlone, readdress: (id, address) => balancer.readdress(id, address) },
            trafficControl: false, drainMs: 0,
        });
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

const refuse = (): Promise<never> => Promise.reject(new TypeError("a deployment without traffic control leaves the balancer alone"));
const trafficIsLeftAlone = { register: refuse, deregister: refuse };
