/**
 * Types of resources by which AWS lets a statement narrow an action; none: for the action there is only `*`, and a statement that names
 * anything else allows nothing. https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
const typesOfActions: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    autoscaling: {
        "CompleteLifecycleAction DeleteLifecycleHook PutLifecycleHook RecordLifecycleActionHeartbeat": "autoScalingGroup",
        "DeleteScheduledAction PutScheduledUpdateGroupAction UpdateAutoScalingGroup": "autoScalingGroup",
        "DescribeAutoScalingGroups DescribeAutoScalingInstances DescribeInstanceRefreshes DescribeLifecycleHooks DescribeScheduledActions": "",
    },
    cloudfront: { "CreateInvalidation": "distribution", "GetOriginRequestPolicy": "origin-request-policy", "ListOriginRequestPolicies": "" },
    cloudwatch: { "DescribeAlarms": "alarm", "PutMetricData": "" },
    codebuild: { "BatchGetBuilds StartBuild StopBuild": "project" },
    codeconnections: { "GetConnection ListTagsForResource UseConnection": "connection" },
    "codestar-connections": { "GetConnection ListTagsForResource UseConnection": "connection" },
    codedeploy: {
        "GetApplication GetApplicationRevision RegisterApplicationRevision": "application",
        "BatchGetDeployments CreateDeployment GetDeployment GetDeploymentGroup ListDeployments UpdateDeploymentGroup": "deploymentgroup",
        "GetDeploymentConfig": "deploymentconfig",
        "BatchGetDeploymentTargets ListDeploymentTargets StopDeployment": "",
    },
    "codedeploy-commands-secure": { "GetDeploymentSpecification PollHostCommand PutHostCommandAcknowledgement PutHostCommandComplete": "" },
    codepipeline: { "GetPipelineExecution GetPipelineState ListActionExecutions ListPipelineExecutions StartPipelineExecution": "pipeline" },
    ec2: {
        "DescribeAvailabilityZones DescribeImages DescribeInstanceStatus DescribeInstances DescribeManagedPrefixLists DescribeSubnets": "",
        "GetManagedPrefixListEntries": "prefix-list",
    },
    ecr: {
        "BatchCheckLayerAvailability BatchGetImage CompleteLayerUpload DescribeImages GetDownloadUrlForLayer InitiateLayerUpload PutImage UploadLayerPart": "repository",
        "GetAuthorizationToken": "",
    },
    elasticloadbalancing: {
        "DeregisterTargets RegisterTargets": "targetgroup",
        "DescribeListeners DescribeLoadBalancerAttributes DescribeLoadBalancers DescribeRules DescribeTags": "",
        "DescribeTargetGroupAttributes DescribeTargetGroups DescribeTargetHealth": "",
        "ModifyListener": "listener",
        "ModifyRule": "listener-rule",
    },
    kms: { "Decrypt": "key" },
    logs: { "CreateLogStream PutLogEvents": "log-stream", "DescribeLogStreams": "log-group", "DescribeLogGroups": "" },
    route53: { "GetHostedZone": "hostedzone", "ListHostedZones ListHostedZonesByName": "", "ListTagsForResource": "healthcheck hostedzone" },
    s3: {
        "GetBucketAcl GetBucketLocation GetBucketVersioning ListBucket": "bucket",
        "GetObject GetObjectTagging GetObjectVersion GetObjectVersionTagging PutObject PutObjectAcl PutObjectTagging": "object",
    },
    secretsmanager: { "GetSecretValue": "secret" },
    sns: { "Publish": "topic" },
    ssm: {
        "GetParameter GetParametersByPath PutParameter": "parameter",
        "DescribeAssociation UpdateInstanceAssociationStatus": "association instance",
        "ListInstanceAssociations UpdateInstanceInformation": "instance",
        "GetDocument": "document",
    },
    ssmmessages: { "CreateControlChannel CreateDataChannel OpenControlChannel OpenDataChannel": "" },
    tag: { "GetResources": "" },
};

/** What follows the account in ARNs of a type, where that is not `<type>/…` or `<type>:…`. */
const placesOfTypes: Readonly<Record<string, RegExp>> = {
    bucket: /^[^/]+$/,
    object: /^[^/]+\/.+$/,
    pipeline: /^[^:/]+$/,
    topic: /^[^:/]+$/,
    "log-group": /^log-group:[^:]+$/,
    "log-stream": /^log-group:[^:]+:(?:\*|log-stream:.+)$/,
};

/** Types by which a statement may narrow an action; empty when there is only `*`. */
export function typesOf(action: string): readonly string[] {
    const [service = "", name = ""] = action.split(":");
    const found = Object.entries(typesOfActions[service] ?? {}).find(([names]) => names.split(" ").includes(name));
    if (!found) throw new Error(`Nobody has looked up yet which resources ${action} takes; AWS's Service Authorization Reference says it`);
    return found[1].split(" ").filter(type => type !== "");
}

/** Actions of a policy that it gives for no resource which AWS would look at: nobody may do them. */
export function voidActions(policy: unknown): readonly string[] {
    const { Statement } = JSON.parse(String(policy)) as { Statement: readonly { Action: string | readonly string[]; Resource: string | readonly string[] }[] };
    return Statement.flatMap(({ Action, Resource }) => {
        const resources = [Resource].flat();
        return [Action].flat().filter(action => !resources.some(resource => takes(action, resource))).map(action => `${action} on ${resources.join(", ")}`);
    });
}

function takes(action: string, resource: string): boolean {
    return resource === "*" || typesOf(action).some(type => isOfType(resource, type));
}

function isOfType(arn: string, type: string): boolean {
    const place = arn.split(":").slice(5).join(":");
    return placesOfTypes[type]?.test(place) ?? new RegExp(`^${type}[/:]`).test(place);
}
