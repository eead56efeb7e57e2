/** What the balancer does, in real milliseconds of this rehearsal. */
export interface BalancerNumbers {
    /** Path of the health check. */
    readonly path: string;
    /** Status that counts as healthy, as an ALB matcher: "200", "200,204" or "200-299". */
    readonly matcher: string;
    readonly healthIntervalMs: number;
    readonly healthTimeoutMs: number;
    readonly healthyThreshold: number;
    readonly unhealthyThreshold: number;
    readonly idleTimeoutMs: number;
}

export const balancerPorts = { door: 8080, runtime: 9999 } as const;
export const backend = "targets";

/**
 * HAProxy's configuration that makes it behave like an ALB: no second try of a request, connections to targets kept and
 * shared, every target unused until it is registered.
 */
export function haproxyConfig(numbers: BalancerNumbers, targets: readonly string[]): string {
    const { healthIntervalMs, healthyThreshold, unhealthyThreshold } = numbers;
    const check = `check inter ${healthIntervalMs}ms rise ${healthyThreshold} fall ${unhealthyThreshold}`;
    return [
        "global",
        `    stats socket ipv4@0.0.0.0:${balancerPorts.runtime} level admin`,
        "    maxconn 8000",
        "    nbthread 1",
        "defaults",
        "    mode http",
        // AWS fixes an ALB's connect timeout at ten seconds.
        "    timeout connect 10s",
        `    timeout client ${numbers.idleTimeoutMs}ms`,
        `    timeout server ${numbers.idleTimeoutMs}ms`,
        `    timeout check ${numbers.healthTimeoutMs}ms`,
        "    retries 0",
        "    no option redispatch",
        "    option http-keep-alive",
        "    http-reuse always",
        "frontend door",
        `    bind :${balancerPorts.door}`,
        `    default_backend ${backend}`,
        `backend ${backend}`,
        "    balance roundrobin",
        "    option httpchk",
        `    http-check send meth GET uri ${numbers.path}`,
        `    http-check expect status ${numbers.matcher}`,
        `    default-server ${check} disabled`,
        // The address is a stand-in until the target is registered.
        ...targets.map(target => `    server ${target} 127.0.0.1:1`),
        "",
    ].join("\n");
}
