import { DescribeAddressesCommand, DescribeInstanceTypesCommand, type EC2Client, type Instance, paginateDescribeInstances, paginateDescribeVpcs, type _InstanceType } from "@aws-sdk/client-ec2";
import { type ElasticLoadBalancingV2Client, paginateDescribeLoadBalancers } from "@aws-sdk/client-elastic-load-balancing-v2";
import { GetAWSDefaultServiceQuotaCommand, GetServiceQuotaCommand, NoSuchResourceException, type ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import { type Diagnosis, diagnoseQuota, skipped } from "../../doctor";

/** What a stack takes of an account's quotas. */
export interface FleetNeed {
    /** Types that its instances may be of. */
    readonly instanceTypes: readonly string[];
    /** Instances at the most, while they are renewed. */
    readonly instances: number;
    readonly spot: boolean;
    /** The stack's Auto Scaling group; undefined when there is none yet, or none at all. */
    readonly group: string | undefined;
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
    const [limit, vcpus, usedByOthers] = await Promise.all([
        limitOf(quotas, name, abortSignal), largestVcpus(ec2, need.instanceTypes, abortSignal), vcpusOfOthers(ec2, need, abortSignal),
    ]);
    return diagnoseQuota({
        what: `vCPUs of ${need.spot ? "spot" : "on-demand"} standard instances`, limit, usedByOthers, needed: need.instances * vcpus, link: await linkOf(quotas, name),
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

async function largestVcpus(ec2: EC2Client, types: readonly string[], abortSignal: AbortSignal): Promise<number> {
    const { InstanceTypes = [] } = await ec2.send(new DescribeInstanceTypesCommand({ InstanceTypes: types as _InstanceType[] }), { abortSignal });
    return Math.max(0, ...InstanceTypes.map(({ VCpuInfo }) => VCpuInfo?.DefaultVCpus ?? 0));
}

async function vcpusOfOthers(ec2: EC2Client, { spot, group }: FleetNeed, abortSignal: AbortSignal): Promise<number> {
    const Filters = [{ Name: "instance-state-name", Values: ["pending", "running"] }];
    let used = 0;
    for await (const { Reservations = [] } of paginateDescribeInstances({ client: ec2 }, { Filters }, { abortSignal })) {
        const counted = Reservations.flatMap(({ Instances = [] }) => Instances)
            .filter(instance => isStandard(instance.InstanceType ?? "") && (instance.InstanceLifecycle === "spot") === spot && !isOf(group, instance));
        used += counted.reduce((sum, { CpuOptions }) => sum + (CpuOptions?.CoreCount ?? 0) * (CpuOptions?.ThreadsPerCore ?? 1), 0);
    }
    return used;
}

function isOf(group: string | undefined, { Tags = [] }: Instance): boolean {
    return group !== undefined && Tags.some(({ Key, Value }) => Key === "aws:autoscaling:groupName" && Value === group);
}
