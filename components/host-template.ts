import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Architecture } from "../release/architecture";
import type { HostArgs } from "./host-args";
import { userData } from "./user-data";

/** What the template refers to, made or derived before it. */
export interface TemplateParts {
    readonly instanceType: string;
    readonly architecture: Architecture;
    /** AMI, or what EC2 resolves to one. */
    readonly imageId: pulumi.Input<string>;
    /** Value of the dimension `Fleet` of the host's metrics. */
    readonly fleetName: string;
    /** Lifecycle hook to report to, or nothing. */
    readonly launchHook: string;
    readonly region: pulumi.Output<string>;
    readonly composeKey: pulumi.Output<string>;
    readonly logGroupName: pulumi.Output<string>;
    readonly profileArn: pulumi.Output<string>;
    readonly securityGroupId: pulumi.Output<string>;
}

/** What an instance is launched from. A change makes a new version of it, for the next launch. */
export function makeTemplate(name: string, args: HostArgs, parts: TemplateParts, parent: pulumi.Resource): aws.ec2.LaunchTemplate {
    const { rootVolumeGiB = 20, containersUseInstanceRole = false, launchTags = {} } = args;
    return new aws.ec2.LaunchTemplate(`${name}-template`, {
        updateDefaultVersion: true,
        instanceType: parts.instanceType,
        imageId: parts.imageId,
        blockDeviceMappings: [{
            deviceName: "/dev/xvda",
            ebs: { volumeType: "gp3", volumeSize: rootVolumeGiB, encrypted: "true", deleteOnTermination: "true" },
        }],
        metadataOptions: {
            httpEndpoint: "enabled",
            httpTokens: "required",
            // What Gapless itself needs the role for (Docker, registry login, agents) runs on the host.
            httpPutResponseHopLimit: containersUseInstanceRole ? 2 : 1,
        },
        iamInstanceProfile: { arn: parts.profileArn },
        vpcSecurityGroupIds: [parts.securityGroupId],
        userData: bootUserData(args, parts),
        // EC2 refuses a specification without tags.
        ...(Object.keys(launchTags).length > 0 && { tagSpecifications: [{ resourceType: "volume", tags: { ...launchTags } }] }),
    }, { parent });
}

function bootUserData(args: HostArgs, parts: TemplateParts): pulumi.Output<string> {
    const { compose, codeDeployAgentVersion, swapGiB = 1, throughEndpoints = false, bootScript } = args;
    const known = {
        region: parts.region, composeKey: parts.composeKey, logGroupName: parts.logGroupName,
        bucket: args.releaseBucketName, registry: args.registry, dockerHubSecret: args.dockerHubSecretArn ?? "",
    };
    return pulumi.output(known).apply(({ region, composeKey, logGroupName, bucket, registry, dockerHubSecret }) => {
        const text = userData({
            GAPLESS_REGION: region,
            GAPLESS_ARTIFACT_BUCKET: bucket,
            GAPLESS_COMPOSE_KEY: composeKey,
            GAPLESS_COMPOSE_SHA256: compose.sha256[parts.architecture.uname],
            GAPLESS_AGENT_VERSION: codeDeployAgentVersion,
            GAPLESS_REGISTRY: registry,
            GAPLESS_DOCKER_HUB_SECRET: dockerHubSecret,
            GAPLESS_THROUGH_ENDPOINTS: throughEndpoints ? "yes" : "",
            GAPLESS_FLEET: parts.fleetName,
            GAPLESS_LOG_GROUP: logGroupName,
            GAPLESS_SWAP_GIB: swapGiB,
            GAPLESS_LIFECYCLE_HOOK: parts.launchHook,
        }, bootScript);
        return Buffer.from(text).toString("base64");
    });
}
