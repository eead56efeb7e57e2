import assert from "node:assert/strict";
import { sendTo, weightsIn } from "../../../../release/aws/blue-green/weights";
import { fakeWork } from "./fake-work";

const single = { Type: "forward" as const, Order: 1, TargetGroupArn: "blue-arn" };

describe("listener that knows one target group yet", () => {
    for (const [title, action] of [
        ["without a weight", { ...single, ForwardConfig: { TargetGroups: [{ TargetGroupArn: "blue-arn" }] } }],
        ["with a weight of 1, as AWS adds it", { ...single, ForwardConfig: { TargetGroups: [{ TargetGroupArn: "blue-arn", Weight: 1 }] } }],
        ["by its name alone", single],
    ] as const) {
        it(`sends all there, ${title}, until a shift writes both groups`, async () => {
            let DefaultActions: readonly object[] = [action];
            const { work, changes } = fakeWork({
                answers: {
                    DescribeListeners: () => ({ Listeners: [{ DefaultActions }] }),
                    ModifyListener: ({ DefaultActions: given }) => { DefaultActions = given as object[]; return {}; },
                },
            });
            assert.deepEqual(weightsIn([action] as never, work.stage.blueGreen), { blue: 100, green: 0 });
            await sendTo(work, "blue", 100);
            assert.deepEqual(changes(), []);
            await sendTo(work, "green", 10);
            assert.deepEqual(changes(), ["ModifyListener"]);
            assert.deepEqual(JSON.parse(JSON.stringify(DefaultActions)), [{
                Type: "forward", Order: 1,
                ForwardConfig: {
                    TargetGroups: [{ TargetGroupArn: "blue-arn", Weight: 90 }, { TargetGroupArn: "green-arn", Weight: 10 }], TargetGroupStickinessConfig: { Enabled: false },
                },
            }]);
        });
    }

    it("has no requests to send where its only group weighs nothing", () => {
        const { work } = fakeWork();
        assert.deepEqual(weightsIn([{ Type: "forward", ForwardConfig: { TargetGroups: [{ TargetGroupArn: "blue-arn", Weight: 0 }] } }], work.stage.blueGreen), { blue: 0, green: 0 });
    });
});
