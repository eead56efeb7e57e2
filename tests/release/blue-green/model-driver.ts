import { abandonedSeconds } from "../../../release/blue-green/deadline";
import type { Pace, RollDriver, StepResult } from "../../../release/blue-green/drive";
import type { ActiveRoll } from "../../../release/blue-green/machine";
import type { Roll } from "../../../release/blue-green/roll";
import type { Step } from "../../../release/blue-green/step";
import type { ModelStack } from "./model-stack";

/** Carries out steps on a model, to the letter of what `Step` says of them. */
export class ModelDriver implements RollDriver {
    constructor(private readonly stack: ModelStack) {}

    async carryOut(step: Step, { roll }: ActiveRoll, pace: Pace): Promise<StepResult> {
        const { from, to, minSize } = roll;
        const { stack } = this;
        const group = stack.groups[to];
        switch (step.name) {
            case "detach":
                stack.detach(to);
                break;
            case "grow":
                stack.arm(to, stack.seconds + abandonedSeconds);
                stack.resize(to, Math.max(stack.groups[from].desired, minSize));
                break;
            case "boot":
                await this.until(roll, pace, () => group.instances.every(({ inService }) => inService));
                break;
            case "attach":
                group.attached = true;
                break;
            case "install":
                await this.until(roll, pace, () => {
                    stack.install(to, roll.version);
                    return group.instances.every(({ inService, release }) => inService && release === roll.version);
                });
                group.deployed = roll.version;
                return { deploymentId: "d-1" };
            case "healthy":
                await this.until(roll, pace, () => stack.healthy(to) === group.desired);
                break;
            case "probe":
                if (!group.instances.some(({ release }) => release === roll.version)) throw new Error("the probe finds no release");
                break;
            case "disarm":
                group.end = undefined;
                break;
            case "match":
                await this.until(roll, pace, () => {
                    this.matchSizes(roll);
                    return stack.healthy(to) === group.desired;
                });
                break;
            case "shift":
                stack.shift(to, step.percent);
                break;
            case "bake":
                await this.bake(roll, pace);
                break;
            case "commit":
                stack.active = to;
                break;
            case "settle":
                group.min = minSize;
                break;
            case "retire":
                if (roll.warmSeconds > 0) stack.arm(from, stack.seconds + roll.warmSeconds);
                else stack.resize(from, 0);
                break;
            case "restore":
                stack.restore(from);
                break;
            case "uncommit":
                stack.active = from;
                break;
            case "stop":
                break;
            case "shrink":
                stack.resize(to, 0);
                group.end = undefined;
                break;
            case "rearm":
                stack.arm(to, Math.max(Date.parse(roll.warmUntil ?? "") / 1000, stack.seconds + 60));
                break;
            case "release":
                stack.groups[from].min = Math.min(stack.groups[from].min, minSize);
                break;
        }
        return {};
    }

    private async until({ to, minSize }: Roll, pace: Pace, done: () => boolean): Promise<void> {
        for (;;) {
            if (done()) {
                if (this.stack.groups[to].desired < minSize) throw new Error(`${to} has fewer than ${minSize} instances`);
                return;
            }
            await pace.rest(15);
        }
    }

    private matchSizes({ from, to, minSize }: Roll): void {
        const [serving, group] = [this.stack.groups[from], this.stack.groups[to]];
        serving.min = serving.desired;
        const wanted = Math.max(serving.desired, minSize, group.desired);
        if (group.min < wanted) this.stack.resize(to, wanted);
    }

    private async bake({ to, bakeSeconds }: Roll, pace: Pace): Promise<void> {
        const end = this.stack.seconds + bakeSeconds;
        while (this.stack.seconds < end) {
            await pace.rest(30);
            if (this.stack.healthy(to) === 0) throw new Error(`${to} has no healthy target`);
        }
    }
}
