/**
 * Inputs of AWS's resources that cannot change in place, of each type of which a change of strategy changes any: another value makes another
 * resource. What the provider's schemas mark as `ForceNew` (github.com/hashicorp/terraform-provider-aws, internal/service).
 */
const replacing: Readonly<Record<string, readonly string[]>> = {
    "aws:autoscaling/group:Group": ["initialLifecycleHooks", "name", "namePrefix"],
    "aws:cloudfront/cachePolicy:CachePolicy": ["name"],
    "aws:cloudwatch/dashboard:Dashboard": ["dashboardName"],
    "aws:cloudwatch/metricAlarm:MetricAlarm": ["name"],
    // Nothing: even the application and the name change in place.
    "aws:codedeploy/deploymentGroup:DeploymentGroup": [],
    "aws:codepipeline/pipeline:Pipeline": ["name"],
    "aws:iam/role:Role": ["name", "namePrefix", "path"],
    "aws:iam/rolePolicy:RolePolicy": ["name", "namePrefix", "role"],
    "aws:lb/listener:Listener": ["loadBalancerArn"],
    "aws:lb/listenerRule:ListenerRule": ["listenerArn"],
    "aws:lb/targetGroup:TargetGroup": ["ipAddressType", "name", "namePrefix", "port", "protocol", "protocolVersion", "targetType", "vpcId"],
    "aws:ssm/parameter:Parameter": ["dataType", "name"],
};

/** Whether other inputs of these names make another resource. */
export function replaces(type: string, changed: readonly string[]): boolean {
    const forcing = replacing[type];
    if (!forcing) throw new Error(`Nobody has looked up which inputs of ${type} replace it; changed are ${changed.join(", ")}`);
    return changed.some(key => forcing.includes(key));
}
