import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CodeDeployClient } from "@aws-sdk/client-codedeploy";
import { CodePipelineClient } from "@aws-sdk/client-codepipeline";
import { ECRClient } from "@aws-sdk/client-ecr";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { S3Client } from "@aws-sdk/client-s3";
import { SSMClient } from "@aws-sdk/client-ssm";
import type { OpenStage } from "./open-stage";

/** A stage's part of AWS, as releases need it. */
export function clientsOf({ access }: Pick<OpenStage, "access">) {
    return {
        s3: new S3Client(access), ecr: new ECRClient(access), ssm: new SSMClient(access), codeDeploy: new CodeDeployClient(access),
        codePipeline: new CodePipelineClient(access), loadBalancing: new ElasticLoadBalancingV2Client(access), cloudWatch: new CloudWatchClient(access),
        autoScaling: new AutoScalingClient(access),
    };
}
