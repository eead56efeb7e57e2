import { randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type DeploymentKind, doneBy, eventsOf, type LifecycleEvent } from "../../release/lifecycle";
import type { Bundle, HostAgent } from "../agent/host-agent";
import type { Balancer } from "../balancer/balancer";
import { BalancerError } from "../balancer/runtime-socket";
import { UnhealthyError } from "../balancer/target-group";
import type { Address } from "../docker/service";
import type { Timeline } from "../timeline";

/** An instance, as far as a deployment deals with it. */
export interface Target {
    readonly id: string;
    readonly agent: Pick<HostAgent, "run">;
    /** Where the balancer reaches its service now. */
    address(): Promise<Address>;
}

/** What a deployment meets: the fleet, its balancer and the pace of the service. */
export interface Conditions {
    readonly instances: ReadonlyMap<string, Target>;
    readonly balancer: Pick<Balancer, "register" | "deregister" | "readdress">;
    /** False = the deployment group lacks traffic control: seven events, and nobody leaves the target group. */
    readonly trafficControl: boolean;
    /** Real milliseconds between two lifecycle events of an instance. */
    readonly eventGapMs: number;
    /** Real milliseconds for which a leaving target drains. */
    readonly drainMs: number;
    readonly timeline: Timeline;
    readonly signal: AbortSignal;
}

/** Why an instance failed: the event, and what a person needs to know. */
export class InstanceFailure extends Error {
    override readonly name = "InstanceFailure";
}

/** One deployment of CodeDeploy: a bundle, brought to instances one lifecycle event after another. */
export class Deployment {
    readonly id = `d-${Array.from({ length: 9 }, () => alphabet[randomInt(alphabet.length)]).join("")}`;

    constructor(
        private readonly bundle: Bundle,
        private readonly conditions: Conditions,
        private readonly kind: DeploymentKind = "release",
    ) {}

    /**
     * Takes one instance through all events.
     * @throws InstanceFailure at the first that fails
     * @throws BalancerError when the balancer of this machine did not do its part, which is nobody's failure
     */
    async bringTo(instance: Target): Promise<void> {
        const { trafficControl, eventGapMs, timeline, signal } = this.conditions;
        for (const event of eventsOf(this.kind, trafficControl)) {
            await sleep(eventGapMs, undefined, { signal });
            timeline.add({ instance: instance.id, event, status: "started" });
            try {
                await this.carryOut(event, instance);
            } catch (error) {
                signal.throwIfAborted();
                const detail = error instanceof Error ? error.message : String(error);
                timeline.add({ instance: instance.id, event, status: "failed", detail });
                if (error instanceof BalancerError && !(error instanceof UnhealthyError)) throw error;
                throw new InstanceFailure(`${event} failed on ${instance.id}: ${detail}`, { cause: error });
            }
            timeline.add({ instance: instance.id, event, status: "succeeded" });
        }
    }

    private async carryOut(event: LifecycleEvent, instance: Target): Promise<void> {
        const { balancer, drainMs, trafficControl, signal } = this.conditions;
        if (doneBy(event) !== "loadBalancer") {
            const outcome = await instance.agent.run(event, { id: this.id, bundle: this.bundle }, signal);
            if (outcome.status === "failed") throw new Error(describe(outcome));
            // A host keeps its address when its container is replaced; here the new container has its own.
            if (event === "ApplicationStart" && !trafficControl) await balancer.readdress(instance.id, await instance.address());
        } else if (event === "BlockTraffic") {
            await balancer.deregister(instance.id, drainMs, signal);
        } else {
            await balancer.register(instance.id, await instance.address(), signal);
        }
    }
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

// A script prints its reason last, and that is what a person wants to read first.
function describe({ message, logTail }: { readonly message?: string; readonly logTail?: string }): string {
    const reason = logTail?.trim().split("\n").at(-1)?.replace(/^\[(stdout|stderr)\]/, "");
    return [message, reason].filter(Boolean).join(": ");
}
