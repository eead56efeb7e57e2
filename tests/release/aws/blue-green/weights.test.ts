import assert from "node:assert/strict";
import type { Action } from "@aws-sdk/client-elastic-load-balancing-v2";
import { servingColour, weightsIn } from "../../../../release/aws/blue-green/weights";
import type { BlueGreen } from "../../../../release/stage";

const blueGreen = { blue: { targetGroupArn: "blue-arn" }, green: { targetGroupArn: "green-arn" } } as BlueGreen;

function forward(...weights: readonly (readonly [string, number | undefined])[]): Action {
    return { Type: "forward", ForwardConfig: { TargetGroups: weights.map(([TargetGroupArn, Weight]) => ({ TargetGroupArn, ...(Weight !== undefined && { Weight }) })) } };
}

describe("weights of a load balancer", () => {
    for (const [title, action, expected] of [
        ["are percents already", forward(["blue-arn", 90], ["green-arn", 10]), { blue: 90, green: 10 }],
        ["are shares of their sum, whatever that is", forward(["blue-arn", 3], ["green-arn", 1]), { blue: 75, green: 25 }],
        ["are none where both are 0", forward(["blue-arn", 0], ["green-arn", 0]), { blue: 0, green: 0 }],
        ["count groups of somebody else", forward(["blue-arn", 1], ["other-arn", 1]), { blue: 50, green: 0 }],
        ["are 0 where AWS says none", forward(["blue-arn", 1], ["green-arn", undefined]), { blue: 100, green: 0 }],
        ["are all of the one group of an action that knows no weights", { Type: "forward", TargetGroupArn: "green-arn" } as Action, { blue: 0, green: 100 }],
    ] as const) {
        it(title, () => {
            assert.deepEqual(weightsIn([action], blueGreen), expected);
        });
    }

    it("are read behind what else a listener does first", () => {
        assert.deepEqual(weightsIn([{ Type: "authenticate-oidc" }, forward(["blue-arn", 0], ["green-arn", 100])], blueGreen), { blue: 0, green: 100 });
    });

    it("are nobody's where nothing is forwarded", () => {
        assert.deepEqual(weightsIn([{ Type: "fixed-response" }], blueGreen), { blue: 0, green: 0 });
    });

    it("say which colour serves only when it has all", () => {
        assert.equal(servingColour({ blue: 0, green: 100 }, "dev"), "green");
        for (const weights of [{ blue: 99, green: 1 }, { blue: 0, green: 0 }]) {
            assert.throws(() => servingColour(weights, "dev"), { kind: "needsPerson", message: new RegExp(`sends ${weights.blue} % of the requests of dev to blue and ${weights.green} % to green`) });
        }
    });
});
