import assert from "node:assert/strict";
import { AwsRollDriver } from "../../../../release/aws/blue-green/aws-driver";
import type { Pace } from "../../../../release/blue-green/drive";
import { beginRoll } from "../../../../release/blue-green/machine";
import type { Step } from "../../../../release/blue-green/step";
import { fakeWork, groupAnswer, weightsAnswer } from "./fake-work";

/** What a step that would take instances away changes while the load balancer sends requests to both colours. */
async function tried(name: "grow" | "shrink" | "retire" | "rearm") {
    const { work, changes } = fakeWork({ answers: { DescribeListeners: weightsAnswer(50, 50), DescribeAutoScalingGroups: groupAnswer(2, "InService", "InService") } });
    const pace: Pace = work.pace;
    const error = await new AwsRollDriver(work).carryOut({ name } satisfies Step, beginRoll(work.roll), pace).then(() => undefined, (reason: unknown) => (reason as Error).message);
    return { error, changes: changes() };
}

describe("colour that has requests", () => {
    for (const [name, colour] of [["grow", "green"], ["shrink", "green"], ["rearm", "green"], ["retire", "blue"]] as const) {
        it(`keeps its instances, and gets no end, when it meets a step that says ${name}`, async () => {
            assert.deepEqual(await tried(name), { error: `${colour} gets 50 % of the requests, so its instances are left alone`, changes: [] });
        });
    }
});
