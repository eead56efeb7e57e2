// https://docs.aws.amazon.com/codedeploy/latest/userguide/error-codes.html
const deploymentErrors: Readonly<Record<string, string>> = {
    AGENT_ISSUE: "the agent on the instances does not answer",
    ALARM_ACTIVE: "an alarm fired",
    APPLICATION_MISSING: "CodeDeploy's application is gone",
    AUTO_SCALING_CONFIGURATION: "the Auto Scaling group is not as CodeDeploy needs it",
    AUTO_SCALING_IAM_ROLE_PERMISSIONS: "CodeDeploy's role may not do what it must at the Auto Scaling group",
    CUSTOMER_APPLICATION_UNHEALTHY: "the service is not healthy",
    DEPLOYMENT_GROUP_MISSING: "the deployment group is gone",
    ELASTIC_LOAD_BALANCING_INVALID: "the target group is gone or is none that CodeDeploy can use",
    ELB_INVALID_INSTANCE: "an instance cannot be taken out of the target group, or put back",
    HEALTH_CONSTRAINTS: "too many instances failed",
    HEALTH_CONSTRAINTS_INVALID: "so many instances must stay healthy that none may be taken out",
    IAM_ROLE_MISSING: "CodeDeploy's role is gone",
    IAM_ROLE_PERMISSIONS: "CodeDeploy's role may not do what it must",
    INTERNAL_ERROR: "CodeDeploy itself has a failure",
    INVALID_REVISION: "the bundle is not one that CodeDeploy can use",
    MANUAL_STOP: "somebody stopped it",
    NO_INSTANCES: "there is no instance to deploy to",
    OVER_MAX_INSTANCES: "the group has more instances than CodeDeploy takes in one deployment",
    RESOURCE_LIMIT_EXCEEDED: "a quota of the account is used up",
    REVISION_MISSING: "the bundle is gone",
    THROTTLED: "CodeDeploy asked AWS too often",
    TIMEOUT: "it took longer than CodeDeploy waits",
};

const eventErrors: Readonly<Record<string, string>> = {
    ScriptFailed: "the script failed",
    ScriptMissing: "the script is not in the bundle",
    ScriptNotExecutable: "the script cannot be executed",
    ScriptTimedOut: "the script took longer than appspec.yml allows",
    UnknownError: "the agent does not say why",
};

/** CodeDeploy's word for why a deployment failed, in words. */
export function explainDeploymentError(code: string): string {
    return deploymentErrors[code] ?? "CodeDeploy gives a reason that is not known here";
}

/** CodeDeploy's word for why an event failed on an instance, in words. */
export function explainEventError(code: string): string {
    return eventErrors[code] ?? code;
}

/** Exit code of a script, which the agent tells within a sentence. */
export function exitCodeIn(message: string | undefined): number | undefined {
    const code = /\bexit code (\d+)/.exec(message ?? "")?.[1];
    return code === undefined ? undefined : Number(code);
}
