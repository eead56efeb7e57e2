import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Architecture } from "../release/architecture";
import { sourceAction } from "../release/pipeline-names";
import { type Account, accountOf } from "./account";
import { after } from "./after";
import { artifacts, buildPipelinePolicy, buildPolicy } from "./build-policies";
import { cachePrefix } from "./build-store";
import { check } from "./check";
import { tellOfFailures } from "./pipeline-notices";
import { aws1 } from "./pipeline-stages";
import { makeRole, onBehalfOf } from "./role";
import type { StackNames } from "./stage-policies";

const defaultTimeoutMinutes = 30;

/** Machines of CodeBuild, by size: https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-compute-types.html */
const computeTypes = { small: "BUILD_GENERAL1_SMALL", medium: "BUILD_GENERAL1_MEDIUM", large: "BUILD_GENERAL1_LARGE" } as const;

/** Images of CodeBuild with Docker, buildx and Node.js: https://docs.aws.amazon.com/codebuild/latest/userguide/ec2-compute-images.html */
const environments = {
    x86_64: { type: "LINUX_CONTAINER", image: "aws/codebuild/amazonlinux-x86_64-standard:5.0" },
    arm64: { type: "ARM_CONTAINER", image: "aws/codebuild/amazonlinux-aarch64-standard:3.0" },
} as const;

/** The stack is the one whose file tells what a release is made of. */
export interface BuildPipelineArgs extends StackNames {
    /** Repository on GitHub, `owner/name`. */
    readonly repository: string;
    /** Branch whose pushes are built. */
    readonly branch: string;
    /** Patterns of files one of which must have changed, at most 8. @default none: every push is built */
    readonly paths?: readonly string[];
    /** Connection to GitHub. @default one is created, which is pending until a person completes it in the console */
    readonly connectionArn?: pulumi.Input<string>;
    /** Path of the build's text in the repository. */
    readonly buildspec: string;
    /** Processors of the instances, which the image is built for. */
    readonly architecture: Architecture;
    /** Size of the machine that builds. @default small: 2 processors */
    readonly compute?: keyof typeof computeTypes;
    /** Minutes after which a build is given up, 5 to 480, when CodePipeline gives up, too. @default 30 */
    readonly timeoutMinutes?: number;
    /** Bucket that the release is published in, whereupon it is deployed. */
    readonly releaseBucketArn: pulumi.Input<string>;
    /** Bucket for what builds need and leave; everything in it may expire. */
    readonly buildBucketName: pulumi.Input<string>;
    readonly buildBucketArn: pulumi.Input<string>;
    /** Repository in ECR that the image is pushed to. @default none: it is elsewhere, and needs no rights in AWS */
    readonly repositoryArn?: pulumi.Input<string>;
    /** Secret with an account at Docker Hub, `{"username": …, "password": …}`. @default none: pulls are anonymous */
    readonly dockerHubSecretArn?: pulumi.Input<string>;
    /** Days that the builds' logs are kept. @default 30 */
    readonly logRetentionDays?: number;
    /** Topic that hears of builds that failed or were stopped. @default none */
    readonly notificationTopicArn?: pulumi.Input<string>;
}

/** Builds every push to a branch and publishes it as a release; deploying it is not its business. */
export class BuildPipeline extends pulumi.ComponentResource {
    readonly pipelineName: pulumi.Output<string>;
    readonly pipelineArn: pulumi.Output<string>;
    readonly projectName: pulumi.Output<string>;
    readonly connectionArn: pulumi.Output<string>;
    /** `PENDING` until a person has completed the connection in the console, then `AVAILABLE`. */
    readonly connectionStatus: pulumi.Output<string>;
    private readonly account: Account;

    /** What `opts.dependsOn` names, such as the pipeline that deploys, comes before the first build. */
    constructor(name: string, args: BuildPipelineArgs, opts?: pulumi.ComponentResourceOptions) {
        super("gapless:index:BuildPipeline", name, args, opts);
        check(this, `BuildPipeline '${name}'`, [...rules(args), args.connectionArn === undefined && nameRule(name)]);

        this.account = accountOf(this);
        this.connectionArn = pulumi.output(args.connectionArn ?? this.connect(name));
        const { project, policy } = this.makeProject(name, args);
        const pipeline = this.makePipeline(name, args, project, after(opts, policy));
        if (args.notificationTopicArn !== undefined) tellOfFailures(name, pipeline, args.notificationTopicArn, this);

        this.pipelineName = pipeline.name;
        this.pipelineArn = pipeline.arn;
        this.projectName = project.name;
        // Asked for at every `up`, since the person who completes a connection does so without Pulumi.
        this.connectionStatus = aws.codeconnections.Connection.get(`${name}-connection`, this.connectionArn, {}, { parent: this }).connectionStatus;
        this.registerOutputs({
            pipelineName: this.pipelineName,
            pipelineArn: this.pipelineArn,
            projectName: this.projectName,
            connectionArn: this.connectionArn,
            connectionStatus: this.connectionStatus,
        });
    }

    private connect(name: string): pulumi.Output<string> {
        return new aws.codeconnections.Connection(connectionName(name), { providerType: "GitHub" }, { parent: this }).arn;
    }

