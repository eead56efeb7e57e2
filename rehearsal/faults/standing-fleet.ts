import type { TargetHealth } from "../balancer/balancer";
import { publishedAddress } from "../docker/service";
import type { RollingSite } from "../rolling/rolling-site";

/** How a fleet stands: all that a deployment changes. */
export interface FleetStanding {
    readonly desired: number;
    /** Instances, whatever their state. */
    readonly instances: number;
    /** The release that each instance in service runs, as CodeDeploy knows it and as the instance itself says; undefined = unknown. */
    readonly inService: readonly { readonly id: string; readonly deployed: string | undefined; readonly answers: string | undefined; readonly health: TargetHealth | undefined }[];
    /** What a launched instance would get. */
    readonly lastDeployed: string | undefined;
    readonly deploying: boolean;
}

const answerMs = 2_000;

/** @param containerPort where the service listens in its container */
export async function readFleet({ group, balancer, docker, run }: RollingSite, containerPort: number): Promise<FleetStanding> {
    const health = await balancer.health();
    const inService = await Promise.all(group.inService.map(async host => ({
        id: host.id, deployed: group.releaseOf(host.id), health: health.get(host.id),
        answers: await publishedAddress(docker, `${run}-${host.id}`, containerPort).then(({ host: name, port }) => releaseAt(`http://${name}:${port}/`)),
    })));
    return { desired: group.size.desired, instances: group.members.length, inService, lastDeployed: group.lastDeployed, deploying: group.deployment !== undefined };
}

/** What is not as it must be when a release serves and nothing is under way, a sentence each. */
export function fleetProblems({ desired, instances, inService, lastDeployed, deploying }: FleetStanding, release: string): readonly string[] {
    const rules: readonly (readonly [kept: boolean, problem: string])[] = [
        [!deploying, "a deployment is still under way"],
        [instances === desired && inService.length === desired, `${inService.length} of ${desired} instances are in service (${instances} in all)`],
        [lastDeployed === release, `a new instance would get release ${lastDeployed ?? "none"}, and ${release} serves`],
        ...inService.flatMap(({ id, deployed, answers, health }): (readonly [boolean, string])[] => [
            [health === "healthy", `${id} is ${health ?? "not in the target group"}`],
            [deployed === release, `${id} has release ${deployed ?? "unknown"} instead of ${release}`],
            [answers === undefined || answers === release, `${id} answers with release ${answers ?? ""} instead of ${release}`],
        ]),
    ];
    return rules.filter(([kept]) => !kept).map(([, problem]) => problem);
}

/** What a service says of itself; undefined for one that does not. */
async function releaseAt(url: string): Promise<string | undefined> {
    const response = await fetch(url, { signal: AbortSignal.timeout(answerMs), redirect: "manual" });
    await response.arrayBuffer();
    return response.headers.get("x-release") ?? undefined;
}
