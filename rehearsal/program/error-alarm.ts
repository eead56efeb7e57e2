import { z } from "zod";
import { ProgramError } from "./program-error";
import type { RecordedProgram } from "./program-facts";

/** When a colour answers too many requests with 5xx. */
export interface ErrorAlarm {
    /** Percent of the requests above which it fires. */
    readonly percent: number;
    /** Requests a minute below which it says nothing. */
    readonly minimumRequests: number;
    /** Newest minutes that it looks at. */
    readonly evaluationPeriods: number;
    /** How many of them must be bad. */
    readonly datapointsToAlarm: number;
}

const alarmInputs = z.object({
    threshold: z.number(), evaluationPeriods: z.number(), datapointsToAlarm: z.number().optional(),
    metricQueries: z.array(z.object({ expression: z.string().optional(), returnData: z.boolean() })),
});

/**
 * Reads it from the alarm as AWS has it.
 * @param names of a colour's alarms, among them the one on errors
 */
export function readErrorAlarm(program: RecordedProgram, names: readonly string[]): ErrorAlarm {
    const found = findErrorAlarm(program, names);
    if (found !== undefined) return found;
    throw new ProgramError(`The program has two colours and no alarm on the share of errors (of ${names.join(", ") || "none"}), so nothing would send a bad release back.`);
}

/** The same; undefined when there is none among them. */
export function findErrorAlarm({ registrations }: RecordedProgram, names: readonly string[]): ErrorAlarm | undefined {
    for (const { outputs, inputs } of registrations.filter(({ type }) => type === "aws:cloudwatch/metricAlarm:MetricAlarm")) {
        const alarm = alarmInputs.safeParse(inputs).data;
        const result = alarm?.metricQueries.find(({ returnData }) => returnData)?.expression ?? "";
        const [, requests] = /^IF\(asked >= (\d+), share, 0\)$/.exec(result) ?? [];
        if (alarm === undefined || requests === undefined || !names.includes(String(outputs["name"]))) continue;
        // Without a word on it CloudWatch wants all of them to be bad.
        const { threshold: percent, evaluationPeriods, datapointsToAlarm = evaluationPeriods } = alarm;
        return { percent, minimumRequests: Number(requests), evaluationPeriods, datapointsToAlarm };
    }
    return undefined;
}
