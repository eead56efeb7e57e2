import { abandonedSeconds } from "../../../release/blue-green/deadline";
import type { Pace, RollDriver, StepResult } from "../../../release/blue-green/drive";
import type { ActiveRoll } from "../../../release/blue-green/machine";
import type { Roll } from "../../../release/blue-green/roll";
import { bakeLooks, bakeLookSeconds, type Step, type StepName } from "../../../release/blue-green/step";
import type { ModelStack } from "./model-stack";

/** Carries out steps on a model, to the letter of what `Step` says of them. */
export class ModelDriver implements RollDriver {
    constructor(private readonly stack: ModelStack) {}

    async carryOut(step: Step, { roll }: ActiveRoll, pace: Pace): Promise<StepResult> {
        const { stack } = this;
        const { from, to, minSize } = roll;
        const [serving, group] = [stack.groups[from], stack.groups[to]];
        const deeds: Readonly<Record<StepName, () => unknown>> = {
            detach: () => { stack.detach(to); },
            grow: () => {
                stack.arm(to, stack.seconds + abandonedSeconds);
                stack.resize(to, Math.max(serving.desired, minSize));
            },
            boot: () => this.until(roll, pace, () => group.instances.every(({ inService }) => inService)),
            attach: () => { group.attached = true; },
            install: () => this.install(roll, pace),
            healthy: () => this.until(roll, pace, () => stack.healthy(to) === group.desired),
            probe: () => {
                if (!group.instances.some(({ release }) => release === roll.version)) throw new Error("the probe finds no release");
            },
            disarm: () => { group.end = undefined; },
            match: () => this.match(roll, pace),
            shift: () => { stack.shift(roll, "percent" in step ? step.percent : 0); },
            bake: () => this.bake(roll, pace),
            commit: () => { stack.active = to; },
            settle: () => { group.min = minSize; },
            retire: () => {
                if (roll.warmSeconds > 0) stack.arm(from, stack.seconds + roll.warmSeconds);
                else stack.resize(from, 0);
            },
            restore: () => { stack.restore(from); },
            uncommit: () => { stack.active = from; },
            stop: () => undefined,
            shrink: () => {
                stack.resize(to, 0);
                group.end = undefined;
            },
            rearm: () => { stack.arm(to, Math.max(Date.parse(roll.warmUntil ?? "") / 1000, stack.seconds + 60)); },
            release: () => { serving.min = Math.min(serving.min, minSize); },
        };
        return await deeds[step.name]() ?? {};
    }

    private async install({ to, version, minSize }: Roll, pace: Pace): Promise<StepResult> {
        const group = this.stack.groups[to];
        await this.until({ to, minSize }, pace, () => {
            this.stack.install(to, version);
            return group.instances.every(({ inService, release }) => inService && release === version);
        });
        group.deployed = version;
        return { deploymentId: "d-1" };
    }

    private async until({ to, minSize }: Pick<Roll, "to" | "minSize">, pace: Pace, done: () => boolean): Promise<StepResult> {
        while (!done()) await pace.rest(15);
        if (this.stack.groups[to].desired < minSize) throw new Error(`${to} has fewer than ${minSize} instances`);
        return {};
    }

    private match(roll: Roll, pace: Pace): Promise<StepResult> {
        const { stack } = this;
        const group = stack.groups[roll.to];
        const had = Math.max(group.desired, roll.minSize);
        return this.until(roll, pace, () => {
            this.matchSizes(roll);
            return stack.healthy(roll.to) >= (roll.urgent === true ? had : group.desired);
        });
    }

    private matchSizes({ from, to, minSize }: Roll): void {
        const [serving, group] = [this.stack.groups[from], this.stack.groups[to]];
        serving.min = serving.desired;
        const wanted = Math.max(serving.desired, minSize, group.desired);
        if (group.min < wanted) this.stack.resize(to, wanted);
    }

    private async bake({ to, bakeSeconds }: Roll, pace: Pace): Promise<StepResult> {
        const { stack } = this;
        const end = stack.seconds + bakeSeconds;
        const began = stack.healthy(to);
        for (let illLooks = 0; stack.seconds < end;) {
            await pace.rest(bakeLookSeconds);
            const healthy = stack.healthy(to);
            illLooks = stack.groups[to].instances.some(({ inService, ill }) => inService && ill === true) ? illLooks + 1 : 0;
            if (2 * healthy <= began || illLooks === bakeLooks) throw new Error(`${healthy} of ${began} targets of ${to} are healthy`);
        }
        return {};
    }
}
