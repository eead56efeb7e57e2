import { createHash } from "node:crypto";

export type Values = Readonly<Record<string, unknown>>;

/** Answers to a program's look-ups, by token. */
export type Answers = Readonly<Record<string, (inputs: Values) => Values>>;

export const partition = "aws";
export const region = "eu-central-1";
export const accountId = "111122223333";

/** What an AWS account answers to look-ups that need no resource of ours. */
export const answersOfAws: Answers = {
    "aws:index/getCallerIdentity:getCallerIdentity": () => ({
        accountId, id: accountId, arn: `arn:${partition}:iam::${accountId}:user/operator`, userId: "AIDAEXAMPLE",
    }),
    "aws:index/getPartition:getPartition": () => ({ partition, id: partition, dnsSuffix: "amazonaws.com", reverseDnsPrefix: "com.amazonaws" }),
    "aws:index/getRegion:getRegion": () => ({ region, id: region, name: region, description: "Frankfurt", endpoint: `ec2.${region}.amazonaws.com` }),
    "aws:cloudfront/getOriginRequestPolicy:getOriginRequestPolicy": ({ name }) => ({ id: uuid(String(name)), name }),
    "aws:ec2/getManagedPrefixList:getManagedPrefixList": ({ name }) => ({ id: `pl-${hash(String(name)).slice(0, 8)}`, name, addressFamily: "IPv4" }),
    "aws:lb/getListener:getListener": ({ arn }) => ({
        id: arn, arn, protocol: "HTTPS", port: 443,
        loadBalancerArn: String(arn).replace(":listener/", ":loadbalancer/").replace(/\/[^/]*$/, ""),
    }),
    "aws:lb/getLoadBalancer:getLoadBalancer": ({ arn }) => {
        const [, name = ""] = String(arn).split("/").slice(1);
        return {
            id: arn, arn, name, arnSuffix: String(arn).replace(/^.*:loadbalancer\//, ""), dnsName: `${name}-1234567890.${region}.elb.amazonaws.com`,
            zoneId: "Z215JYRZR1TBD5", securityGroups: ["sg-0b", "sg-0a"], idleTimeout: 60, internal: false, loadBalancerType: "application",
        };
    },
    "aws:ecr/getAuthorizationToken:getAuthorizationToken": () => ({
        id: region, userName: "AWS", password: "stand-in", authorizationToken: "QVdTOnN0YW5kLWlu",
        expiresAt: "2026-01-01T12:00:00Z", proxyEndpoint: `https://${accountId}.dkr.ecr.${region}.amazonaws.com`,
    }),
    "aws:ssm/getParameter:getParameter": ({ name }) => ({ id: name, name, type: "String", insecureValue: `ami-${hash(String(name)).slice(0, 17)}` }),
    "aws:secretsmanager/getSecretVersion:getSecretVersion": ({ secretId }) => ({
        secretId, id: secretId, arn: secretId, secretString: JSON.stringify({ username: "stand-in", password: "stand-in" }),
    }),
};

export interface Described {
    readonly type: string;
    readonly name: string;
    readonly inputs: Values;
    readonly id?: string | undefined;
}

/** Names a resource as Pulumi would: its logical name and seven hexadecimal digits. */
function physicalName({ type, name }: Described): string {
    return `${name}-${hash(`${type} ${name}`).slice(0, 7)}`;
}

function hash(text: string): string {
    return createHash("sha256").update(text).digest("hex");
}

function arn(service: string, resource: string, scope = `${region}:${accountId}`): string {
    return `arn:${partition}:${service}:${scope}:${resource}`;
}

/** What a resource answers once it is made: its inputs, and what only AWS knows, per type. */
export function outputsOf(resource: Described): { id: string; state: Record<string, unknown> } {
    const text = (key: string) => resource.inputs[key] as string | undefined;
    const name = text("name") ?? physicalName(resource);
    const made = makers[resource.type]?.(name, resource, text) ?? {};
    const { id = name, ...state } = made;
    // A resource that is made, not looked up, comes with an empty id; an empty answer would make its id unknown.
    return { id: resource.id === undefined || resource.id === "" ? (id as string) : resource.id, state: { ...resource.inputs, ...state } };
}

type Maker = (name: string, resource: Described, text: (key: string) => string | undefined) => Record<string, unknown>;

const makers: Readonly<Record<string, Maker>> = {
    "aws:acm/certificate:Certificate": (name, _, text) => {
        const [domainName, where] = [text("domainName") ?? "", text("region") ?? region];
        return {
            arn: arn("acm", `certificate/${uuid(name)}`, `${where}:${accountId}`),
            domainValidationOptions: [{
                domainName, resourceRecordType: "CNAME",
                resourceRecordName: `_${digits(domainName)}.${domainName}.`, resourceRecordValue: `_${digits(`${domainName}.`)}.acm-validations.aws.`,
            }],
        };
    },
    "aws:autoscaling/group:Group": name => ({
        name, arn: arn("autoscaling", `autoScalingGroup:${uuid(name)}:autoScalingGroupName/${name}`),
    }),
    "aws:autoscaling/policy:Policy": name => ({ name, arn: arn("autoscaling", `scalingPolicy:${uuid(name)}:policyName/${name}`) }),
    "aws:cloudfront/cachePolicy:CachePolicy": name => ({ id: uuid(name), name }),
    "aws:cloudfront/distribution:Distribution": name => {
        const id = `E${digits(name).slice(0, 13).toUpperCase()}`;
        return { id, arn: arn("cloudfront", `distribution/${id}`, `:${accountId}`), domainName: `d${digits(name).slice(0, 13)}.cloudfront.net`, hostedZoneId: "Z2FDTNDATAQYW2" };
    },
    "aws:cloudwatch/dashboard:Dashboard": (_, __, text) => ({ id: text("dashboardName") }),
    "aws:cloudwatch/eventRule:EventRule": name => ({ name, arn: arn("events", `rule/${name}`) }),
    "aws:cloudwatch/logGroup:LogGroup": name => ({ name, arn: arn("logs", `log-group:${name}`) }),
    "aws:cloudwatch/metricAlarm:MetricAlarm": name => ({ name, arn: arn("cloudwatch", `alarm:${name}`) }),
    "aws:codebuild/project:Project": name => ({ name, arn: arn("codebuild", `project/${name}`) }),
    "aws:codeconnections/connection:Connection": name => {
        const id = arn("codeconnections", `connection/${uuid(name)}`);
        return { id, arn: id, connectionStatus: "PENDING" };
    },
    "aws:codedeploy/application:Application": name => ({ name, arn: arn("codedeploy", `application:${name}`) }),
    "aws:codedeploy/deploymentConfig:DeploymentConfig": name => ({ deploymentConfigName: name, arn: arn("codedeploy", `deploymentconfig:${name}`) }),
    "aws:codedeploy/deploymentGroup:DeploymentGroup": (name, _, text) => {
        const group = text("deploymentGroupName") ?? "";
        return { id: uuid(name), arn: arn("codedeploy", `deploymentgroup:${text("appName") ?? ""}/${group}`), deploymentGroupId: uuid(name) };
    },
    "aws:codepipeline/pipeline:Pipeline": name => ({ name, arn: arn("codepipeline", name) }),
    "aws:ec2/flowLog:FlowLog": name => {
        const id = `fl-${hash(name).slice(0, 17)}`;
        return { id, arn: arn("ec2", `vpc-flow-log/${id}`) };
    },
    "aws:ec2/instance:Instance": name => {
        const id = `i-${hash(name).slice(0, 17)}`;
        return { id, arn: arn("ec2", `instance/${id}`) };
    },
    "aws:ec2/launchTemplate:LaunchTemplate": name => {
        const id = `lt-${hash(name).slice(0, 17)}`;
        return { id, name, latestVersion: 1, defaultVersion: 1, arn: arn("ec2", `launch-template/${id}`) };
    },
    "aws:ec2/securityGroup:SecurityGroup": name => {
        const id = `sg-${hash(name).slice(0, 17)}`;
        return { id, name, arn: arn("ec2", `security-group/${id}`) };
    },
    "aws:ec2/vpcEndpoint:VpcEndpoint": name => {
        const id = `vpce-${hash(name).slice(0, 17)}`;
        return { id, arn: arn("ec2", `vpc-endpoint/${id}`) };
    },
    "aws:ecr/repository:Repository": name => ({
        name, arn: arn("ecr", `repository/${name}`), registryId: accountId,
        repositoryUrl: `${accountId}.dkr.ecr.${region}.amazonaws.com/${name}`,
    }),
    "aws:iam/instanceProfile:InstanceProfile": name => ({ name, arn: arn("iam", `instance-profile/${name}`, `:${accountId}`) }),
    "aws:iam/role:Role": name => ({ name, arn: arn("iam", `role/${name}`, `:${accountId}`) }),
    "aws:lb/listener:Listener": name => {
        const id = arn("elasticloadbalancing", `listener/app/${name}/${digits(name)}/${digits(`${name}.`)}`);
        return { id, arn: id };
    },
    "aws:lb/listenerRule:ListenerRule": (name, _, text) => {
        const id = `${(text("listenerArn") ?? "").replace(":listener/", ":listener-rule/")}/${digits(name)}`;
        return { id, arn: id };
    },
    "aws:lb/loadBalancer:LoadBalancer": name => {
        const suffix = `app/${name}/${digits(name)}`;
        const id = arn("elasticloadbalancing", `loadbalancer/${suffix}`);
        return { id, name, arn: id, arnSuffix: suffix, dnsName: `${name}-1234567890.${region}.elb.amazonaws.com`, zoneId: "Z215JYRZR1TBD5" };
    },
    "aws:lb/targetGroup:TargetGroup": name => {
        const suffix = `targetgroup/${name}/${digits(name)}`;
        const id = arn("elasticloadbalancing", suffix);
        return { id, name, arn: id, arnSuffix: suffix };
    },
    "aws:route53/record:Record": (name, _, text) => ({ id: `${text("zoneId") ?? ""}_${name}_${text("type") ?? ""}`, fqdn: name.replace(/\.$/, "") }),
    "aws:s3/bucket:Bucket": (name, _, text) => {
        const bucket = text("bucket") ?? name;
        return { id: bucket, bucket, arn: arn("s3", bucket, ":"), bucketRegionalDomainName: `${bucket}.s3.${region}.amazonaws.com` };
    },
    "aws:s3/bucketObjectv2:BucketObjectv2": (_, { inputs }, text) => ({
        id: `${text("bucket") ?? ""}/${text("key") ?? ""}`, arn: arn("s3", `${text("bucket") ?? ""}/${text("key") ?? ""}`, ":"),
        versionId: hash(JSON.stringify(inputs)).slice(0, 32), etag: hash(JSON.stringify(inputs)).slice(0, 32),
    }),
    "aws:sns/topic:Topic": name => ({ id: arn("sns", name), name, arn: arn("sns", name) }),
    "aws:sns/topicPolicy:TopicPolicy": (_, __, text) => ({ id: text("arn") }),
    "aws:wafv2/webAcl:WebAcl": (name, _, text) => ({
        id: uuid(name), name, arn: arn("wafv2", `${text("scope") === "CLOUDFRONT" ? "global" : "regional"}/webacl/${name}/${uuid(name)}`, `${text("region") ?? region}:${accountId}`),
    }),
    "aws:ssm/association:Association": name => ({ id: uuid(name), associationId: uuid(name), arn: arn("ssm", `association/${uuid(name)}`) }),
    "awsx:ec2:Vpc": name => ({
        vpcId: `vpc-${hash(name).slice(0, 17)}`,
        publicSubnetIds: subnets(`${name} public`), privateSubnetIds: subnets(`${name} private`), isolatedSubnetIds: [],
    }),
    "docker:index/image:Image": (_, { inputs }, text) => {
        const repository = (text("imageName") ?? "").replace(/:[^:/]*$/, "");
        return { repoDigest: `${repository}@sha256:${hash(JSON.stringify(inputs["build"] ?? {}) + (text("imageName") ?? ""))}`, baseImageName: text("imageName") };
    },
};

function subnets(name: string): string[] {
    return ["a", "b"].map(zone => `subnet-${hash(`${name} ${zone}`).slice(0, 17)}`);
}

function digits(name: string): string {
    return hash(name).slice(0, 16);
}

function uuid(name: string): string {
    return hash(name).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");
}
