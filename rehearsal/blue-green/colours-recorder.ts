import { setTimeout as sleep } from "node:timers/promises";
import type { RollDriver } from "../../release/blue-green/drive";
import type { EndedRoll } from "../../release/blue-green/machine";
import type { Step } from "../../release/blue-green/step";
import { now } from "../load/clock";
import type { CapacitySeen, ColoursSeen, StepSeen, WeightsSeen } from "../report/colours-seen";
import type { ColourSite } from "./colour-site";

const capacityPeriodMs = 250;

/** Events of the timeline that only a blue/green rehearsal has; their details are for people. */
export const colourEvents = {
    /** A step of a roll: `started`, then `succeeded` or `failed`. */
    step: "Step",
    /** A change of the weights, such as `blue 90 green 10`. */
    weights: "Weights",
} as const;

/** Writes down what becomes of two colours, for a report. */
export class ColoursRecorder {
    readonly #rolls: EndedRoll[] = [];
    readonly #steps: StepSeen[] = [];
    readonly #weights: WeightsSeen[] = [];
    readonly #capacity: CapacitySeen[] = [];
    #shiftsBefore = 0;

    constructor(private readonly site: Pick<ColourSite, "balancer" | "timeline">) {}

    /** Begins with the weights as they are; capacity is looked at until the recorder's life ends. */
    async begin(): Promise<AsyncDisposable> {
        const { balancer } = this.site;
        this.#shiftsBefore = balancer.shifts.length;
        this.#weights.push({ atMs: now(), tookMs: 0, calls: 0, weights: await balancer.weights() });
        const stop = new AbortController();
        const watched = this.watchCapacity(stop.signal);
        return {
            async [Symbol.asyncDispose]() {
                stop.abort();
                await watched;
            },
        };
    }

    /** The driver, with every step of it written down. */
    record(driver: RollDriver): RollDriver {
        return {
            carryOut: async (step, state, pace) => {
                const seen = { roll: state.roll.id, phase: state.phase, step, startMs: now() };
                const { timeline } = this.site;
                timeline.add({ event: colourEvents.step, status: "started", detail: textOf(step) });
                try {
                    const result = await driver.carryOut(step, state, pace);
                    this.#steps.push({ ...seen, endMs: now() });
                    timeline.add({ event: colourEvents.step, status: "succeeded", detail: textOf(step) });
                    return result;
                } catch (error) {
                    const problem = error instanceof Error ? error.message : String(error);
                    this.#steps.push({ ...seen, endMs: now(), problem });
                    timeline.add({ event: colourEvents.step, status: "failed", detail: `${textOf(step)}: ${problem}` });
                    throw error;
                } finally {
                    this.tellShifts();
                }
            },
        };
    }

    ended(roll: EndedRoll): void {
        this.#rolls.push(roll);
    }

    get seen(): ColoursSeen {
        this.tellShifts();
        return { rolls: this.#rolls, steps: this.#steps, weights: this.#weights, capacity: this.#capacity };
    }

    private tellShifts(): void {
        for (const shift of this.site.balancer.shifts.slice(this.#shiftsBefore)) {
            this.#weights.push({ ...shift, calls: 1 });
            const { blue, green } = shift.weights;
            this.site.timeline.add({ event: colourEvents.weights, detail: `blue ${blue} green ${green}` });
        }
        this.#shiftsBefore = this.site.balancer.shifts.length;
    }

    private async watchCapacity(signal: AbortSignal): Promise<void> {
        while (!signal.aborted) {
            // A balancer that does not answer for a moment is the rehearsal's business; the next look tells.
            const healthy = await this.site.balancer.healthy().catch(() => undefined);
            if (healthy !== undefined) this.#capacity.push({ atMs: now(), healthy });
            await sleep(capacityPeriodMs, undefined, { signal }).catch(() => undefined);
        }
    }
}

function textOf(step: Step): string {
    return "percent" in step ? `${step.name} ${step.percent}` : step.name;
}
