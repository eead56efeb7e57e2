import { DescribeAddressesCommand, DescribeInstanceTypesCommand, type EC2Client, type Instance, paginateDescribeInstances, paginateDescribeVpcs, type _InstanceType } from "@aws-sdk/client-ec2";
import { type ElasticLoadBalancingV2Client, paginateDescribeLoadBalancers } from "@aws-sdk/client-elastic-load-balancing-v2";
import { GetAWSDefaultServiceQuotaCommand, GetServiceQuotaCommand, NoSuchResourceException, type ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import { type Diagnosis, diagnoseQuota, skipped } from "../../doctor";

/** What a stack takes of an account's quotas. */
export interface FleetNeed {
    /** Types that its instances may be of. */
    readonly instanceTypes: readonly string[];
    /** Instances at the most, while they are renewed, or while both colours run. */
    readonly instances: number;
    readonly spot: boolean;
    /** The stack's Auto Scaling groups; empty when there is none yet, or none at all. */
    readonly groups: readonly string[];
}

export interface QuotaClients {
    readonly quotas: ServiceQuotasClient;
    readonly ec2: EC2Client;
    readonly loadBalancing: ElasticLoadBalancingV2Client;
}

interface QuotaName {
    readonly service: string;
    readonly code: string;
}

// Codes are the same in all accounts and regions: `aws service-quotas list-aws-default-service-quotas --service-code …`.
const onDemandVcpus: QuotaName = { service: "ec2", code: "L-1216C47A" };
const spotVcpus: QuotaName = { service: "ec2", code: "L-34B43A08" };
const addresses: QuotaName = { service: "ec2", code: "L-0263D0A3" };
const vpcs: QuotaName = { service: "vpc", code: "L-F678F1CE" };
const loadBalancers: QuotaName = { service: "elasticloadbalancing", code: "L-53DA6B97" };

/** Whether EC2 lets the fleet grow to its largest size. */
export async function checkVcpus({ quotas, ec2 }: QuotaClients, need: FleetNeed, abortSignal: AbortSignal): Promise<Diagnosis> {
    const other = need.instanceTypes.find(type => !isStandard(type));
    if (other !== undefined) return skipped(`${other} has a quota of its own family, which is not looked up`);
    const name = need.spot ? spotVcpus : onDemandVcpus;
    const [limit, others] = await Promise.all([limitOf(quotas, name, abortSignal), typesOfOthers(ec2, need, abortSignal)]);
    const vcpus = await vcpusOf(ec2, [...new Set([...need.instanceTypes, ...others])], abortSignal);
    const usedByOthers = others.reduce((sum, type) => sum + vcpus(type), 0);
    const largest = Math.max(...need.instanceTypes.map(vcpus));
    return diagnoseQuota({
        what: `vCPUs of ${need.spot ? "spot" : "on-demand"} standard instances`, limit, usedByOthers, needed: need.instances * largest, link: await linkOf(quotas, name),
    });
}

export async function checkAddresses({ quotas, ec2 }: QuotaClients, needed: number, abortSignal: AbortSignal): Promise<Diagnosis> {
    const [limit, { Addresses = [] }] = await Promise.all([limitOf(quotas, addresses, abortSignal), ec2.send(new DescribeAddressesCommand({}), { abortSignal })]);
    return diagnoseQuota({ what: "Elastic IP addresses", limit, usedByOthers: Addresses.length, needed, link: await linkOf(quotas, addresses) });
}

export async function checkVpcs({ quotas, ec2 }: QuotaClients, abortSignal: AbortSignal): Promise<Diagnosis> {
    let used = 0;
    for await (const { Vpcs = [] } of paginateDescribeVpcs({ client: ec2 }, {}, { abortSignal })) used += Vpcs.length;
    return diagnoseQuota({ what: "VPCs", limit: await limitOf(quotas, vpcs, abortSignal), usedByOthers: used, needed: 1, link: await linkOf(quotas, vpcs) });
}

export async function checkLoadBalancers({ quotas, loadBalancing }: QuotaClients, abortSignal: AbortSignal): Promise<Diagnosis> {
    let used = 0;
    for await (const { LoadBalancers = [] } of paginateDescribeLoadBalancers({ client: loadBalancing }, {}, { abortSignal })) {
        used += LoadBalancers.filter(({ Type }) => Type === "application").length;
    }
    return diagnoseQuota({
        what: "Application Load Balancers", limit: await limitOf(quotas, loadBalancers, abortSignal), usedByOthers: used, needed: 1, link: await linkOf(quotas, loadBalancers),
    });
}

/** The families A, C, D, H, I, M, R, T and Z share one quota. */
function isStandard(type: string): boolean {
    return /^(a|c|d|h|i|im|is|m|r|t|z)\d/.test(type);
}

async function limitOf(quotas: ServiceQuotasClient, { service, code }: QuotaName, abortSignal: AbortSignal): Promise<number> {
    const asked = { ServiceCode: service, QuotaCode: code };
    try {
        const { Quota } = await quotas.send(new GetServiceQuotaCommand(asked), { abortSignal });
        return Quota?.Value ?? 0;
    } catch (error) {
        // Some are applied only once they were changed.
        if (!(error instanceof NoSuchResourceException)) throw error;
        const { Quota } = await quotas.send(new GetAWSDefaultServiceQuotaCommand(asked), { abortSignal });
        return Quota?.Value ?? 0;
    }
}

async function linkOf(quotas: ServiceQuotasClient, { service, code }: QuotaName): Promise<string> {
    const region = await quotas.config.region();
    return `https://${region}.console.aws.amazon.com/servicequotas/home/services/${service}/quotas/${code}`;
}

/** By type, as the quotas count them, whatever an instance's own CPU options are. */
async function vcpusOf(ec2: EC2Client, types: readonly string[], abortSignal: AbortSignal): Promise<(type: string) => number> {
    const found = new Map<string, number>();
    for (let begin = 0; begin < types.length; begin += typesPerCall) {
        const InstanceTypes = types.slice(begin, begin + typesPerCall) as _InstanceType[];
        const page = await ec2.send(new DescribeInstanceTypesCommand({ InstanceTypes }), { abortSignal });
        for (const { InstanceType = "", VCpuInfo } of page.InstanceTypes ?? []) found.set(InstanceType, VCpuInfo?.DefaultVCpus ?? 0);
    }
    return type => found.get(type) ?? 0;
}

const typesPerCall = 100;

/** Types of the instances that are not the stack's own and count for the same quota. */
async function typesOfOthers(ec2: EC2Client, { spot, groups }: FleetNeed, abortSignal: AbortSignal): Promise<readonly string[]> {
    const Filters = [{ Name: "instance-state-name", Values: ["pending", "running"] }];
    const types: string[] = [];
    for await (const { Reservations = [] } of paginateDescribeInstances({ client: ec2 }, { Filters }, { abortSignal })) {
        const others = Reservations.flatMap(({ Instances = [] }) => Instances)
            .filter(instance => (instance.InstanceLifecycle === "spot") === spot && !isOf(groups, instance));
        types.push(...others.map(({ InstanceType = "" }) => InstanceType).filter(isStandard));
    }
    return types;
}

function isOf(groups: readonly string[], { Tags = [] }: Instance): boolean {
    return Tags.some(({ Key, Value = "" }) => Key === "aws:autoscaling:groupName" && groups.includes(Value));
}
