import { ReleaseError } from "./error";
import { minimumHealthy, type MinimumHealthyHosts } from "./minimum-healthy-hosts";

/** An instance as a deployment finds it. */
export interface Host {
    readonly id: string;
    /** Whether the last deployment to it succeeded, which is all that CodeDeploy knows of its health. One that is not costs no capacity when it is taken out. */
    readonly healthy: boolean;
    /** What it runs, seen from the deployment group's last success: its release, another one, or nobody knows. */
    readonly revision: "unknown" | "old" | "current";
}

/** An instance in a deployment. */
export interface DeployingHost extends Host {
    readonly progress: "waiting" | "deploying" | "succeeded" | "failed";
}

/** One release on its way to all hosts of a fleet, wave by wave: what CodeDeploy calls a deployment. */
export interface Deployment {
    /** 1 for the rollout, 2 for the rollback after it. */
    readonly number: number;
    readonly release: string;
    /** Waves begun so far. */
    readonly wave: number;
    /** Hosts that must stay healthy. */
    readonly minimum: number;
    /** In the order in which they are taken. */
    readonly hosts: readonly DeployingHost[];
    /** What went wrong so far, a line a host. */
    readonly failures: readonly string[];
    /** Why no further wave shall begin. */
    readonly stop: string | undefined;
}

/** What comes next in a deployment. */
export type Verdict =
    | { readonly next: "wait" }
    | { readonly next: "wave"; readonly hosts: readonly string[] }
    | { readonly next: "end"; readonly outcome: "succeeded" | "failed" | "refused"; readonly reason: string };

const order: readonly ((host: Host) => boolean)[] = [
    host => !host.healthy,
    host => host.revision === "unknown",
    host => host.revision === "old",
    () => true,
];

/** A deployment before its first wave. */
export function openDeployment(
    number: number,
    release: string,
    hosts: readonly Host[],
    minimumHealthyHosts: MinimumHealthyHosts,
): Deployment {
    return {
        number,
        release,
        wave: 0,
        minimum: minimumHealthy(hosts.length, minimumHealthyHosts),
        hosts: [...hosts].sort((a, b) => rank(a) - rank(b)).map(host => ({ ...host, progress: "waiting" })),
        failures: [],
        stop: undefined,
    };
}

/**
 * Decides what comes next. A wave is a barrier here: the next one begins when all hosts of this one have reported.
 * That is a model; CodeDeploy may take the next host as soon as the minimum allows it.
 */
export function judge(deployment: Deployment): Verdict {
    if (deployment.hosts.some(host => host.progress === "deploying")) return { next: "wait" };
    if (deployment.stop !== undefined) return end("failed", deployment.stop);
    if (deployment.wave === 0) {
        const refusal = whyRefused(deployment);
        if (refusal !== undefined) return end("refused", refusal);
    }
    const hosts = nextHosts(deployment);
    return hosts.length > 0 ? { next: "wave", hosts } : judgeEnd(deployment);
}

export function startWave(deployment: Deployment, ids: readonly string[]): Deployment {
    const hosts = deployment.hosts.map(host =>
        ids.includes(host.id) ? { ...host, progress: "deploying" as const } : host,
    );
    return { ...deployment, wave: deployment.wave + 1, hosts };
}

export function reportSuccess(deployment: Deployment, id: string): Deployment {
    return settle(deployment, id, { progress: "succeeded", healthy: true, revision: "current" });
}

export function reportFailure(deployment: Deployment, id: string, reason: string): Deployment {
    const settled = settle(deployment, id, { progress: "failed", healthy: false, revision: "unknown" });
    return { ...settled, failures: [...settled.failures, `${id}: ${reason}`] };
}

function rank(host: Host): number {
    return order.findIndex(belongs => belongs(host));
}

function whyRefused({ hosts, minimum }: Deployment): string | undefined {
    if (hosts.length === 0) return "NO_INSTANCES: there is no host to deploy to";
    const constrained = hosts.some(host => host.healthy) ? minimum >= hosts.length : minimum > hosts.length;
    return constrained
        ? `HEALTH_CONSTRAINTS_INVALID: ${minimum} of ${hosts.length} hosts must stay healthy, so none may be taken out`
        : undefined;
}

// https://docs.aws.amazon.com/codedeploy/latest/userguide/instances-health.html: it begins with the unhealthy hosts, and compares with the
// minimum when they are done. All at once is a model, since they cost no capacity; so a first deployment, which finds no healthy host, is one wave.
function nextHosts({ hosts, minimum }: Deployment): readonly string[] {
    const waiting = hosts.filter(host => host.progress === "waiting");
    const unhealthy = waiting.filter(host => !host.healthy);
    const spare = Math.max(0, hosts.filter(host => host.healthy).length - minimum);
    return (unhealthy.length > 0 ? unhealthy : waiting.slice(0, spare)).map(host => host.id);
}

// https://docs.aws.amazon.com/codedeploy/latest/userguide/instances-health.html: a deployment stops when failures have
// brought the healthy hosts down to the minimum, unless no host is left; it needs one success even with a minimum of 0.
// Where a host is left, fewer than the minimum have succeeded: the host itself still counts among the healthy ones.
function judgeEnd({ hosts, minimum, failures, release }: Deployment): Verdict {
    const succeeded = hosts.filter(host => host.progress === "succeeded").length;
    const tally = [`${succeeded} of ${hosts.length} hosts run ${release}`, ...failures].join("; ");
    return succeeded >= Math.max(1, minimum)
        ? end("succeeded", tally)
        : end("failed", `HEALTH_CONSTRAINTS: ${minimum} must stay healthy; ${tally}`);
}

function end(outcome: "succeeded" | "failed" | "refused", reason: string): Verdict {
    return { next: "end", outcome, reason };
}

function settle(deployment: Deployment, id: string, result: Omit<DeployingHost, "id">): Deployment {
    const host = deployment.hosts.find(candidate => candidate.id === id);
    const of = `deployment ${deployment.number}`;
    if (host === undefined) throw new ReleaseError(`host '${id}' is not part of ${of}`);
    if (host.progress === "waiting") throw new ReleaseError(`host '${id}' reported before its wave of ${of} began`);
    if (host.progress !== "deploying") throw new ReleaseError(`host '${id}' has already reported to ${of}`);
    return { ...deployment, hosts: deployment.hosts.map(other => (other === host ? { ...host, ...result } : other)) };
}
