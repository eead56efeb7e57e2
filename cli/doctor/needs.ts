import { type Architecture, architectureOf } from "../../release/architecture";
import { healthyPercent } from "../../release/instance-refresh";
import type { RecordedProgram, RecordedResource } from "../../rehearsal/program/program-facts";

/** What a stack's program takes of an account. */
export interface Needs {
    readonly instanceTypes: readonly string[];
    /** Instances at the most, while they are renewed, or while both colours run. */
    readonly instances: number;
    readonly spot: boolean;
    readonly architecture: Architecture | undefined;
    readonly elasticIps: number;
    readonly ownVpc: boolean;
    readonly ownLoadBalancer: boolean;
}

/** Reads what a program takes from the resources that it registers. */
export function needsOf(program: RecordedProgram): Needs {
    const ofType = (type: string): readonly RecordedResource[] => program.registrations.filter(resource => resource.type === type);
    const [template] = ofType("aws:ec2/launchTemplate:LaunchTemplate");
    const groups = ofType("aws:autoscaling/group:Group");
    const alternatives = list(setting(program, "alternativeInstanceTypes")).map(String);
    const type = template?.inputs["instanceType"] as string | undefined ?? setting(program, "instanceType") ?? "";
    const [vpc] = ofType("awsx:ec2:Vpc");
    return {
        instanceTypes: [type, ...alternatives],
        instances: groups.length > 0 ? mostOf(groups, ofType("aws:autoscaling/schedule:Schedule")) : ofType("aws:ec2/instance:Instance").length,
        spot: setting(program, "spot") === "true",
        architecture: architectureOf(type),
        elasticIps: vpc ? addressesOf(vpc) : 0,
        ownVpc: vpc !== undefined,
        ownLoadBalancer: ofType("aws:lb/loadBalancer:LoadBalancer").length > 0,
    };
}

/** A value of the stack's settings, whatever its project is called. */
export function setting({ config }: Pick<RecordedProgram, "config">, name: string): string | undefined {
    return Object.entries(config).find(([key]) => key.endsWith(`:${name}`) && !key.startsWith("aws:"))?.[1];
}

export function list(text: string | undefined): readonly unknown[] {
    return text === undefined || text === "" ? [] : JSON.parse(text) as readonly unknown[];
}

/** In a roll both colours have as many as the one that serves, which is more than a renewal of one takes. */
function mostOf(groups: readonly RecordedResource[], schedules: readonly RecordedResource[]): number {
    const most = largest([...groups, ...schedules]);
    return groups.length > 1 ? groups.length * most : renewed(most);
}

function largest(sized: readonly RecordedResource[]): number {
    return Math.max(...sized.map(({ inputs }) => Number(inputs["maxSize"])).filter(size => !Number.isNaN(size)));
}

/** An instance refresh launches new ones before it ends old ones. */
function renewed(size: number): number {
    return Math.ceil(size * healthyPercent.most / 100);
}

/** A NAT gateway has one. */
function addressesOf({ inputs }: RecordedResource): number {
    const { strategy = "None" } = (inputs["natGateways"] ?? {}) as { readonly strategy?: string };
    return { None: 0, Single: 1, OnePerAz: Number(inputs["numberOfAvailabilityZones"] ?? 3) }[strategy] ?? 0;
}
