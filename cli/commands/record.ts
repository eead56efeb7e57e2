import { readFile } from "node:fs/promises";
import { CloudFrontClient } from "@aws-sdk/client-cloudfront";
import { CodeDeployClient } from "@aws-sdk/client-codedeploy";
import { CodePipelineClient } from "@aws-sdk/client-codepipeline";
import { ECRClient } from "@aws-sdk/client-ecr";
import { S3Client } from "@aws-sdk/client-s3";
import { DeliveryError } from "../../release/aws/error";
import { recordDeployment } from "../../release/aws/record";
import { parseReleaseEnv } from "../../release/release-env";
import type { CommandContext } from "../context";
import { exitCodes, type ExitCode } from "../exit-code";
import { explain } from "../failure";
import { openStage } from "../open-stage";

/**
 * Records what the pipeline has deployed; the release lies in the folder that it runs in.
 * @param executionId execution of the deploy pipeline
 */
export async function recordCommand(stack: string, executionId: string, context: CommandContext): Promise<ExitCode> {
    const release = parseReleaseEnv(await readText("release.env"));
    if ("problem" in release) throw new DeliveryError(`This folder holds no release: ${release.problem}.`, "usage");
    const { stage, access } = await openStage(stack, context);
    const clients = {
        s3: new S3Client(access), ecr: new ECRClient(access), codePipeline: new CodePipelineClient(access), codeDeploy: new CodeDeployClient(access),
        cloudFront: new CloudFrontClient(access),
    };
    const failures = await recordDeployment(clients, stage, { ...release, executionId }, context);
    if (failures.length === 0) return exitCodes.done;
    throw new DeliveryError(failures.map(explain).join("\n"), "failed", { cause: failures[0] });
}

async function readText(path: string): Promise<string> {
    try {
        return await readFile(path, "utf8");
    } catch (cause) {
        throw new DeliveryError(`${path} cannot be read (${(cause as Error).message}). Run this in the folder of a release.`, "usage", { cause });
    }
}
