import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { type Architecture, architectureOf, BuildPipeline, type BuildPipelineArgs } from "../../components";
import { accountId, region } from "../../rehearsal/program/stand-ins";
import { allows } from "../support/iam";
import { registered, type Registered } from "../support/registered";
import { checkFailuresAreTold } from "./pipeline-notices";
import { buildArgs } from "./sample";

const secretArn = `arn:aws:secretsmanager:${region}:${accountId}:secret:docker-hub-AbCdEf`;
const topicArn = `arn:aws:sns:${region}:${accountId}:notices`;
const connectionArn = `arn:aws:codeconnections:${region}:${accountId}:connection/1`;

const build = (args: Partial<BuildPipelineArgs> = {}): Promise<Registered> =>
    registered(() => { new BuildPipeline("web", { ...buildArgs, connectionArn, ...args }); });

/** With a connection of its own. */
const connect = (name: string): Promise<Registered> => registered(() => { new BuildPipeline(name, buildArgs); });

describe("BuildPipeline", () => {
    let made: Registered;
    before(async () => { made = await build(); });

    it("takes each push to the branch as a zip and has it built, one after the other", () => {
        assert.deepEqual(made.named("web-pipeline").inputs, {
            roleArn: made.named("web-codepipeline-role").outputs["arn"],
            pipelineType: "V2",
            executionMode: "QUEUED",
            artifactStores: [{ type: "S3", location: "builds-1" }],
            triggers: [{
                providerType: "CodeStarSourceConnection",
                gitConfiguration: { sourceActionName: "Source", pushes: [{ branches: { includes: ["main"] } }] },
            }],
            stages: [
                {
                    name: "Source",
                    actions: [{
                        owner: "AWS", version: "1", name: "Source", category: "Source", provider: "CodeStarSourceConnection", outputArtifacts: ["source"],
                        configuration: { ConnectionArn: connectionArn, FullRepositoryId: "acme/shop", BranchName: "main", OutputArtifactFormat: "CODEBUILD_CLONE_REF" },
                    }],
                },
                {
                    name: "Build",
                    actions: [{
                        owner: "AWS", version: "1", name: "Build", category: "Build", provider: "CodeBuild", namespace: "BuildVariables",
                        inputArtifacts: ["source"], outputArtifacts: ["release"],
                        configuration: { ProjectName: made.named("web-project").outputs["name"] },
                    }],
                },
            ],
        });
    });

    it("waits for a change of the given files when there are some", async () => {
        const made = await build({ branch: "release", paths: ["app/**", "Dockerfile"] });
        const [trigger] = made.named("web-pipeline").inputs["triggers"] as { gitConfiguration: { pushes: unknown } }[];
        assert.deepEqual(trigger?.gitConfiguration.pushes, [{ branches: { includes: ["release"] }, filePaths: { includes: ["app/**", "Dockerfile"] } }]);
    });

    it("builds in a privileged container for the instances' processors, with a cache and logs that do not stay for ever", () => {
        assert.deepEqual(made.named("web-project").inputs, {
            serviceRole: made.named("web-codebuild-role").outputs["arn"],
            source: { type: "CODEPIPELINE", buildspec: "app-scripts/buildspec.dev.yml" },
            artifacts: { type: "CODEPIPELINE" },
            environment: {
                type: "LINUX_CONTAINER",
                image: "aws/codebuild/amazonlinux-x86_64-standard:5.0",
                computeType: "BUILD_GENERAL1_SMALL",
                privilegedMode: true,
                environmentVariables: [{ name: "GAPLESS_STACK", value: "dev-eu" }],
            },
            buildTimeout: 30,
            cache: { type: "S3", location: "builds-1/cache" },
            logsConfig: { cloudwatchLogs: { groupName: made.named("web-logs").outputs["name"] } },
        });
        assert.deepEqual(made.named("web-logs").inputs, { retentionInDays: 30 });
    });

    it("builds for arm64 on arm64, with as much machine and time as it is given", async () => {
        const made = await build({ architecture: architectureOf("t4g.small") as Architecture, compute: "large", timeoutMinutes: 90, logRetentionDays: 7 });
        const { environment, buildTimeout } = made.named("web-project").inputs as { environment: Record<string, unknown>; buildTimeout: number };
        const { type, image, computeType } = environment;
        assert.deepEqual({ type, image, computeType, buildTimeout }, {
            type: "ARM_CONTAINER", image: "aws/codebuild/amazonlinux-aarch64-standard:3.0", computeType: "BUILD_GENERAL1_LARGE", buildTimeout: 90,
        });
        assert.deepEqual(made.named("web-logs").inputs, { retentionInDays: 7 });
    });

    it("hands the account at Docker Hub to builds by its secret, never in clear", async () => {
        const made = await build({ dockerHubSecretArn: secretArn });
        const { environmentVariables } = made.named("web-project").inputs["environment"] as { environmentVariables: unknown[] };
        assert.deepEqual(environmentVariables.slice(1), [
            { name: "DOCKER_HUB_USERNAME", type: "SECRETS_MANAGER", value: `${secretArn}:username` },
            { name: "DOCKER_HUB_PASSWORD", type: "SECRETS_MANAGER", value: `${secretArn}:password` },
        ]);
    });

    it("starts its first build when all that a build needs is there", async () => {
        const made = await registered(() => {
            const deployment = new aws.ssm.Parameter("deployment", { type: "String", value: "ready" });
            new BuildPipeline("web", buildArgs, { dependsOn: deployment });
        });
        for (const earlier of ["web-project", "web-codebuild-policy", "web-codepipeline-policy", "deployment"]) {
            assert.equal(made.comesAfter("web-pipeline", earlier), true, earlier);
        }
    });

    describe("its connection", () => {
        it("is the given one", () => {
            assert.deepEqual(made.ofType("aws:codeconnections/connection:Connection"), []);
            assert.equal(made.named("web").outputs["connectionArn"], connectionArn);
        });

        it("is created without one, and is reported as pending", async () => {
            const made = await connect("web");
            assert.deepEqual(made.named("web-github").inputs, { providerType: "GitHub" });
            const { connectionArn, connectionStatus } = made.named("web").outputs;
            assert.deepEqual({ connectionArn, connectionStatus }, { connectionArn: made.named("web-github").outputs["arn"], connectionStatus: "PENDING" });
        });
    });

    it("tells the topic, if there is one, of builds that fail", async () => {
        assert.deepEqual(made.names().filter(name => /failures|notice/.test(name)), []);
        checkFailuresAreTold(await build({ notificationTopicArn: topicArn }), topicArn);
    });

    describe("each role", () => {
        const trusted = (role: string, service: string, context: Record<string, string>) =>
            allows(made.named(role).inputs["assumeRolePolicy"], { action: "sts:AssumeRole", service, context });

        it("of CodeBuild is for its one project", () => {
            const arn = String(made.named("web-project").outputs["arn"]);
            const project = (arn: string, account = accountId) => ({ "aws:SourceAccount": account, "aws:SourceArn": arn });
            assert.equal(trusted("web-codebuild-role", "codebuild.amazonaws.com", project(arn)), true);
            assert.equal(trusted("web-codebuild-role", "codebuild.amazonaws.com", project(arn.replace("web-project", "other-project"))), false);
            assert.equal(trusted("web-codebuild-role", "codebuild.amazonaws.com", project(arn, "999999999999")), false);
            assert.equal(trusted("web-codebuild-role", "codepipeline.amazonaws.com", project(arn)), false);
        });

        it("of CodePipeline is for this account", () => {
            assert.equal(trusted("web-codepipeline-role", "codepipeline.amazonaws.com", { "aws:SourceAccount": accountId }), true);
            assert.equal(trusted("web-codepipeline-role", "codepipeline.amazonaws.com", { "aws:SourceAccount": "999999999999" }), false);
            assert.equal(trusted("web-codepipeline-role", "codebuild.amazonaws.com", { "aws:SourceAccount": accountId }), false);
        });
    });

    it("tells the names that an operator needs", () => {
        const { pipelineName, pipelineArn, projectName } = made.named("web").outputs;
        assert.deepEqual({ pipelineName, pipelineArn, projectName }, {
            pipelineName: made.named("web-pipeline").outputs["name"],
            pipelineArn: made.named("web-pipeline").outputs["arn"],
            projectName: made.named("web-project").outputs["name"],
        });
    });

    it("refuses all wrong arguments in one error", async () => {
        await assert.rejects(build({ repository: "shop", branch: "", paths: new Array<string>(9).fill("a"), timeoutMinutes: 4 }), {
            message:
                "BuildPipeline 'web': repository must be owner/name, got 'shop'; branch must not be empty; " +
                "paths must be 8 or fewer, which is what CodePipeline takes, got 9; timeoutMinutes must be 5 to 480, got 4",
        });
        await assert.rejects(build({ timeoutMinutes: 481 }), /got 481/);
    });

    it("refuses a name that leaves a connection of its own too long a one", async () => {
        const name = "a-name-of-eighteen";
        await assert.rejects(connect(name), { message: `BuildPipeline '${name}': its name must be 17 characters or fewer, or that of the connection is too long` });
        assert.equal((await connect(name.slice(1))).named(`${name.slice(1)}-github`).name.length, 24);
    });
});
