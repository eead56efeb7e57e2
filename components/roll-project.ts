import type * as pulumi from "@pulumi/pulumi";
import { rollMinutes, type RollPace } from "../release/blue-green/roll-minutes";
import { rollColours, type RolledDeployments, watchColours } from "./colour-policies";
import { paceRules } from "./roll-minutes";
import type { Statement } from "./role";
import { deployDirectly, followDeployments, readReleases, writeJournal, writeLock } from "./stage-policies";
import { makeToolProject, pipelineArnOf, type ToolProject, type ToolProjectArgs, toolProjectRules, type ToolProjectSurroundings } from "./tool-project";

/** Who drives a roll from one colour to the other, and does what is left to do when a release serves. How long it may take depends on the settings. */
export interface RollArgs extends ToolProjectArgs, RollPace {}

export interface RollSurroundings extends ToolProjectSurroundings {
    readonly deployments: RolledDeployments;
}

/** What is wrong with the arguments, for `check`. */
export function rollRules(args: RollArgs): (string | false)[] {
    return [...toolProjectRules(args), ...paceRules(args)];
}

/** A build that rolls the release from one colour to the other. */
export function makeRollProject(name: string, args: RollArgs, around: RollSurroundings, parent: pulumi.Resource): ToolProject {
    return makeToolProject(name, args, around, {
        description: "Rolls a release from one colour to the other",
        timeoutMinutes: rollMinutes(args),
        statements: rollPolicy(args, around),
    }, parent);
}

function rollPolicy(args: RollArgs, around: RollSurroundings): readonly Statement[] {
    const { account, releaseBucketArn, deployments } = around;
    const { repositoryArn } = args;
    return [
        ...readReleases(releaseBucketArn),
        ...writeJournal(releaseBucketArn),
        ...writeLock(releaseBucketArn),
        // Which version of the trigger it was started by, whose metadata say how to shift.
        { Effect: "Allow", Action: "codepipeline:GetPipelineExecution", Resource: pipelineArnOf(around) },
        ...followDeployments(account, deployments),
        ...deployDirectly(account, deployments),
        ...watchColours(releaseBucketArn),
        ...rollColours(account, args, releaseBucketArn, deployments),
        // Whether the image is there is asked before anything is begun; that it was deployed, marked on it afterwards.
        ...(repositoryArn === undefined ? [] : [{ Effect: "Allow" as const, Action: ["ecr:BatchGetImage", "ecr:DescribeImages", "ecr:PutImage"], Resource: repositoryArn }]),
    ];
}
