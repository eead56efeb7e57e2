import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { AutoscaledService, type HostArgs, TaggedFleet } from "../../components";
import { allows, type Request } from "../support/iam";
import { registered } from "../support/registered";
import { serviceArgs, taggedArgs } from "./sample";

const secret = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:hub-AbCdEf";
const arn = (service: string, resource: string, account = "111122223333") => `arn:aws:${service}:eu-central-1:${account}:${resource}`;
const group = (name: string, account?: string) => arn("autoscaling", `autoScalingGroup:1-2:autoScalingGroupName/${name}`, account);
const report = (resource: string): Request => ({ action: "autoscaling:CompleteLifecycleAction", resource });
const metric = (namespace: string): Request => ({ action: "cloudwatch:PutMetricData", context: { "cloudwatch:namespace": namespace } });
const commands = ["GetDeploymentSpecification", "PollHostCommand", "PutHostCommandAcknowledgement", "PutHostCommandComplete"]
    .map(action => ({ action: `codedeploy-commands-secure:${action}` }));
const association = "association/8dfe3659-4309-493a-8755-0123456789ab";

/** What every host may do. */
const own: readonly Request[] = [
    { action: "s3:GetObject", resource: "arn:aws:s3:::releases-1/releases/0123456789ab.zip" },
    { action: "s3:GetObjectVersion", resource: "arn:aws:s3:::releases-1/web-pipeline/release/AbCdEf" },
    { action: "ecr:GetAuthorizationToken" },
    ...["BatchCheckLayerAvailability", "BatchGetImage", "GetDownloadUrlForLayer"].map(action => ({ action: `ecr:${action}`, resource: arn("ecr", "repository/web") })),
    metric("Gapless"),
    ...["ssm:UpdateInstanceInformation", "ssmmessages:CreateControlChannel", "ssmmessages:CreateDataChannel", "ssmmessages:OpenControlChannel", "ssmmessages:OpenDataChannel"]
        .map(action => ({ action })),
];

/** What no host may do. */
const foreign: readonly Request[] = [
    { action: "s3:PutObject", resource: "arn:aws:s3:::releases-1/releases/0123456789ab.zip" },
    { action: "s3:GetObject", resource: "arn:aws:s3:::releases-2/releases/0123456789ab.zip" },
    { action: "s3:GetObject", resource: "arn:aws:s3:::releases-10/releases/0123456789ab.zip" },
    { action: "s3:ListBucket", resource: "arn:aws:s3:::releases-1" },
    { action: "ecr:BatchGetImage", resource: arn("ecr", "repository/web-2") },
    { action: "ecr:PutImage", resource: arn("ecr", "repository/web") },
    { action: "logs:PutLogEvents", resource: arn("logs", "log-group:other:log-stream:i-1") },
    { action: "logs:CreateLogGroup", resource: arn("logs", "log-group:other") },
    metric("AWS/EC2"),
    metric("Gapless/other"),
    { action: "cloudwatch:PutMetricData" },
    { action: "cloudwatch:PutMetricAlarm", context: { "cloudwatch:namespace": "Gapless" } },
    { action: "ssm:GetParameter", resource: arn("ssm", "parameter/any") },
    { action: "ssm:SendCommand", resource: arn("ec2", "instance/i-2") },
    { action: "ssm:StartSession", resource: arn("ec2", "instance/i-2") },
    { action: "secretsmanager:GetSecretValue", resource: arn("secretsmanager", "secret:other-AbCdEf") },
    { action: "secretsmanager:ListSecrets" },
    { action: "codedeploy:CreateDeployment" },
    { action: "elasticloadbalancing:RegisterTargets" },
    { action: "ec2:TerminateInstances", resource: arn("ec2", "instance/i-2") },
    ...["DescribeAssociation", "ListInstanceAssociations"].map(action => ({ action: `ssm:${action}`, resource: arn("ec2", "instance/i-1", "999999999999") })),
    report(group("other-group-0a1b2c3")),
    report(group("web-group-0a1b2c3", "999999999999")),
];

const builds: Record<string, (args: Partial<HostArgs>) => Promise<{ policy: unknown; logGroupArn: string }>> = {
    "an autoscaled host": async args => policyOf(() => { new AutoscaledService("web", { ...serviceArgs, ...args }); }),
    "a tagged host": async args => policyOf(() => { new TaggedFleet("web", { ...taggedArgs, ...args }); }),
};

