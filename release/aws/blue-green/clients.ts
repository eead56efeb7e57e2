import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { CloudFrontClient } from "@aws-sdk/client-cloudfront";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CodeDeployClient } from "@aws-sdk/client-codedeploy";
import { ECRClient } from "@aws-sdk/client-ecr";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { S3Client } from "@aws-sdk/client-s3";
import { SSMClient } from "@aws-sdk/client-ssm";
import type { Access } from "../access";

/** Whom a roll from one colour to the other asks, all in the stage's region. */
export interface ColourClients {
    readonly codeDeploy: CodeDeployClient;
    readonly autoScaling: AutoScalingClient;
    readonly loadBalancing: ElasticLoadBalancingV2Client;
    readonly cloudWatch: CloudWatchClient;
    readonly ssm: SSMClient;
    readonly s3: S3Client;
    readonly ecr: ECRClient;
    readonly cloudFront: CloudFrontClient;
}

export function makeColourClients(access: Access): ColourClients {
    return {
        codeDeploy: new CodeDeployClient(access), autoScaling: new AutoScalingClient(access), loadBalancing: new ElasticLoadBalancingV2Client(access),
        cloudWatch: new CloudWatchClient(access), ssm: new SSMClient(access), s3: new S3Client(access), ecr: new ECRClient(access),
        cloudFront: new CloudFrontClient(access),
    };
}
