import type { ColoursReport } from "./report-schema";
import { describeStep } from "./step-name";

type Step = ColoursReport["colours"]["steps"][number];

/** A step as a table tells of it, or a whole flip; without a forecast where none is made. */
export interface StepRow {
    readonly name: string;
    readonly failed: boolean;
    readonly measuredSeconds: number;
    readonly forecastSeconds?: number;
    readonly onAwsSeconds?: number;
}

/** What took how long, beside what was expected of it: the steps of the first roll, those of its way back included, then each flip. */
export function stepRows({ colours: { steps }, phases }: ColoursReport): readonly StepRow[] {
    const first = steps[0]?.roll;
    const others = [...new Set(steps.map(({ roll }) => roll))].slice(1);
    return [
        ...steps.filter(({ roll }) => roll === first).map(step => step.phase === "back"
            ? rowOf(`${describeStep(step)} (way back)`, [step])
            : rowOf(describeStep(step), [step], phases.find(({ name }) => name === step.name))),
        ...others.map((id, number) => rowOf(number % 2 === 0 ? "flip back" : "flip forth", steps.filter(({ roll }) => roll === id))),
    ];
}

function rowOf(name: string, steps: readonly Step[], expected?: ColoursReport["phases"][number]): StepRow {
    return {
        name, failed: steps.some(({ problem }) => problem !== undefined), measuredSeconds: steps.reduce((sum, { seconds }) => sum + seconds, 0),
        ...(expected && { forecastSeconds: expected.forecastSeconds, onAwsSeconds: expected.onAwsSeconds }),
    };
}
