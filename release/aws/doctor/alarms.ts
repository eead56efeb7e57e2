import { type CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { type Diagnosis, diagnoseAlarms, skipped } from "../../doctor";

/** Whether an alarm fires that keeps deployments from starting. A deployment group has ten at most, which is one page. */
export async function checkAlarms(cloudWatch: CloudWatchClient, names: readonly string[], abortSignal: AbortSignal): Promise<Diagnosis> {
    if (names.length === 0) return skipped("the stack has no alarms that stop a deployment");
    const { MetricAlarms = [], CompositeAlarms = [] } = await cloudWatch.send(
        new DescribeAlarmsCommand({ AlarmNames: [...names], AlarmTypes: ["MetricAlarm", "CompositeAlarm"] }), { abortSignal },
    );
    return diagnoseAlarms(names, new Map([...MetricAlarms, ...CompositeAlarms].map(({ AlarmName = "", StateValue = "" }) => [AlarmName, StateValue])));
}
