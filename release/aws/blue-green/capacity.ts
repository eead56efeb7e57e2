import { DescribeTargetHealthCommand, type ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { ColourResources } from "../../stage";
import type { Target } from "../../status";
import { type GroupSizes, sizesOf } from "./group-sizes";
import type { StepWork } from "./step-work";

/** The load balancer's words for what gets no requests and is none of the group's any more. */
const leaving: readonly string[] = ["draining", "unused"];

export async function readColourTargets(
    loadBalancing: ElasticLoadBalancingV2Client, { targetGroupArn }: Pick<ColourResources, "targetGroupArn">, abortSignal: AbortSignal,
): Promise<readonly Target[]> {
    const { TargetHealthDescriptions = [] } = await loadBalancing.send(new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn }), { abortSignal });
    return TargetHealthDescriptions.map(({ Target, TargetHealth }) => ({
        id: Target?.Id ?? "", health: TargetHealth?.State ?? "unknown", detail: TargetHealth?.Description ?? TargetHealth?.Reason,
    }));
}

export function targetsOf({ ask, clients: { loadBalancing }, to }: StepWork): Promise<readonly Target[]> {
    return ask(signal => readColourTargets(loadBalancing, to, signal));
}

/** How large the new colour is. @throws when it shall have too few instances to serve: they have been ended meanwhile, and nobody brings them back */
export async function fullSizes(work: StepWork): Promise<GroupSizes> {
    const sizes = await sizesOf(work, work.to.autoScalingGroup);
    const fewest = Math.max(1, work.roll.minSize);
    if (sizes.desired < fewest) throw new Error(`${sizes.name} shall have ${sizes.desired} instances, and ${fewest} at least are needed to serve: they have been ended meanwhile`);
    return sizes;
}

/** What the new colour lacks to serve; undefined for nothing. */
export async function lackOf(work: StepWork): Promise<string | undefined> {
    const group = await fullSizes(work);
    return lackOfService(group) ?? lackOfHealth(group, await targetsOf(work));
}

/** What the new colour lacks to serve as many requests as so many instances can, whatever else it is growing to; undefined for nothing. */
export async function lackOfUrgent(work: StepWork, fewest: number): Promise<string | undefined> {
    const [group, targets] = [await fullSizes(work), await targetsOf(work)];
    const inService = new Set(group.instances.filter(({ lifecycle }) => lifecycle === "InService").map(({ id }) => id));
    const healthy = targets.filter(({ id, health }) => health === "healthy" && inService.has(id)).length;
    return healthy >= fewest ? undefined : `${healthy} of ${fewest} instances of ${group.name} are healthy: ${lackOfHealth(group, targets) ?? "the others have left"}`;
}

/** What a group lacks until all the instances that it shall have are in service. */
export function lackOfService({ name, desired, instances }: GroupSizes): string | undefined {
    const inService = instances.filter(({ lifecycle }) => lifecycle === "InService").length;
    return inService === desired ? undefined : `${inService} of ${desired} instances of ${name} are in service`;
}

/** What a group lacks to be filled: an old instance that leaves would be taken for one that gets the release. */
export function lackOfBoot(group: GroupSizes): string | undefined {
    const leaving = group.instances.filter(({ lifecycle }) => lifecycle.startsWith("Terminating")).map(({ id }) => id);
    return leaving.length > 0 ? `${leaving.join(", ")} of ${group.name} ${leaving.length === 1 ? "is" : "are"} still leaving` : lackOfService(group);
}

/** What is lacking until every instance in service is a healthy target, and nothing else is a target. */
export function lackOfHealth({ name, instances }: GroupSizes, targets: readonly Target[]): string | undefined {
    const inService = new Set(instances.filter(({ lifecycle }) => lifecycle === "InService").map(({ id }) => id));
    const known = new Map(targets.map(target => [target.id, target]));
    const lacking = [...inService].flatMap(id => {
        const target = known.get(id);
        return target?.health === "healthy" ? [] : [`${id} is ${target?.health ?? "no target"}${target?.detail === undefined ? "" : ` (${target.detail})`}`];
    });
    const strangers = targets.filter(({ id, health }) => !instances.some(instance => instance.id === id) && !leaving.includes(health))
        .map(({ id }) => `${id} is a target and no instance of ${name}`);
    const words = [...lacking, ...strangers];
    return words.length === 0 ? undefined : words.join(", ");
}
