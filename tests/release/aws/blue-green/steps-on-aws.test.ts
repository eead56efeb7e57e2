import assert from "node:assert/strict";
import { AwsRollDriver } from "../../../../release/aws/blue-green/aws-driver";
import type { StepName } from "../../../../release/blue-green/step";
import { type Answers, fakeWork, groupAnswer, weightsAnswer } from "./fake-work";

/** One step of a roll by the driver; what it changes, and how long it waits. */
async function carriedOut(name: Exclude<StepName, "shift" | "bake">, answers: (waited: () => number) => Answers) {
    const fake: { waited: () => number } = { waited: () => 0 };
    const { work, clock, calls, changes, told } = fakeWork({ answers: answers(() => fake.waited()) });
    fake.waited = () => clock.waited;
    const error = await new AwsRollDriver(work).carryOut({ name }, { roll: work.roll, phase: "forward", at: 0, left: [] }, work.pace)
        .then(() => undefined, (reason: unknown) => (reason as Error).message);
    const unscheduled = calls.filter(call => call.name === "DeleteScheduledAction").map(({ input }) => `${String(input["AutoScalingGroupName"])} ${String(input["ScheduledActionName"])}`);
    return { error, changes: changes(), asked: calls.map(call => call.name), waited: clock.waited, told, unscheduled };
}

describe("step of a roll on AWS", () => {
    it("shrinks a colour only when no stray request can reach it, and waits until it has gone", async () => {
        let desired = 2;
        const { error, changes, waited } = await carriedOut("shrink", now => ({
            DescribeListeners: weightsAnswer(100, 0),
            DescribeAutoScalingGroups: () => (desired === 0 && now() >= 30 ? groupAnswer(0) : groupAnswer(desired, "InService")),
            UpdateAutoScalingGroup: ({ DesiredCapacity }) => { assert.equal(now(), 17); desired = Number(DesiredCapacity); return {}; },
        }));
        assert.deepEqual([error, changes, waited], [undefined, ["UpdateAutoScalingGroup"], 32]);
    });

    for (const name of ["shrink", "grow"] as const) {
        it(`refuses to ${name} a colour that has requests`, async () => {
            const { error, changes } = await carriedOut(name, () => ({ DescribeListeners: weightsAnswer(90, 10), DescribeAutoScalingGroups: groupAnswer(2, "InService", "InService") }));
            assert.deepEqual([error, changes], ["green gets 10 % of the requests, so its instances are left alone", []]);
        });
    }

    it("boots until no old instance of the colour leaves any more", async () => {
        const { waited, told } = await carriedOut("boot", now => ({
            DescribeAutoScalingGroups: () => groupAnswer(2, "InService", "InService", ...(now() < 20 ? ["Terminating:Wait"] : [])),
        }));
        assert.deepEqual([waited, told], [20, ["waiting: i-3 of green is still leaving"]]);
    });

    it("arms the end of a colour before it grows", async () => {
        const { error, changes } = await carriedOut("grow", () => ({
            DescribeListeners: weightsAnswer(100, 0),
            DescribeAutoScalingGroups: ({ AutoScalingGroupNames }) => groupAnswer(String(AutoScalingGroupNames) === "blue" ? 3 : 0),
        }));
        assert.deepEqual([error, changes], [undefined, ["PutScheduledUpdateGroupAction", "UpdateAutoScalingGroup"]]);
    });

    it("grows a colour by sizes that are no older than its end", async () => {
        const { asked } = await carriedOut("grow", () => ({ DescribeListeners: weightsAnswer(100, 0), DescribeAutoScalingGroups: groupAnswer(2) }));
        assert.deepEqual(asked, ["DescribeListeners", "PutScheduledUpdateGroupAction", "DescribeAutoScalingGroups", "DescribeAutoScalingGroups"]);
    });

    const scheduled = { DescribeScheduledActions: { ScheduledUpdateGroupActions: [{ StartTime: new Date("2026-01-01T00:30:00Z") }] } };

    it("takes back first the end of what serves, which a person may have given requests by hand", async () => {
        const { error, changes, unscheduled } = await carriedOut("detach", () => ({ ...scheduled, GetDeploymentGroup: { deploymentGroupInfo: { autoScalingGroups: [{ name: "green" }] } } }));
        assert.deepEqual([error, changes, unscheduled], [undefined, ["DeleteScheduledAction", "UpdateDeploymentGroup"], ["blue gapless-end"]]);
    });

    it("disarms the end of the new colour, then that of the other, before anything else", async () => {
        const { error, unscheduled } = await carriedOut("disarm", () => scheduled);
        assert.deepEqual([error, unscheduled], [undefined, ["green gapless-end", "blue gapless-end", "green gapless-settle", "blue gapless-settle"]]);
    });
});
