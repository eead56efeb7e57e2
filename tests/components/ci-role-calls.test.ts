import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { CiRole, type CiRoleArgs } from "../../components";
import { accountId, region } from "../../rehearsal/program/stand-ins";
import { awsCalls } from "../support/aws-calls";
import { allows, type Request } from "../support/iam";
import { registered } from "../support/registered";

const bucket = "arn:aws:s3:::releases-1";
const repositoryArn = `arn:aws:ecr:${region}:${accountId}:repository/shop`;
const pipelineArn = `arn:aws:codepipeline:${region}:${accountId}:web-deploy-pipeline-1`;
const buildPipelineArn = `arn:aws:codepipeline:${region}:${accountId}:web-build-pipeline-1`;
const deployments = { applicationName: "shop-1", deploymentGroupName: "dev", deploymentConfigName: "CodeDeployDefault.HalfAtATime" };

/** A write that overwrites nothing that the writer has not seen. */
function put(key: string, header?: string): Omit<Request, "action"> {
    return { resource: `${bucket}/${key}`, ...(header && { context: { [header]: "1" } }) };
}

/** What commands call these for: of a service, or of the one call where that is for something else. */
const requests: Readonly<Record<string, readonly Omit<Request, "action">[]>> = {
    "autoscaling": [{}],
    "cloudwatch": [{ resource: `arn:aws:cloudwatch:${region}:${accountId}:alarm:errors` }],
    // AWS looks at no resource of these.
    "codedeploy:BatchGetDeploymentTargets": [{}],
    "codedeploy:ListDeploymentTargets": [{}],
    "codedeploy:StopDeployment": [{}],
    "codedeploy": [{ resource: `arn:aws:codedeploy:${region}:${accountId}:deploymentgroup:shop-1/dev` }],
    "codepipeline": [{ resource: pipelineArn }],
    "codepipeline:StartPipelineExecution": [{ resource: buildPipelineArn }],
    "ecr": [{ resource: repositoryArn }],
    "ecr:GetAuthorizationToken": [{}],
    "elasticloadbalancing": [{}],
    "s3:GetObject": ["releases/0123456789ab.zip", "releases/current.zip", "journal.json", "lock.json"].map(key => ({ resource: `${bucket}/${key}` })),
    "s3:ListBucket": [{ resource: bucket }],
    "s3:PutObject": [put("journal.json", "s3:if-match"), put("journal.json", "s3:if-none-match")],
    "ssm:GetParametersByPath": [{ resource: `arn:aws:ssm:${region}:${accountId}:parameter/gapless/shop/dev-eu` }],
};

const pastThePipeline = ["codedeploy:CreateDeployment", "codedeploy:StopDeployment"];
const startsBuilds = ["codepipeline:StartPipelineExecution"];
const pushes = ["ecr:BatchGetImage", "ecr:GetAuthorizationToken", "ecr:PutImage"];
// The failure page does without the container's log: who may send commands to instances may do anything there.
const neverGiven = ["ssm:GetCommandInvocation", "ssm:SendCommand"];
// Of what these import to see whether instances are being replaced, `refresh-instances` alone calls this.
const replacesInstances = ["autoscaling:DescribeScalingActivities", "autoscaling:StartInstanceRefresh"];

const releases = [put("releases/0123456789ab.zip", "s3:if-none-match"), put("releases/current.zip")];
const lock = [put("lock.json", "s3:if-match"), put("lock.json", "s3:if-none-match")];

/** `pulumi up` is no CI's. */
const callsOf = (command: string) => awsCalls(`cli/commands/${command}.ts`, ["cli/automation/"]);

describe("CiRole for commands", () => {
    const cases: readonly [who: string, args: Partial<CiRoleArgs>, commands: readonly string[], without: readonly string[], writes: readonly Omit<Request, "action">[]][] = [
        ["CI that builds", {}, ["publish", "deploy", "status", "history"], [...pastThePipeline, ...startsBuilds], releases],
        ["CI that has builds made", { buildPipelineArn }, ["deploy", "status", "history"], [...pastThePipeline, ...pushes], []],
        ["CI that deploys past the pipeline", { mayDeploy: true }, ["publish", "deploy", "roll", "rollback", "abort", "status", "history"], startsBuilds, [...releases, ...lock]],
        ["CI that does both", { mayDeploy: true, buildPipelineArn }, ["publish", "deploy", "roll", "rollback", "abort", "status", "history"], [], [...releases, ...lock]],
    ];
    for (const [who, args, commands, without, writes] of cases) {
        it(`lets ${who} call what they call: ${commands.join(", ")}`, async () => {
            const made = await registered(() => {
                const principal = { arn: `arn:aws:iam::${accountId}:role/jenkins` };
                new CiRole("ci", { project: "shop", stack: "dev-eu", principal, releaseBucketArn: bucket, repositoryArn, pipelineArn, deployments, ...args });
            });
            const policy = made.named("ci-policy").inputs["policy"];
            const refused = commands.flatMap(command => callsOf(command).filter(call => ![...without, ...neverGiven, ...replacesInstances].includes(call)).flatMap(action => {
                const about = requests[action] ?? requests[action.split(":")[0] ?? ""] ?? assert.fail(`nobody has said what ${command} calls ${action} for`);
                return about.map(request => ({ action, ...request })).filter(request => !allows(policy, request)).map(({ resource = "*" }) => `${command}: ${action} on ${resource}`);
            }));
            assert.deepEqual(refused, []);
            for (const request of [...releases, ...lock]) {
                assert.equal(allows(policy, { action: "s3:PutObject", ...request }), writes.includes(request), JSON.stringify(request));
            }
        });
    }

    it("is held to every call that there is", () => {
        const files = (folder: string) => readdirSync(join(import.meta.dirname, "../..", folder)).filter(file => file.endsWith(".ts"));
        const calls = files("release/aws").flatMap(file => awsCalls(`release/aws/${file}`));
        const commands = files("cli/commands").flatMap(file => callsOf(file.replace(/\.ts$/, "")));
        assert.deepEqual([...new Set(calls)].filter(call => !commands.includes(call)), ["tag:GetResources"], "which destroy asks, by the folder that is not followed");
        assert.ok(callsOf("deploy").length > 20);
    });
});
