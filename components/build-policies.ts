import * as pulumi from "@pulumi/pulumi";
import { triggerKey } from "../release/store-keys";
import type { Account } from "./account";
import { cachePrefix } from "./build-store";
import type { Statement } from "./role";
import { readStage, type StackNames } from "./stage-policies";

/** Artifacts of the build pipeline; below ten characters, since CodePipeline shortens longer ones in the keys of its bucket. */
export const artifacts = { source: "source", release: "release" } as const;

/** May publish releases: each once and for ever, and any number of times the copy that starts the deploy pipeline. */
export function publishReleases(releaseBucketArn: pulumi.Input<string>): readonly Statement[] {
    const releases = pulumi.interpolate`${releaseBucketArn}/releases/*.zip`;
    return [
        {
            Effect: "Allow",
            Action: "s3:PutObject",
            Resource: releases,
            // Whoever must send If-None-Match cannot overwrite: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html
            Condition: { Null: { "s3:if-none-match": "false" } },
        },
        { Effect: "Allow", Action: "s3:PutObject", Resource: pulumi.interpolate`${releaseBucketArn}/${triggerKey}` },
        // To ask a release that is there already for its version and ETag; S3 knows no narrower right.
        { Effect: "Allow", Action: "s3:GetObject", Resource: releases },
    ];
}

/** May push images into one repository, look them up, and pull them and the cache of builds from it. */
export function pushImages(repositoryArn: pulumi.Input<string> | undefined): readonly Statement[] {
    if (repositoryArn === undefined) return [];
    return [
        // The token is for the registry, which is no resource to IAM; what it lets do is decided by the next statement.
        { Effect: "Allow", Action: "ecr:GetAuthorizationToken", Resource: "*" },
        {
            Effect: "Allow",
            Action: [
                "ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:CompleteLayerUpload", "ecr:DescribeImages",
                "ecr:GetDownloadUrlForLayer", "ecr:InitiateLayerUpload", "ecr:PutImage", "ecr:UploadLayerPart",
            ],
            Resource: repositoryArn,
        },
    ];
}

export interface BuildPolicyArgs extends StackNames {
    readonly account: Account;
    readonly connectionArn: pulumi.Input<string>;
    /** `owner/name` of the repository that is built. */
    readonly repository: string;
    readonly buildBucketArn: pulumi.Input<string>;
    readonly releaseBucketArn: pulumi.Input<string>;
    readonly logGroupArn: pulumi.Input<string>;
    /** Repository in ECR that gets the images. @default none */
    readonly repositoryArn?: pulumi.Input<string>;
    /** Secret with an account at Docker Hub. @default none */
    readonly dockerHubSecretArn?: pulumi.Input<string>;
}

/** What a build may do: fetch its sources, keep a cache, leave what it made, push the image and publish the release. */
export function buildPolicy(args: BuildPolicyArgs): readonly Statement[] {
    const { connectionArn, repository, buildBucketArn, releaseBucketArn, logGroupArn, repositoryArn, dockerHubSecretArn } = args;
    const below = (path: string) => pulumi.interpolate`${buildBucketArn}/${path}/*`;
    return [
        // The source is a clone, which CodeBuild makes in the name of the build.
        useConnection(connectionArn, repository),
        { Effect: "Allow", Action: ["logs:CreateLogStream", "logs:PutLogEvents"], Resource: pulumi.interpolate`${logGroupArn}:*` },
        // CodeBuild looks whose bucket it is before it uses it.
        { Effect: "Allow", Action: ["s3:GetBucketAcl", "s3:GetBucketLocation"], Resource: buildBucketArn },
        { Effect: "Allow", Action: ["s3:GetObject", "s3:GetObjectVersion"], Resource: [below(`*/${artifacts.source}`), below(cachePrefix)] },
        { Effect: "Allow", Action: "s3:PutObject", Resource: [below(`*/${artifacts.release}`), below(cachePrefix)] },
        readStage(args.account, args),
        ...publishReleases(releaseBucketArn),
        ...pushImages(repositoryArn),
        ...(dockerHubSecretArn === undefined ? [] : [
            { Effect: "Allow" as const, Action: "secretsmanager:GetSecretValue", Resource: dockerHubSecretArn },
        ]),
    ];
}

export interface BuildPipelinePolicyArgs {
    readonly account: Account;
    readonly connectionArn: pulumi.Input<string>;
    /** `owner/name` of the repository that is built. */
    readonly repository: string;
    readonly buildBucketArn: pulumi.Input<string>;
    readonly projectArn: pulumi.Input<string>;
}

/** What the build pipeline may do: fetch sources through its connection, hand them on in its bucket, and have them built. */
export function buildPipelinePolicy({ account, connectionArn, repository, buildBucketArn, projectArn }: BuildPipelinePolicyArgs): readonly Statement[] {
    const Condition = { StringEquals: { "aws:ResourceAccount": account.accountId } };
    return [
        useConnection(connectionArn, repository),
        { Effect: "Allow", Action: ["s3:GetBucketAcl", "s3:GetBucketLocation", "s3:GetBucketVersioning"], Resource: buildBucketArn, Condition },
        {
            Effect: "Allow",
            Action: [
                "s3:GetObject", "s3:GetObjectTagging", "s3:GetObjectVersion", "s3:GetObjectVersionTagging",
                "s3:PutObject", "s3:PutObjectAcl", "s3:PutObjectTagging",
            ],
            Resource: Object.values(artifacts).map(artifact => pulumi.interpolate`${buildBucketArn}/*/${artifact}/*`),
            Condition,
        },
        { Effect: "Allow", Action: ["codebuild:BatchGetBuilds", "codebuild:StartBuild", "codebuild:StopBuild"], Resource: projectArn },
    ];
}

/** For one repository of all that the connection may be allowed. Where AWS does not say for which, ForAllValues lets it pass. */
function useConnection(connectionArn: pulumi.Input<string>, repository: string): Statement {
    // Older connections are of `codestar-connections`, and IAM tells the two apart.
    const Action = pulumi.output(connectionArn).apply(arn => `${arn.split(":")[2]}:UseConnection`);
    const Condition = {
        "ForAllValues:StringEquals": { "codeconnections:FullRepositoryId": repository, "codestar-connections:FullRepositoryId": repository },
    };
    return { Effect: "Allow", Action, Resource: connectionArn, Condition };
}
