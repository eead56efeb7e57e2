import { DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { fullSizes, lackOfHealth, lackOfService, targetsOf } from "./capacity";
import type { StepWork } from "./step-work";

const lookSeconds = 10;

/** Watches the alarms and the targets of the new colour for a while. The first that speaks against it ends that. */
export async function bake(work: StepWork): Promise<void> {
    const { clock, pace, roll } = work;
    const end = clock.now().getTime() + roll.bakeSeconds * 1000;
    const { desired } = await fullSizes(work);
    for (;;) {
        await check(work, desired);
        const secondsLeft = (end - clock.now().getTime()) / 1000;
        if (secondsLeft <= 0) return;
        await pace.rest(Math.min(lookSeconds, secondsLeft));
    }
}

/** @param fewest instances that shall serve; what scaling adds meanwhile need not be there yet */
async function check(work: StepWork, fewest: number): Promise<void> {
    const { roll } = work;
    const firing = await firingAlarms(work);
    if (firing.length > 0) throw new Error(`${firing.join(", ")} ${firing.length === 1 ? "is" : "are"} in ALARM`);
    const [group, targets] = [await fullSizes(work), await targetsOf(work)];
    const healthy = targets.filter(({ id, health }) => health === "healthy" && group.instances.some(one => one.id === id && one.lifecycle === "InService"));
    if (healthy.length >= fewest) return;
    const why = lackOfHealth(group, targets) ?? lackOfService(group);
    throw new Error(`${healthy.length} of ${fewest} instances of ${roll.to} serve${why === undefined ? "" : `: ${why}`}`);
}

async function firingAlarms({ ask, clients: { cloudWatch }, to: { alarms } }: StepWork): Promise<readonly string[]> {
    // Without names it would be all of the account.
    if (alarms.length === 0) return [];
    const question = new DescribeAlarmsCommand({ AlarmNames: [...alarms], AlarmTypes: ["MetricAlarm", "CompositeAlarm"], StateValue: "ALARM", MaxRecords: 100 });
    const { MetricAlarms = [], CompositeAlarms = [] } = await ask(abortSignal => cloudWatch.send(question, { abortSignal }));
    return [...MetricAlarms, ...CompositeAlarms].flatMap(({ AlarmName, StateValue }) => (AlarmName !== undefined && StateValue === "ALARM" ? [AlarmName] : []));
}
