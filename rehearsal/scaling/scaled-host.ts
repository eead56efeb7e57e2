import { setTimeout as sleep } from "node:timers/promises";
import type { LifecycleEvent } from "../../release/lifecycle";
import type { Deployment, EventOutcome } from "../agent/host-agent";
import type { TargetGroup } from "../balancer/target-group";
import type { Interception } from "../codedeploy/interception";
import type { Address } from "../docker/service";
import { Instance, type InstanceArgs } from "../fleet/instance";
import type { Host } from "./scaling-group";

export interface ScaledHostArgs extends InstanceArgs {
    readonly targets: TargetGroup;
    /** Real milliseconds for which a leaving target drains, as they are known by then. */
    readonly drainMs: () => number;
    /** Real milliseconds that CodeDeploy waits for a host that is gone. */
    readonly lostHost: LostHostWaits;
    readonly interception: Interception;
    readonly signal: AbortSignal;
}

/** How long CodeDeploy waits for a host that does not answer any more, in real milliseconds. */
export interface LostHostWaits {
    /** For an event to begin. */
    readonly betweenEventsMs: number;
    /** For an event that has begun. */
    readonly inEventMs: number;
}

/** An instance of an Auto Scaling group, which begins and ends with the rehearsal under way. */
export class ScaledHost implements Host {
    readonly agent: Host["agent"] = { run: (event, deployment, signal) => this.run(event, deployment, signal) };
    readonly #instance: Instance;
    readonly #gone = new AbortController();

    constructor(readonly id: string, private readonly args: ScaledHostArgs) {
        this.#instance = new Instance(id, args);
    }

    async begin(): Promise<void> {
        await this.#instance.makeRoot();
    }

    address(): Promise<Address> {
        return this.#instance.address();
    }

    async enter(): Promise<void> {
        // Nothing runs on it yet: what a release brings enters by its deployment.
        await this.args.targets.enter(this.id, undefined);
    }

    async leave(): Promise<void> {
        await this.args.targets.deregister(this.id, this.args.drainMs(), this.args.signal);
    }

    async remove(): Promise<void> {
        this.#gone.abort();
        await this.#instance.remove();
    }

    async die(): Promise<void> {
        this.#gone.abort();
        const { docker, run } = this.args;
        await docker.run(["rm", "--force", "--volumes", `${run}-${this.id}`]);
    }

    crashAgent(): void {
        this.#instance.agent.crash();
    }

    private async run(event: LifecycleEvent, deployment: Deployment, signal?: AbortSignal): Promise<EventOutcome> {
        const { interception, lostHost, signal: end } = this.args;
        if (this.isGone()) return this.lost(lostHost.betweenEventsMs, signal ?? end);
        const given = AbortSignal.any([this.#gone.signal, signal ?? end]);
        try {
            return await interception.run(event, this.id, () => this.#instance.agent.run(event, deployment, given));
        } catch (error) {
            if (!this.isGone() || signal?.aborted === true || end.aborted) throw error;
            return await this.lost(lostHost.inEventMs, signal ?? end);
        }
    }

    private isGone(): boolean {
        return this.#gone.signal.aborted;
    }

    private async lost(waitMs: number, signal: AbortSignal): Promise<EventOutcome> {
        await sleep(waitMs, undefined, { signal });
        return { status: "failed", message: "the instance does not answer any more" };
    }
}
