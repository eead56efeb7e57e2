import { DeployPipeline, type DeployPipelineArgs, type RecordArgs } from "../../components";
import { registered, type Registered } from "../support/registered";
import { pipelineArgs } from "./sample";

export const topicArn = "arn:aws:sns:eu-central-1:111122223333:web-notices-1";

/** A record with everything to do. */
export const recordArgs = {
    ...pipelineArgs.record,
    repositoryArn: "arn:aws:ecr:eu-central-1:111122223333:repository/web",
    distributionArn: "arn:aws:cloudfront::111122223333:distribution/E1",
    logRetentionDays: 7,
} as const satisfies RecordArgs;

/** The sample's pipeline, with what a test is about laid over it. */
export function buildPipeline(args: Partial<DeployPipelineArgs> = {}): Promise<Registered> {
    return registered(() => { new DeployPipeline("web", { ...pipelineArgs, ...args }); });
}

/** The same without a release of its own. */
export function buildWithoutRelease(): Promise<Registered> {
    const args = Object.fromEntries(Object.entries(pipelineArgs).filter(([key]) => key !== "release"));
    return registered(() => { new DeployPipeline("web", args as unknown as DeployPipelineArgs); });
}
