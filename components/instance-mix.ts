import type * as aws from "@pulumi/aws";
import { architectureOf } from "../release/architecture";
import type { Host } from "./host";
import { defaultInstanceType, type HostArgs } from "./host-args";
import type { LookUp } from "./machine-image";

/** What a group may launch. */
export interface InstanceMixArgs extends Pick<HostArgs, "instanceType"> {
    /** Other instance types that do as well, of the same architecture, when `instanceType` cannot be had. @default none */
    readonly alternativeInstanceTypes?: readonly string[];
    /**
     * Whether the instances are spare capacity of AWS, cheaper and taken back at two minutes' notice, of whichever type is least
     * likely to be. For a service that can do with fewer instances for some minutes. @default false
     */
    readonly spot?: boolean;
}

/** What is wrong with the alternatives: one image and one compose binary must run on all types. */
export function mixRules({ instanceType = defaultInstanceType, alternativeInstanceTypes = [] }: InstanceMixArgs): readonly (string | false)[] {
    const wanted = architectureOf(instanceType)?.ami;
    return alternativeInstanceTypes.flatMap((type, index) => {
        const architecture = architectureOf(type)?.ami;
        return [
            architecture === undefined && `alternativeInstanceTypes must be EC2's such as t3a.small, got '${type}'`,
            architecture !== undefined && wanted !== undefined && architecture !== wanted &&
                `alternativeInstanceTypes must have the architecture of ${instanceType} (${wanted}), got '${type}' (${architecture})`,
            [instanceType, ...alternativeInstanceTypes.slice(0, index)].includes(type) && `alternativeInstanceTypes names '${type}' once more`,
        ];
    });
}

/** Auto Scaling mixes types or buys spare capacity by a policy of its own. */
function isMixed({ alternativeInstanceTypes = [], spot = false }: InstanceMixArgs): boolean {
    return alternativeInstanceTypes.length > 0 || spot;
}

/**
 * When the hosts' image is looked up: with such a policy, Auto Scaling takes no template that leaves it to the launch.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/using-systems-manager-parameters.html
 */
export function imageLookUpOf(args: InstanceMixArgs): LookUp {
    return isMixed(args) ? "atUp" : "atLaunch";
}

/** How a group launches hosts: from the template alone, or with a choice of types. Always the template's newest version. */
export function launchOf(
    { templateId, templateVersion }: Host,
    args: InstanceMixArgs,
): Pick<aws.autoscaling.GroupArgs, "launchTemplate" | "mixedInstancesPolicy" | "capacityRebalance"> {
    const { instanceType = defaultInstanceType, alternativeInstanceTypes = [], spot = false } = args;
    if (!isMixed(args)) return { launchTemplate: { id: templateId, version: templateVersion } };
    return {
        mixedInstancesPolicy: {
            launchTemplate: {
                launchTemplateSpecification: { launchTemplateId: templateId, version: templateVersion },
                overrides: [instanceType, ...alternativeInstanceTypes].map(instanceType => ({ instanceType })),
            },
            instancesDistribution: {
                onDemandAllocationStrategy: "prioritized",
                onDemandBaseCapacity: 0,
                onDemandPercentageAboveBaseCapacity: spot ? 0 : 100,
                spotAllocationStrategy: "price-capacity-optimized",
            },
        },
        // The replacement of an instance that AWS will take back is launched, and boots, before that one goes.
        capacityRebalance: spot,
    };
}
