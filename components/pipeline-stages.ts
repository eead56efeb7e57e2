import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { sourceAction } from "../release/pipeline-names";
import { triggerKey } from "../release/store-keys";

/** The one artifact there is, which is part of the keys of its copies. */
export const release = "release";
/** Who made an action, and in which version: all are AWS's first. */
export const aws1 = { owner: "AWS", version: "1" };

export interface PipelineStagesArgs {
    readonly releaseBucketName: pulumi.Input<string>;
    /** Whether a person must agree. */
    readonly approval: boolean;
    /** Topic at which that person is asked; undefined for none: whoever looks at the pipeline sees it. */
    readonly approvalTopicArn: pulumi.Input<string> | undefined;
    readonly way: DeployAndRecord | Roll;
}

/** CodeDeploy brings a release to the instances, and a build writes that down when it serves. */
export interface DeployAndRecord {
    readonly applicationName: pulumi.Input<string>;
    readonly deploymentGroupName: pulumi.Input<string>;
    readonly recordProjectName: pulumi.Input<string>;
}

/** A build does all of it. */
export interface Roll {
    readonly rollProjectName: pulumi.Input<string>;
}

type Stage = aws.types.input.codepipeline.PipelineStage;

/** The way of a release, in order. */
export function pipelineStages(args: PipelineStagesArgs): Stage[] {
    const { way } = args;
    return [
        sourceStage(args),
        ...(args.approval ? [approvalStage(args)] : []),
        ...("rollProjectName" in way ? [buildStage("Roll", way.rollProjectName)] : [deployStage(way), buildStage("Record", way.recordProjectName)]),
    ];
}

function sourceStage({ releaseBucketName }: PipelineStagesArgs): Stage {
    return {
        name: "Source",
        actions: [{
            ...aws1, name: sourceAction, category: "Source", provider: "S3", outputArtifacts: [release],
            // The event rule starts it; polling would start it a second time.
            configuration: { S3Bucket: releaseBucketName, S3ObjectKey: triggerKey, PollForSourceChanges: "false" },
        }],
    };
}

/** Asks by itself: an event rule, which needs the pipeline first, might miss the approval of the very first release. */
function approvalStage({ approvalTopicArn }: PipelineStagesArgs): Stage {
    return {
        name: "Approve",
        actions: [{
            ...aws1, name: "Approve", category: "Approval", provider: "Manual",
            ...(approvalTopicArn !== undefined && { configuration: { NotificationArn: approvalTopicArn } }),
        }],
    };
}

function deployStage({ applicationName, deploymentGroupName }: DeployAndRecord): Stage {
    return {
        name: "Deploy",
        actions: [{
            ...aws1, name: "Deploy", category: "Deploy", provider: "CodeDeploy", inputArtifacts: [release],
            configuration: { ApplicationName: applicationName, DeploymentGroupName: deploymentGroupName },
        }],
    };
}

function buildStage(name: string, projectName: pulumi.Input<string>): Stage {
    return {
        name,
        actions: [{
            ...aws1, name, category: "Build", provider: "CodeBuild", inputArtifacts: [release],
            configuration: {
                ProjectName: projectName,
                // By which it finds what this very execution is about.
                EnvironmentVariables: JSON.stringify([{ name: "GAPLESS_EXECUTION", value: "#{codepipeline.PipelineExecutionId}", type: "PLAINTEXT" }]),
            },
        }],
    };
}
