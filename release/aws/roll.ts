import type { CodeDeployClient } from "@aws-sdk/client-codedeploy";
import type { ECRClient } from "@aws-sdk/client-ecr";
import type { S3Client } from "@aws-sdk/client-s3";
import type { Stage } from "../stage";
import type { FollowOptions } from "./follow-deployment";
import type { DeploymentEnd } from "../deployment-end";

export interface RollClients {
    readonly codeDeploy: CodeDeployClient;
    readonly s3: S3Client;
    readonly ecr: ECRClient;
}

export interface RollOptions extends FollowOptions {
    readonly by: "roll" | "rollback";
    readonly who: string;
    /** Minutes to wait for the lock and for somebody else's deployment. */
    readonly waitMinutes: number;
}

/**
 * Puts a release that is in the bucket onto the fleet, past the pipeline, and follows it to the end.
 * @returns undefined when the release serves already
 */
export function roll(_clients: RollClients, _stage: Stage, _release: { readonly version: string }, _options: RollOptions): Promise<DeploymentEnd | undefined> {
    throw new Error("not yet");
}