for (const [what, policyWith] of Object.entries(builds)) {
    describe(`${what}, like the other,`, () => {
        let policy: unknown;
        let logGroupArn: string;
        before(async () => { ({ policy, logGroupArn } = await policyWith({})); });

        it("may do what a release and its boot need", () => {
            const logs = ["CreateLogStream", "PutLogEvents"].map(action => ({ action: `logs:${action}`, resource: `${logGroupArn}:log-stream:i-1` }));
            all(policy, [...own, ...logs], true);
        });

        it("may not do it to a neighbour's things, nor anything else", () => { all(policy, foreign, false); });

        it("knows no Amazon ECR when its images lie elsewhere", async () => {
            const { policy: elsewhere } = await policyWith({ repositoryArns: pulumi.output<string[]>([]) });
            all(elsewhere, own.filter(({ action }) => action.startsWith("ecr:")), false);
            all(elsewhere, own.filter(({ action }) => !action.startsWith("ecr:")), true);
        });

        it("may read the secret of Docker Hub when there is one, and no other", async () => {
            const read = (resource: string) => ({ action: "secretsmanager:GetSecretValue", resource });
            all(policy, [read(secret)], false);
            const { policy: informed } = await policyWith({ dockerHubSecretArn: secret });
            all(informed, [read(secret)], true);
            all(informed, [read(`${secret}2`), read(arn("secretsmanager", "secret:hub-other")), { action: "secretsmanager:PutSecretValue", resource: secret }], false);
        });

        it("may poll CodeDeploy's own endpoint when it must", async () => {
            all(policy, commands, false);
            const { policy: behind } = await policyWith({ throughEndpoints: true });
            all(behind, commands, true);
            all(behind, [{ action: "codedeploy-commands-secure:Other" }, { action: "codedeploy:CreateDeployment" }], false);
        });
    });
}

describe("an autoscaled host", () => {
    const build = builds["an autoscaled host"] as (typeof builds)[string];
    const ownGroup = group("web-group-0a1b2c3");

    it("may find its group and report to it", async () => {
        all((await build({})).policy, [{ action: "autoscaling:DescribeAutoScalingInstances" }, report(ownGroup)], true);
    });

    it("may report to its own group only, told by the tags, when other stacks of the account have one of the same name", async () => {
        const { policy } = await build({ launchTags: { project: "shop", stage: "dev" } });
        const from = (stage: string) => ({ ...report(ownGroup), context: { "aws:ResourceTag/project": "shop", "aws:ResourceTag/stage": stage } });
        all(policy, [from("dev")], true);
        all(policy, [from("prod")], false);
    });

    it("is asked nothing by State Manager", async () => {
        all((await build({})).policy, [
            { action: "ssm:ListInstanceAssociations", resource: arn("ec2", "instance/i-1") },
            { action: "ssm:GetDocument", resource: "arn:aws:ssm:eu-central-1::document/AWS-RunShellScript" },
        ], false);
    });
});

describe("a tagged host", () => {
    const build = builds["a tagged host"] as (typeof builds)[string];

    it("knows no Auto Scaling", async () => {
        all((await build({})).policy, [{ action: "autoscaling:DescribeAutoScalingInstances" }, report(group("web-group-0a1b2c3"))], false);
    });

    it("may answer State Manager whether it has booted, and read only the document that asks", async () => {
        const { policy } = await build({});
        const answers = ["DescribeAssociation", "ListInstanceAssociations", "UpdateInstanceAssociationStatus"].flatMap(action => [
            { action: `ssm:${action}`, resource: arn("ec2", "instance/i-1") }, { action: `ssm:${action}`, resource: arn("ssm", association) },
        ]);
        const read = (resource: string) => ({ action: "ssm:GetDocument", resource });
        all(policy, [...answers, read("arn:aws:ssm:eu-central-1::document/AWS-RunShellScript")], true);
        all(policy, [
            read(arn("ssm", "document/secrets")), read("arn:aws:ssm:eu-central-1::document/AWS-RunPatchBaseline"),
            read(arn("ssm", "document/AWS-RunShellScript", "999999999999")),
            ...["ssm:DescribeAssociation", "ssm:UpdateInstanceAssociationStatus"].flatMap(action => [
                { action, resource: arn("ssm", "document/AWS-RunShellScript") }, { action, resource: arn("ssm", "managed-instance/mi-1") },
            ]),
            { action: "ssm:DescribeAssociation", resource: arn("ec2", "volume/vol-1") },
            { action: "ssm:CreateAssociation", resource: arn("ec2", "instance/i-1") }, { action: "ssm:DeleteAssociation", resource: arn("ssm", association) },
            { action: "ssm:UpdateInstanceAssociationStatus", resource: arn("ssm", association, "999999999999") },
        ], false);
    });
});

function all(policy: unknown, requests: readonly Request[], expected: boolean): void {
    for (const request of requests) assert.equal(allows(policy, request), expected, JSON.stringify(request));
}

async function policyOf(program: () => void): Promise<{ policy: unknown; logGroupArn: string }> {
    const made = await registered(program);
    return { policy: made.named("web-instance-policy").inputs["policy"], logGroupArn: String(made.named("web-logs").outputs["arn"]) };
}
