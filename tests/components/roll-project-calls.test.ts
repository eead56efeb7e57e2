import assert from "node:assert/strict";
import { allows } from "../support/iam";
import type { Registered } from "../support/registered";
import { callsOf, distributionArn, put, refusedOf, repositoryArn } from "./called-requests";
import { blueGreen, buildTwoColours, listenerArn, ruleArn } from "./deploy-pipeline-sample";

describe("the build that rolls two colours", () => {
    for (const [where, weights, never] of [
        ["in a listener", { listenerArn }, "elasticloadbalancing:ModifyRule"],
        ["in a rule", { ruleArn }, "elasticloadbalancing:ModifyListener"],
    ] as const) {
        describe(`with the weights ${where}`, () => {
            let made: Registered;
            before(async () => { made = await buildTwoColours({ green: { weights, roll: { ...blueGreen.roll, repositoryArn, distributionArn } } }); });

            /** The policy as it is with the names that the requests have. */
            const policy = () => String(made.named("web-roll-policy").inputs["policy"])
                .replaceAll(String(made.named("web-application").outputs["name"]), "shop-1")
                .replaceAll("web-pipeline-*", "web-deploy-pipeline-*");

            it("may call what its command calls", () => {
                assert.deepEqual(refusedOf(policy(), ["roll"], [never], true), []);
                assert.ok(callsOf("roll").length > 25);
            });

            it("may do nothing else, but for what the build itself does, and CodeDeploy asks for when it deploys", () => {
                const { Statement } = JSON.parse(policy()) as { Statement: readonly { Action: string | readonly string[] }[] };
                const called = callsOf("roll");
                assert.deepEqual([...new Set(Statement.flatMap(({ Action }) => Action))].filter(action => !called.includes(action)).sort(), [
                    "codedeploy:GetApplicationRevision", "codedeploy:GetDeploymentConfig", "codedeploy:RegisterApplicationRevision",
                    "logs:CreateLogStream", "logs:PutLogEvents", "s3:GetObjectVersion", "s3:ListBucket",
                ]);
            });

            it("brings no releases", () => {
                for (const about of [put("releases/0123456789ab.zip", "s3:if-none-match"), put("releases/current.zip")]) {
                    assert.equal(allows(policy(), { action: "s3:PutObject", ...about }), false, about.resource);
                }
            });
        });
    }
});
