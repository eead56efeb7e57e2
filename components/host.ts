import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Architecture, architectureOf } from "../release/architecture";
import { accountOf } from "./account";
import { admitLoadBalancer } from "./host-access";
import { defaultInstanceType, fleetNameOf, type HostArgs } from "./host-args";
import { makeTemplate } from "./host-template";
import { instancePolicy } from "./instance-policy";
import { type LookUp, newestAmazonLinux } from "./machine-image";
import { makeRole } from "./role";

/** Auto Scaling group that launches the hosts and waits for them at a lifecycle hook. */
export interface LaunchingGroup {
    /** Logical name of the group, which itself comes later: it waits for instances. */
    readonly logicalName: string;
    /** Hook that the last line of the boot script completes. */
    readonly launchHook: string;
    /** When the image is looked up, unless one is given. */
    readonly imageLookUp: LookUp;
}

/** Everything that an instance needs before it can be launched. */
export interface Host {
    readonly templateId: pulumi.Output<string>;
    /** Newest version of the template, as launches refer to it. */
    readonly templateVersion: pulumi.Output<string>;
    readonly logGroupName: pulumi.Output<string>;
    readonly securityGroupId: pulumi.Output<string>;
    readonly roleName: pulumi.Output<string>;
    /** Value of the dimension `Fleet` of the metrics that the host sends to the namespace `Gapless`. */
    readonly fleetName: string;
    /** What must be there before the first launch and is not named by the template. */
    readonly before: readonly pulumi.Resource[];
}

/** Describes a host whose arguments have passed `hostRules`. Without a group, nobody is told when it has booted. */
export function makeHost(name: string, args: HostArgs, group: LaunchingGroup | undefined, parent: pulumi.Resource): Host {
    const { instanceType = defaultInstanceType, logRetentionDays = 30, launchTags = {} } = args;
    // Checked before, which TypeScript cannot see.
    const architecture = architectureOf(instanceType) as Architecture;
    const fleetName = fleetNameOf(name, launchTags);
    const account = accountOf(parent);

    const logs = new aws.cloudwatch.LogGroup(`${name}-logs`, { retentionInDays: logRetentionDays }, { parent });
    const { access, rules } = admitLoadBalancer(name, args, parent);
    const { role, policy } = makeRole(`${name}-instance`, {
        service: "ec2.amazonaws.com",
        statements: instancePolicy({ ...args, account, logGroupArn: logs.arn, groupName: group?.logicalName }),
    }, parent);
    const profile = new aws.iam.InstanceProfile(`${name}-profile`, { role: role.name }, { parent });
    const compose = storeCompose(name, args, architecture, parent);
    const template = makeTemplate(name, args, {
        instanceType, architecture, fleetName,
        imageId: args.amiId ?? newestAmazonLinux(architecture, group?.imageLookUp ?? "atLaunch", parent),
        launchHook: group?.launchHook ?? "",
        region: account.region, composeKey: compose.key, logGroupName: logs.name, profileArn: profile.arn, securityGroupId: access.id,
    }, parent);

    return {
        templateId: template.id,
        templateVersion: pulumi.interpolate`${template.latestVersion}`,
        logGroupName: logs.name,
        securityGroupId: access.id,
        roleName: role.name,
        fleetName,
        before: [policy, ...rules],
    };
}

/** Puts the compose plugin where an instance finds it, so that booting needs nobody outside of AWS. */
function storeCompose(name: string, { compose, releaseBucketName }: HostArgs, { uname }: Architecture, parent: pulumi.Resource): aws.s3.BucketObjectv2 {
    return new aws.s3.BucketObjectv2(`${name}-compose`, {
        bucket: releaseBucketName,
        key: `tools/docker-compose-${compose.version}-${uname}`,
        source: new pulumi.asset.RemoteAsset(compose.url[uname]),
    }, { parent });
}
