import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { CodeDeployClient } from "@aws-sdk/client-codedeploy";
import type { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { SSMClient } from "@aws-sdk/client-ssm";
import type { Clock } from "../clock";
import type { DeploymentEnd } from "../deployment-end";
import type { Failure } from "../failure-page";
import type { Stage } from "../stage";

export interface FailureClients {
    readonly codeDeploy: CodeDeployClient;
    readonly loadBalancing: ElasticLoadBalancingV2Client;
    readonly cloudWatch: CloudWatchClient;
    readonly ssm: SSMClient;
}

/** Gathers what AWS knows about a failed deployment. Never throws for what it is not told: the page says what is missing. */
export function gatherFailure(
    _clients: FailureClients, _stage: Stage, _end: DeploymentEnd, _options: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<Failure> {
    throw new Error("not yet");
}
