import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CodeDeployClient } from "@aws-sdk/client-codedeploy";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { S3Client } from "@aws-sdk/client-s3";
import { SSMClient } from "@aws-sdk/client-ssm";
import { type BadEnd, gatherFailure } from "../release/aws/failure-page";
import type { DeploymentEnd } from "../release/deployment-end";
import { type Failure, renderFailure } from "../release/failure-page";
import type { CommandContext } from "./context";
import { exitCodeOfEnd } from "./exit-code-of-end";
import type { ExitCode } from "./exit-code";
import type { OpenStage } from "./open-stage";

/**
 * Prints how a deployment ended: a line of a success, the failure page of anything else.
 * @param version the release, as far as it is known
 */
export async function tellEnd(open: OpenStage, version: string | undefined, end: DeploymentEnd, context: CommandContext): Promise<ExitCode> {
    const { stack } = open.stage;
    const about = { stack, ...(version !== undefined && { version }) };
    if (isBad(end)) {
        const failure = await explainEnd(open, end, context);
        context.print({ ...about, ...end, failure }, renderFailure(failure, stack));
    } else {
        context.print({ ...about, ...end }, `Release ${version ?? `of deployment ${end.deploymentId}`} serves in ${stack}.`);
    }
    return exitCodeOfEnd(end);
}

/** What is known of a deployment that did not succeed. */
export function explainEnd({ stage, access }: OpenStage, end: BadEnd, { clock, signal, tell }: CommandContext): Promise<Failure> {
    tell.step("looking for what failed");
    const clients = {
        codeDeploy: new CodeDeployClient(access), s3: new S3Client(access), loadBalancing: new ElasticLoadBalancingV2Client(access),
        cloudWatch: new CloudWatchClient(access), ssm: new SSMClient(access),
    };
    return gatherFailure(clients, stage, end, { clock, signal });
}

export function isBad(end: DeploymentEnd): end is BadEnd {
    return end.result !== "succeeded";
}
