import assert from "node:assert/strict";
import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { followRefresh, runningRefresh, startRefresh } from "../../../release/aws/instance-refresh";
import { AutoScalingDouble, type AutoScalingDoubleArgs, refreshId } from "../../support/aws/auto-scaling-double";
import { testContext } from "../../support/aws/command-context";

const order = { group: "web", plan: { replace: "outdated", because: "" }, warmupSeconds: 90, alarms: ["errors", "latency"] } as const;

async function follow(args: AutoScalingDoubleArgs, context = testContext()) {
    await using double = await AutoScalingDouble.start(args);
    double.begin();
    return { end: await followRefresh(new AutoScalingClient(double.access), "web", refreshId, context), calls: double.calls };
}

describe("an instance refresh on AWS", () => {
    it("is begun so that a new instance serves before an old one leaves, and alarms end it", async () => {
        await using double = await AutoScalingDouble.start();
        assert.equal(await startRefresh(new AutoScalingClient(double.access), order), refreshId);
        assert.deepEqual(double.calls[0], {
            "Version": "2011-01-01",
            "Action": "StartInstanceRefresh", "AutoScalingGroupName": "web", "Strategy": "Rolling",
            "Preferences.MinHealthyPercentage": "100", "Preferences.MaxHealthyPercentage": "110", "Preferences.InstanceWarmup": "90",
            "Preferences.SkipMatching": "true",
            "Preferences.AlarmSpecification.Alarms.member.1": "errors", "Preferences.AlarmSpecification.Alarms.member.2": "latency",
        });
    });

    it("skips nothing where all are replaced, and names no alarms when there are none", async () => {
        await using double = await AutoScalingDouble.start();
        await startRefresh(new AutoScalingClient(double.access), { ...order, plan: { replace: "all", because: "" }, alarms: [] });
        const [call = {}] = double.calls;
        assert.equal(call["Preferences.SkipMatching"], "false");
        assert.deepEqual(Object.keys(call).filter(key => key.includes("Alarm")), []);
    });

    it("is the one that somebody else has begun at the same moment", async () => {
        await using double = await AutoScalingDouble.start({ steps: [{ Status: "InProgress" }] });
        double.begin();
        assert.equal(await startRefresh(new AutoScalingClient(double.access), order), refreshId);
    });

    it("runs while its last word is not said", async () => {
        for (const [Status, runs] of [["Pending", true], ["InProgress", true], ["Baking", true], ["Cancelling", true], ["Successful", false], ["Failed", false]] as const) {
            await using double = await AutoScalingDouble.start({ steps: [{ Status, PercentageComplete: 5 }] });
            double.begin();
            assert.deepEqual(await runningRefresh(new AutoScalingClient(double.access), "web"), runs ? { id: refreshId, status: Status, percentage: 5 } : undefined, Status);
        }
        await using none = await AutoScalingDouble.start();
        assert.equal(await runningRefresh(new AutoScalingClient(none.access), "web"), undefined);
    });

    it("is watched to its end, each change told once", async () => {
        const context = testContext();
        const { end } = await follow({
            steps: [
                { Status: "Pending" },
                { Status: "InProgress", PercentageComplete: 0, InstancesToUpdate: 4 },
                { Status: "InProgress", PercentageComplete: 0, InstancesToUpdate: 4 },
                { Status: "InProgress", PercentageComplete: 50, InstancesToUpdate: 2, StatusReason: "Waiting for instances to warm up before continuing." },
                { Status: "Successful", PercentageComplete: 100, InstancesToUpdate: 0 },
            ],
        }, context);
        assert.deepEqual(end, { id: refreshId, result: "succeeded" });
        assert.deepEqual(context.told, [
            "waiting to begin: 0 %", "replacing: 0 %, 4 instances to go", "replacing: 50 %, 2 instances to go: Waiting for instances to warm up before continuing.",
        ]);
        assert.deepEqual(context.clock.waits, [2, 2, 3, 2]);
    });

    it("that fails is told with its reason and the group's last failed activity", async () => {
        const { end } = await follow({
            steps: [{ Status: "Failed", StatusReason: "There are instances that failed to launch." }],
            failedActivity: { description: "Launching a new EC2 instance", message: "InsufficientInstanceCapacity in eu-central-1a" },
        });
        assert.deepEqual(end, {
            id: refreshId, result: "failed",
            reason: "There are instances that failed to launch. The group's last failed activity: Launching a new EC2 instance: InsufficientInstanceCapacity in eu-central-1a",
        });
    });

    it("that was cancelled, or rolled back, has not succeeded", async () => {
        for (const [Status, result] of [["Cancelled", "cancelled"], ["RollbackSuccessful", "rolledBack"], ["RollbackFailed", "failed"]] as const) {
            const { end } = await follow({ steps: [{ Status }] });
            assert.deepEqual(end, { id: refreshId, result });
        }
    });

    it("is watched on after the network was cut", async () => {
        await using double = await AutoScalingDouble.start({ steps: [{ Status: "InProgress" }, { Status: "Successful" }] });
        double.begin();
        double.dropNext = 2;
        const end = await followRefresh(new AutoScalingClient(double.access), "web", refreshId, testContext());
        assert.equal(end.result, "succeeded");
    });

    it("goes on after Ctrl-C, which says how to stop it", async () => {
        const context = testContext();
        context.clock.meanwhile(() => { context.interrupt(); });
        await assert.rejects(follow({ steps: [{ Status: "InProgress", PercentageComplete: 10 }] }, context), { name: "AbortError" });
        assert.deepEqual(context.told, [
            "replacing: 10 %",
            `warning: The instance refresh ${refreshId} goes on. The same command watches it again; aws autoscaling cancel-instance-refresh --auto-scaling-group-name web stops it.`,
        ]);
    });

    it("that Auto Scaling has forgotten is an error, not a success", async () => {
        await using double = await AutoScalingDouble.start();
        await assert.rejects(followRefresh(new AutoScalingClient(double.access), "web", refreshId, testContext()), {
            name: "DeliveryError", message: `Auto Scaling no longer knows the instance refresh ${refreshId} of web.`,
        });
    });
});
