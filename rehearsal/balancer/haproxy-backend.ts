/** What a target group's backend does, in real milliseconds of this rehearsal. */
export interface BackendNumbers {
    /** Path of the health check. */
    readonly path: string;
    /** Status that counts as healthy, as an ALB matcher: "200", "200,204" or "200-299". */
    readonly matcher: string;
    readonly healthIntervalMs: number;
    readonly healthyThreshold: number;
    readonly unhealthyThreshold: number;
    readonly idleTimeoutMs: number;
}

/** A target's second server, which nobody checks: it takes requests when no checked one of the group does. */
export function uncheckedTwin(server: string): string {
    return `${server}-unchecked`;
}

/** A target group as a backend of HAProxy. */
export function targetGroupBackend(name: string, numbers: BackendNumbers & { readonly connectTimeoutMs: number }, targets: readonly string[]): readonly string[] {
    return [`backend ${name}`, ...[...servers(numbers, targets), ...checks(numbers), ...statuses(numbers)].map(line => `    ${line}`)];
}

function servers({ healthIntervalMs, healthyThreshold, unhealthyThreshold, idleTimeoutMs }: BackendNumbers, targets: readonly string[]): readonly string[] {
    const check = `check inter ${healthIntervalMs}ms rise ${healthyThreshold} fall ${unhealthyThreshold}`;
    return [
        "balance roundrobin",
        // A group without a healthy target fails open to all that are registered:
        // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health.html
        "option allbackups",
        // Of 100, so that a server can be given less for a while. Idle connections stay as long as an ALB's, so that a service whose
        // keep-alive is shorter meets here what it meets there.
        `default-server weight 100 pool-purge-delay ${idleTimeoutMs}ms disabled`,
        // The address is a stand-in until the target is registered.
        ...targets.flatMap(target => [`server ${target} 127.0.0.1:1 ${check}`, `server ${uncheckedTwin(target)} 127.0.0.1:1 backup`]),
    ];
}

function checks({ path, matcher }: BackendNumbers): readonly string[] {
    // An ALB's request, which names the target that it goes to.
    const headers = "hdr Host %[bc_dst]:%[bc_dst_port] hdr User-Agent ELB-HealthChecker/2.0";
    return ["option httpchk", `http-check send meth GET uri ${path} ver HTTP/1.1 ${headers}`, `http-check expect status ${matcher}`];
}

/**
 * An ALB's status where HAProxy's is another. HAProxy answers 503 whenever it has no connection to a target; an ALB does so only
 * without a target, answers 502 when the target refuses the connection, and 504 when there is none within the connection time-out:
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html
 */
function statuses({ connectTimeoutMs }: { readonly connectTimeoutMs: number }): readonly string[] {
    return [
        // Only what comes from a target runs through these rules, while all answers run through those below.
        "http-response set-var(txn.answered) bool(true)",
        "acl answered var(txn.answered) -m bool",
        "acl had-target srv_id -m found",
        `http-after-response set-status 504 reason "Gateway Timeout" if { status 503 } had-target !answered { date(0,ms),sub(txn.asked) ge ${connectTimeoutMs} }`,
        'http-after-response set-status 502 reason "Bad Gateway" if { status 503 } had-target !answered',
    ];
}
