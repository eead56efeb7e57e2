import { type Colour, colourHeader, colourHeaderValue, colours } from "../../release/blue-green/colour";

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

/** Requests of a colour: who has its header, and by its share of 100. */
export interface ColourRouting {
    readonly headerSecret: string;
    /** Servers of each colour: as many as its group may have, and those that still drain. */
    readonly slots: Readonly<Record<Colour, readonly string[]>>;
}

/** Holds green's share of 100; blue has the rest. */
export const weightsMap = "/tmp/weights.map";

/**
 * HAProxy's configuration that makes it behave like an ALB: no second try of a request, connections to targets kept and
 * shared, every target unused until it is registered.
 */
export function haproxyConfig(numbers: BalancerNumbers, targets: readonly string[]): string {
    return lines([...common(numbers), ...frontend([`default_backend ${backend}`]), ...targetGroup(backend, numbers, targets)]);
}

/** The same with a target group for each colour: the header decides, else the weights, as an ALB's rules do, for each request anew. */
export function colourHaproxyConfig(numbers: BalancerNumbers, { headerSecret, slots }: ColourRouting): string {
    const rules = [
        `http-request set-var(txn.green) str(green),map_str_int(${weightsMap},0)`,
        ...colours.map(colour => `use_backend ${colour} if { req.hdr(${colourHeader}) -m str ${colourHeaderValue(colour, headerSecret)} }`),
        "use_backend green if { rand(100),sub(txn.green) lt 0 }",
        "default_backend blue",
    ];
    return lines([...common(numbers), ...frontend(rules), ...colours.flatMap(colour => targetGroup(colour, numbers, slots[colour]))]);
}

function common({ healthTimeoutMs, idleTimeoutMs }: BalancerNumbers): readonly string[] {
    return [
        "global",
        `    stats socket ipv4@0.0.0.0:${balancerPorts.runtime} level admin`,
        "    maxconn 8000",
        "    nbthread 1",
        "defaults",
        "    mode http",
        // AWS fixes an ALB's connect timeout at ten seconds.
        "    timeout connect 10s",
        `    timeout client ${idleTimeoutMs}ms`,
        `    timeout server ${idleTimeoutMs}ms`,
        `    timeout check ${healthTimeoutMs}ms`,
        "    retries 0",
        "    no option redispatch",
        "    option http-keep-alive",
        "    http-reuse always",
    ];
}

function frontend(rules: readonly string[]): readonly string[] {
    return ["frontend door", `    bind :${balancerPorts.door}`, ...rules.map(rule => `    ${rule}`)];
}

function targetGroup(name: string, numbers: BalancerNumbers, targets: readonly string[]): readonly string[] {
    const { path, matcher, healthIntervalMs, healthyThreshold, unhealthyThreshold } = numbers;
    return [
        `backend ${name}`,
        "    balance roundrobin",
        "    option httpchk",
        `    http-check send meth GET uri ${path}`,
        `    http-check expect status ${matcher}`,
        `    default-server check inter ${healthIntervalMs}ms rise ${healthyThreshold} fall ${unhealthyThreshold} disabled`,
        // The address is a stand-in until the target is registered.
        ...targets.map(target => `    server ${target} 127.0.0.1:1`),
    ];
}

function lines(config: readonly string[]): string {
    return [...config, ""].join("\n");
}
