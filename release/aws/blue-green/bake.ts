import { DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { bakeLooks, bakeLookSeconds } from "../../blue-green/step";
import { fullSizes, targetsOf } from "./capacity";
import { judgeService } from "./service-verdict";
import type { StepWork } from "./step-work";

/** Watches the alarms and the targets of the new colour for a while, and no shorter than until all that serves there is healthy. */
export async function bake(work: StepWork): Promise<void> {
    const { clock, pace, roll } = work;
    const end = clock.now().getTime() + roll.bakeSeconds * 1000;
    const { desired } = await fullSizes(work);
    for (let troubled = 0; ;) {
        const trouble = await check(work, desired);
        troubled = trouble === undefined ? 0 : troubled + 1;
        if (trouble !== undefined && troubled === bakeLooks) throw new Error(trouble);
        const secondsLeft = (end - clock.now().getTime()) / 1000;
        if (secondsLeft <= 0 && troubled === 0) return;
        await pace.rest(secondsLeft > 0 ? Math.min(bakeLookSeconds, secondsLeft) : bakeLookSeconds);
    }
}

/**
 * @param fewest instances that there were at the begin; what scaling adds meanwhile need not serve yet
 * @returns what would be too bad if it lasted; undefined for nothing
 * @throws what is too bad at once
 */
async function check(work: StepWork, fewest: number): Promise<string | undefined> {
    const firing = await firingAlarms(work);
    if (firing.length > 0) throw new Error(`${firing.join(", ")} ${firing.length === 1 ? "is" : "are"} in ALARM`);
    const { grave, trouble } = judgeService(await fullSizes(work), await targetsOf(work), fewest);
    if (grave && trouble !== undefined) throw new Error(trouble);
    return trouble;
}

async function firingAlarms({ ask, clients: { cloudWatch }, to: { alarms } }: StepWork): Promise<readonly string[]> {
    // Without names it would be all of the account.
    if (alarms.length === 0) return [];
    const question = new DescribeAlarmsCommand({ AlarmNames: [...alarms], AlarmTypes: ["MetricAlarm", "CompositeAlarm"], StateValue: "ALARM", MaxRecords: 100 });
    const { MetricAlarms = [], CompositeAlarms = [] } = await ask(abortSignal => cloudWatch.send(question, { abortSignal }));
    return [...MetricAlarms, ...CompositeAlarms].flatMap(({ AlarmName, StateValue }) => (AlarmName !== undefined && StateValue === "ALARM" ? [AlarmName] : []));
}
