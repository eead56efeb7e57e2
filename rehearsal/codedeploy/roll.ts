import { advanceRolling, beginRolling, type RollingAction, type RollingEvent, type RollingPlan } from "../../release/rolling";
import type { Bundle } from "../agent/host-agent";
import { milestones } from "../report/report-input";
import { Deployment, type Conditions } from "./deployment";

/** How a rollout ended. */
export type RollingEnd = Extract<RollingAction, { type: "end" }>;

/**
 * Carries out a rolling release on the fleet: the state machine of release/ decides, this drives.
 * @param bundleOf the bundle of a release that the plan names
 */
export async function roll(
    plan: RollingPlan, bundleOf: (release: string) => Bundle, conditions: Conditions,
): Promise<RollingEnd> {
    const driver = new Driver(bundleOf, conditions);
    try {
        let step = beginRolling(plan);
        for (;;) {
            const end = driver.carryOut(step.actions);
            if (end) return end;
            step = advanceRolling(step.state, await driver.nextEvent());
        }
    } finally {
        await driver.idle();
    }
}

/** Begins what the rollout asks for, and tells it what came of it. */
class Driver {
    readonly #underWay = new Map<string, Promise<RollingEvent>>();
    readonly #deployments = new Map<number, Deployment>();

    constructor(
        private readonly bundleOf: (release: string) => Bundle,
        private readonly conditions: Conditions,
    ) {}

    /** Begins every action; returns the end when it is one of them. */
    carryOut(actions: readonly RollingAction[]): RollingEnd | undefined {
        for (const action of actions) {
            if (action.type === "end") return action;
            if (action.type === "startWave") this.startWave(action);
            else this.conditions.timeline.add({ event: milestones.rollbackStarted, detail: action.reason });
        }
        return undefined;
    }

    async nextEvent(): Promise<RollingEvent> {
        const event = await Promise.race(this.#underWay.values());
        if ("host" in event) this.#underWay.delete(event.host);
        return event;
    }

    /** Nobody may run scripts after the rollout has been told to be over. */
    async idle(): Promise<void> {
        await Promise.allSettled(this.#underWay.values());
    }

    private startWave({ deployment: number, wave, release, hosts }: Extract<RollingAction, { type: "startWave" }>): void {
        const deployment = this.#deployments.get(number) ?? new Deployment(this.bundleOf(release), this.conditions);
        this.#deployments.set(number, deployment);
        this.conditions.timeline.add({ event: milestones.waveStarted, detail: `${wave}: ${hosts.join(", ")}` });
        for (const host of hosts) this.#underWay.set(host, this.bring(deployment, host));
    }

    private async bring(deployment: Deployment, host: string): Promise<RollingEvent> {
        const { instances, signal } = this.conditions;
        const instance = instances.get(host);
        if (!instance) throw new Error(`The plan names ${host}, which is not in the fleet.`);
        try {
            await deployment.bringTo(instance);
            return { type: "hostSucceeded", host };
        } catch (error) {
            signal.throwIfAborted();
            return { type: "hostFailed", host, reason: error instanceof Error ? error.message : String(error) };
        }
    }
}
