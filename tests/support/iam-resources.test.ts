import assert from "node:assert/strict";
import { typesOf, voidActions } from "./iam-resources";

const group = "arn:aws:codedeploy:eu-central-1:111122223333:deploymentgroup:shop/dev";
const policy = (Action: string | readonly string[], Resource: string | readonly string[]) => JSON.stringify({ Statement: [{ Effect: "Allow", Action, Resource }] });

describe("table of what actions can be narrowed by", () => {
    it("tells an action that nobody may do, since AWS looks at no resource for it", () => {
        assert.deepEqual(voidActions(policy(["codedeploy:GetDeployment", "codedeploy:StopDeployment"], group)), [`codedeploy:StopDeployment on ${group}`]);
        assert.deepEqual(voidActions(policy("codedeploy:StopDeployment", "*")), []);
    });

    it("tells an action on resources of another type", () => {
        assert.deepEqual(voidActions(policy("codedeploy:GetApplication", [group])), [`codedeploy:GetApplication on ${group}`]);
        assert.deepEqual(voidActions(policy("s3:GetObject", "arn:aws:s3:::releases")), ["s3:GetObject on arn:aws:s3:::releases"]);
        assert.deepEqual(voidActions(policy("s3:ListBucket", "arn:aws:s3:::releases/*")), ["s3:ListBucket on arn:aws:s3:::releases/*"]);
        const logs = "arn:aws:logs:eu-central-1:111122223333:log-group:web";
        assert.deepEqual(voidActions(policy("logs:PutLogEvents", logs)), [`logs:PutLogEvents on ${logs}`]);
        assert.deepEqual(voidActions(policy("logs:PutLogEvents", `${logs}:*`)), []);
    });

    it("lets a statement be about several types, each for some of its actions", () => {
        const application = group.replace("deploymentgroup:shop/dev", "application:shop");
        assert.deepEqual(voidActions(policy(["codedeploy:GetApplication", "codedeploy:GetDeployment"], [group, application])), []);
    });

    it("knows nothing of what nobody has looked up", () => {
        assert.throws(() => typesOf("codedeploy:DeleteApplication"), { message: /^Nobody has looked up yet which resources codedeploy:DeleteApplication takes; / });
    });
});
