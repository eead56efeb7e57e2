import { advanceRolling, beginRolling, type RollingAction, type RollingEvent, type RollingPlan, type RollingState } from "../../release/rolling";
import type { Bundle } from "../agent/host-agent";
import { milestones } from "../report/report-input";
import { Deployment, InstanceFailure, type Conditions } from "./deployment";

/** Why an alarm ends a deployment. */
export class AlarmStop extends Error {
    override readonly name = "AlarmStop";

    constructor(message: string, readonly rollsBack: boolean) {
        super(message);
    }
}

/** How a rollout ended. */
export type RollingEnd = Extract<RollingAction, { type: "end" }>;

/**
 * Carries out a rolling release on the fleet: the state machine of release/ decides, this drives.
 * @param bundleOf the bundle of a release that the plan names
 * @param wish what others want of it, and want to know
 */
export async function roll(
    plan: RollingPlan, bundleOf: (release: string) => Bundle, conditions: Conditions, wish: RollWish = {},
): Promise<RollingEnd> {
    const driver = new Driver(bundleOf, conditions, wish);
    try {
        let step = beginRolling(plan);
        for (;;) {
            const end = driver.carryOut(step.actions);
            if (end) return end;
            const event = await driver.nextEvent();
            step = advanceRolling(event.type === "stopRequested" ? stopping(step.state, wish.stop?.reason) : step.state, event, wish.present?.());
        }
    } finally {
        await driver.idle();
    }
}

/** Whether what an alarm has ended goes back is a setting of its own. */
function stopping(state: RollingState, why: unknown): RollingState {
    return why instanceof AlarmStop ? { ...state, plan: { ...state.plan, rollBackOnFailure: why.rollsBack } } : state;
}

export interface RollWish {
    /** Ends the first deployment when it is aborted; its reason, an Error, says why. Unless that is an AlarmStop it goes back as after a failure. @default nobody ends it */
    readonly stop?: AbortSignal | undefined;
    /** Hears which release a host has now; undefined = nobody knows, since a deployment of it failed. @default nobody listens */
    readonly installed?: ((host: string, release: string | undefined) => void) | undefined;
    /** Hosts that the fleet has by then, all of them among the instances; a rollback goes to these. @default those of the plan */
    readonly present?: (() => readonly string[]) | undefined;
}

/** Begins what the rollout asks for, and tells it what came of it. */
class Driver {
    readonly #underWay = new Map<string, Promise<RollingEvent>>();
    readonly #deployments = new Map<number, Deployment>();
    #stopped: Promise<RollingEvent> | undefined;

    constructor(
        private readonly bundleOf: (release: string) => Bundle,
        private readonly conditions: Conditions,
        private readonly wish: RollWish,
    ) {
        const { stop } = wish;
        this.#stopped = stop && untilAborted(stop).then(() => ({ type: "stopRequested", reason: (stop.reason as Error).message }));
    }

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
        const event = await Promise.race([...this.#underWay.values(), ...(this.#stopped ? [this.#stopped] : [])]);
        if ("host" in event) this.#underWay.delete(event.host);
        // Heard once; the rollback that follows is nobody's to stop.
        else this.#stopped = undefined;
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
        for (const host of hosts) this.#underWay.set(host, this.bring(deployment, host, release));
    }

    private async bring(deployment: Deployment, host: string, release: string): Promise<RollingEvent> {
        const { instances, signal } = this.conditions;
        const { installed } = this.wish;
        const instance = instances.get(host);
        if (!instance) throw new Error(`The plan names ${host}, which is not in the fleet.`);
        try {
            await deployment.bringTo(instance);
            installed?.(host, release);
            return { type: "hostSucceeded", host };
        } catch (error) {
            signal.throwIfAborted();
            installed?.(host, undefined);
            if (!(error instanceof InstanceFailure)) throw error;
            return { type: "hostFailed", host, reason: error.message };
        }
    }
}

function untilAborted(signal: AbortSignal): Promise<void> {
    return new Promise(resolve => {
        if (signal.aborted) resolve();
        else signal.addEventListener("abort", () => { resolve(); }, { once: true });
    });
}
