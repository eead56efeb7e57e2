import assert from "node:assert/strict";
import { FlowLogs } from "../../components";
import { accountId, region } from "../../rehearsal/program/stand-ins";
import { allows } from "../support/iam";
import { voidActions } from "../support/iam-resources";
import { registered, type Registered } from "../support/registered";

describe("FlowLogs", () => {
    let made: Registered;
    before(async () => { made = await registered(() => { new FlowLogs("flows", { vpcId: "vpc-1", retentionDays: 90 }); }); });

    it("log what the network refused, for as long as asked", () => {
        assert.deepEqual(made.named("flows-refused").inputs, {
            vpcId: "vpc-1",
            trafficType: "REJECT",
            logDestinationType: "cloud-watch-logs",
            logDestination: made.named("flows-group").outputs["arn"],
            iamRoleArn: made.named("flows-role").outputs["arn"],
        });
        assert.deepEqual(made.named("flows-group").inputs, { retentionInDays: 90 });
        assert.deepEqual(made.named("flows").outputs, { logGroupName: made.named("flows-group").outputs["name"] });
    });

    it("keep the log for a year by default", async () => {
        const all = await registered(() => { new FlowLogs("flows", { vpcId: "vpc-1" }); });
        assert.equal(all.named("flows-group").inputs["retentionInDays"], 365);
    });

    it("begin once the role may write", () => {
        assert.ok(made.comesAfter("flows-refused", "flows-policy"));
    });

    describe("the role", () => {
        const trusted = (service: string, context: Record<string, string>) =>
            allows(made.named("flows-role").inputs["assumeRolePolicy"], { action: "sts:AssumeRole", service, context });
        const flowLog = (account: string, kind = "vpc-flow-log/fl-1") => ({
            "aws:SourceAccount": account, "aws:SourceArn": `arn:aws:ec2:${region}:${account}:${kind}`,
        });

        it("is for flow logs of the account", () => {
            assert.equal(trusted("vpc-flow-logs.amazonaws.com", flowLog(accountId)), true);
            assert.equal(trusted("vpc-flow-logs.amazonaws.com", flowLog("999999999999")), false);
            assert.equal(trusted("vpc-flow-logs.amazonaws.com", flowLog(accountId, "instance/i-1")), false);
            assert.equal(trusted("vpc-flow-logs.amazonaws.com", { ...flowLog(accountId), "aws:SourceAccount": "999999999999" }), false);
            assert.equal(trusted("ec2.amazonaws.com", flowLog(accountId)), false);
        });

        const may = (action: string, resource: string) => allows(made.named("flows-policy").inputs["policy"], { action, resource });
        const group = () => String(made.named("flows-group").outputs["arn"]);

        it("writes into its own log group", () => {
            assert.equal(may("logs:CreateLogStream", `${group()}:log-stream:eni-1-reject`), true);
            assert.equal(may("logs:PutLogEvents", `${group()}:log-stream:eni-1-reject`), true);
            assert.equal(may("logs:DescribeLogStreams", group()), true);
            assert.equal(may("logs:DescribeLogStreams", `${group()}:log-stream:`), true);
        });

        it("writes into no other, makes none and deletes none", () => {
            for (const action of ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"]) {
                assert.equal(may(action, `${group()}-other:log-stream:eni-1-reject`), false, action);
            }
            for (const action of ["logs:CreateLogGroup", "logs:DeleteLogGroup", "logs:GetLogEvents", "logs:PutRetentionPolicy"]) {
                assert.equal(may(action, group()), false, action);
            }
        });

        it("lists log groups, for which AWS looks at no resource", () => {
            assert.equal(may("logs:DescribeLogGroups", "*"), true);
            assert.deepEqual(voidActions(made.named("flows-policy").inputs["policy"]), []);
        });
    });
});
