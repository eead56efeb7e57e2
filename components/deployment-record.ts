import type * as pulumi from "@pulumi/pulumi";
import type { Statement } from "./role";
import { type Deployments, emptyCache, groupArn, readReleases, writeJournal } from "./stage-policies";
import { makeToolProject, pipelineArnOf, type ToolProject, type ToolProjectArgs, type ToolProjectSurroundings } from "./tool-project";

/** What is left to do when a release serves: to write it down, to mark its image, to empty the CDN's cache. */
export type RecordArgs = ToolProjectArgs;

export interface RecordSurroundings extends ToolProjectSurroundings {
    /** Where the pipeline deploys to. */
    readonly deployments: Pick<Deployments, "applicationName" | "deploymentGroupName">;
}

/** A build that reads the release that was deployed. */
export function makeDeploymentRecord(name: string, args: RecordArgs, around: RecordSurroundings, parent: pulumi.Resource): ToolProject {
    return makeToolProject(name, args, around, {
        description: "Writes down what was deployed, marks its image and empties the CDN's cache",
        // It takes seconds.
        timeoutMinutes: 10,
        statements: recordPolicy(args, around),
    }, parent);
}

function recordPolicy({ repositoryArn, distributionArn }: RecordArgs, around: RecordSurroundings): readonly Statement[] {
    const { account, releaseBucketArn, deployments } = around;
    return [
        ...readReleases(releaseBucketArn),
        ...writeJournal(releaseBucketArn),
        { Effect: "Allow", Action: ["codepipeline:GetPipelineExecution", "codepipeline:ListActionExecutions"], Resource: pipelineArnOf(around) },
        { Effect: "Allow", Action: "codedeploy:GetDeployment", Resource: groupArn(account, deployments) },
        ...(repositoryArn === undefined ? [] : [{ Effect: "Allow" as const, Action: ["ecr:BatchGetImage", "ecr:PutImage"], Resource: repositoryArn }]),
        ...emptyCache(distributionArn),
    ];
}
