import { DeployPipeline, type DeployPipelineArgs, type RecordArgs } from "../../components";
import type { BlueGreenArgs, DeployPipelineCommonArgs, OneFleetArgs } from "../../components/deploy-pipeline-args";
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
export function buildPipeline(args: Partial<DeployPipelineCommonArgs & OneFleetArgs> = {}): Promise<Registered> {
    return registered(() => { new DeployPipeline("web", { ...pipelineArgs, ...args }); });
}

const { loadBalancerDimension, targetGroupDimension, targetGroupName, targetGroupArn, releaseBucketName, releaseBucketArn, release } = pipelineArgs;
const { record: { project, stack, tool } } = pipelineArgs;

/** ARN of an Auto Scaling group. */
export function scalingGroupArn(name: string): string {
    return `arn:aws:autoscaling:eu-central-1:111122223333:autoScalingGroup:uuid-${name}:autoScalingGroupName/${name}`;
}

export const listenerArn = "arn:aws:elasticloadbalancing:eu-central-1:111122223333:listener/app/web/2/3";
export const ruleArn = "arn:aws:elasticloadbalancing:eu-central-1:111122223333:listener-rule/app/shared/4/5/6";

/** Green beside the sample's blue. */
export const blueGreen: BlueGreenArgs = {
    target: { autoScalingGroupName: "hosts-green-1", autoScalingGroupArn: scalingGroupArn("hosts-green-1") },
    targetGroupName: "web-green-1",
    targetGroupArn: "arn:aws:elasticloadbalancing:eu-central-1:111122223333:targetgroup/web-green-1/2",
    targetGroupDimension: "targetgroup/web-green-1/2",
    weights: { listenerArn },
    roll: { project, stack, tool, buildspec: "version: 0.2", shiftPercents: [100], bakeSeconds: 60 },
};

/** The same with two colours, with what a test is about laid over what they have in common and over green. */
export function buildTwoColours({ green = {}, ...args }: Partial<DeployPipelineCommonArgs> & { readonly green?: Partial<BlueGreenArgs> } = {}): Promise<Registered> {
    return registered(() => {
        new DeployPipeline("web", {
            deploymentGroupName: "dev", loadBalancerDimension, targetGroupDimension, targetGroupName, targetGroupArn, releaseBucketName, releaseBucketArn,
            ...(release && { release }),
            ...args,
            target: { autoScalingGroupName: "hosts-1", autoScalingGroupArn: scalingGroupArn("hosts-1") },
            blueGreen: { ...blueGreen, ...green },
        });
    });
}

/** The same without a release of its own. */
export function buildWithoutRelease(): Promise<Registered> {
    const args = Object.fromEntries(Object.entries(pipelineArgs).filter(([key]) => key !== "release"));
    return registered(() => { new DeployPipeline("web", args as unknown as DeployPipelineArgs); });
}
