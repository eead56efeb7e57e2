import { awaitNothingLacking } from "./await-nothing-lacking";
import { lackOf, lackOfUrgent } from "./capacity";
import { type GroupSizes, pin, raise, sizesOf } from "./group-sizes";
import type { StepWork } from "./step-work";

/**
 * Gives the new colour as many instances as the one that serves has, and waits until all of them can serve. Where what serves is bad, no more is waited for
 * than what is in service already, and the fewest that there shall be: the others follow.
 */
export async function match(work: StepWork): Promise<void> {
    const { instances } = await sizesOf(work, work.to.autoScalingGroup);
    const fewest = Math.max(work.roll.minSize, 1, instances.filter(({ lifecycle }) => lifecycle === "InService").length);
    await awaitNothingLacking(work, async () => {
        // At each look, since the colour that serves may grow while the other one boots.
        const [from, to] = await bothSizes(work);
        await pin(work, from);
        await raise(work, to, from);
        return work.roll.urgent === true ? lackOfUrgent(work, fewest) : lackOf(work);
    });
}

/** Of the colour that serves and of the new one. */
export async function bothSizes(work: StepWork): Promise<readonly [GroupSizes, GroupSizes]> {
    return [await sizesOf(work, work.from.autoScalingGroup), await sizesOf(work, work.to.autoScalingGroup)];
}
