import type { CodeDeployClient } from "@aws-sdk/client-codedeploy";
import type { CodePipelineClient } from "@aws-sdk/client-codepipeline";
import type { DeploymentEnd } from "../deployment-end";
import type { FollowOptions } from "./follow-deployment";

export interface PipelineClients {
    readonly codePipeline: CodePipelineClient;
    readonly codeDeploy: CodeDeployClient;
}

/** What an execution is known by: itself, or the version of the object that it takes as its source. */
export type PipelineSource = { readonly executionId: string } | { readonly objectVersion: string };

export interface FollowPipelineOptions extends FollowOptions {
    /** Minutes to wait for executions ahead, for an approval and for builds; a deployment that runs is watched to its end. */
    readonly waitMinutes: number;
}

/** How an execution of a pipeline ended, or why it is no longer waited for. */
export interface PipelineEnd {
    /** `waiting`: a person has to agree, and the time is over; `unfinished`: the time is over, and it goes on. */
    readonly result: "succeeded" | "failed" | "stopped" | "waiting" | "unfinished";
    readonly executionId?: string;
    /** Why it is no success. */
    readonly reason?: string;
    /** Of CodeDeploy, when there was one. */
    readonly deployment?: DeploymentEnd;
    /** What its actions have handed on, such as variables that a build exports. */
    readonly variables: Readonly<Record<string, string>>;
}

/** Follows one execution of a pipeline until it ends, with CodeDeploy's deployment in it. */
export function followPipeline(_clients: PipelineClients, _pipeline: string, _source: PipelineSource, _options: FollowPipelineOptions): Promise<PipelineEnd> {
    throw new Error("not yet");
}