    private makeProject(name: string, args: BuildPipelineArgs): { project: aws.codebuild.Project; policy: aws.iam.RolePolicy } {
        const { architecture, compute = "small", timeoutMinutes = defaultTimeoutMinutes, logRetentionDays = 30 } = args;
        const { partition, region, accountId } = this.account;
        const logs = new aws.cloudwatch.LogGroup(`${name}-logs`, { retentionInDays: logRetentionDays }, { parent: this });
        const { role, policy } = makeRole(`${name}-codebuild`, {
            service: "codebuild.amazonaws.com",
            // By the logical name, because the project itself needs the role.
            when: onBehalfOf(this.account, pulumi.interpolate`arn:${partition}:codebuild:${region}:${accountId}:project/${name}-project-*`),
            statements: buildPolicy({ ...args, account: this.account, connectionArn: this.connectionArn, logGroupArn: logs.arn }),
        }, this);
        const project = new aws.codebuild.Project(`${name}-project`, {
            serviceRole: role.arn,
            source: { type: "CODEPIPELINE", buildspec: args.buildspec },
            artifacts: { type: "CODEPIPELINE" },
            environment: {
                ...environments[architecture.ami],
                computeType: computeTypes[compute],
                // Docker builds images, and CodeBuild starts its daemon only in a privileged container.
                privilegedMode: true,
                environmentVariables: variables(args),
            },
            buildTimeout: timeoutMinutes,
            cache: { type: "S3", location: pulumi.interpolate`${args.buildBucketName}/${cachePrefix}` },
            logsConfig: { cloudwatchLogs: { groupName: logs.name } },
        }, { parent: this });
        return { project, policy };
    }

    private makePipeline(
        name: string, args: BuildPipelineArgs, project: aws.codebuild.Project, dependsOn: pulumi.Output<pulumi.Resource[]>,
    ): aws.codepipeline.Pipeline {
        const { repository, branch, paths = [] } = args;
        const { role, policy } = makeRole(`${name}-codepipeline`, {
            service: "codepipeline.amazonaws.com",
            when: onBehalfOf(this.account),
            statements: buildPipelinePolicy({
                account: this.account, connectionArn: this.connectionArn, repository, buildBucketArn: args.buildBucketArn, projectArn: project.arn,
            }),
        }, this);
        return new aws.codepipeline.Pipeline(`${name}-pipeline`, {
            roleArn: role.arn,
            pipelineType: "V2",
            // One build after the other, so that releases are published in the order of the pushes.
            executionMode: "QUEUED",
            artifactStores: [{ type: "S3", location: args.buildBucketName }],
            // A trigger of its own switches CodePipeline's default off, which would start for every file.
            triggers: [{
                providerType: "CodeStarSourceConnection",
                gitConfiguration: {
                    sourceActionName: sourceAction,
                    pushes: [{ branches: { includes: [branch] }, ...(paths.length > 0 && { filePaths: { includes: [...paths] } }) }],
                },
            }],
            stages: [
                {
                    name: "Source",
                    actions: [{
                        ...aws1, name: sourceAction, category: "Source", provider: "CodeStarSourceConnection", outputArtifacts: [artifacts.source],
                        configuration: {
                            ConnectionArn: this.connectionArn, FullRepositoryId: repository, BranchName: branch,
                            // Not a zip: that may lose the execute bits of the sources, and an image with them its entry point.
                            OutputArtifactFormat: "CODEBUILD_CLONE_REF",
                        },
                    }],
                },
                {
                    name: "Build",
                    actions: [{
                        ...aws1, name: "Build", category: "Build", provider: "CodeBuild",
                        // What the build exports is told, to whoever follows it, by this name.
                        namespace: "BuildVariables",
                        inputArtifacts: [artifacts.source], outputArtifacts: [artifacts.release],
                        configuration: { ProjectName: project.name },
                    }],
                },
            ],
        // Creating a pipeline starts it, so all that a build needs is there before.
        }, { parent: this, dependsOn: after({ dependsOn }, policy) });
    }

}

function rules({ repository, branch, paths = [], timeoutMinutes = defaultTimeoutMinutes }: BuildPipelineArgs): readonly (string | false)[] {
    return [
        !/^[\w.-]+\/[\w.-]+$/.test(repository) && `repository must be owner/name, got '${repository}'`,
        branch === "" && "branch must not be empty",
        paths.length > 8 && `paths must be 8 or fewer, which is what CodePipeline takes, got ${paths.length}`,
        (timeoutMinutes < 5 || timeoutMinutes > 480) && `timeoutMinutes must be 5 to 480, got ${timeoutMinutes}`,
    ];
}

/** AWS takes 32 characters for a connection, and Pulumi adds eight to keep names unique. */
function nameRule(name: string): string | false {
    const longest = 24 - connectionName("").length;
    return name.length > longest && `its name must be ${longest} characters or fewer, or that of the connection is too long`;
}

function connectionName(name: string): string {
    return `${name}-github`;
}

/** What the build reads: which stack it is of, for all else is written down by that, and the account at Docker Hub. */
function variables({ stack, dockerHubSecretArn }: BuildPipelineArgs): { name: string; value: pulumi.Input<string>; type?: string }[] {
    const secret = dockerHubSecretArn === undefined ? {} : { DOCKER_HUB_USERNAME: "username", DOCKER_HUB_PASSWORD: "password" };
    return [
        { name: "GAPLESS_STACK", value: stack },
        ...Object.entries(secret).map(([name, key]) => ({ name, type: "SECRETS_MANAGER", value: pulumi.interpolate`${dockerHubSecretArn}:${key}` })),
    ];
}
