import { type CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { type Diagnosis, diagnoseAlarms, skipped } from "../../doctor";
import type { Stage } from "../../stage";

/** Whether an alarm of what serves fires. A deployment group has ten at most, which is one page. */
export async function checkAlarms(
    cloudWatch: CloudWatchClient, { alarms: names, blueGreen }: Pick<Stage, "alarms" | "blueGreen">, abortSignal: AbortSignal,
): Promise<Diagnosis> {
    if (names.length === 0) return skipped("the stack has no alarms that stop a deployment");
    const { MetricAlarms = [], CompositeAlarms = [] } = await cloudWatch.send(
        new DescribeAlarmsCommand({ AlarmNames: [...names], AlarmTypes: ["MetricAlarm", "CompositeAlarm"] }), { abortSignal },
    );
    return diagnoseAlarms(names, new Map([...MetricAlarms, ...CompositeAlarms].map(({ AlarmName = "", StateValue = "" }) => [AlarmName, StateValue])), { twoColours: blueGreen !== undefined });
}
