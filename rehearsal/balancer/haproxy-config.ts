import { type Colour, colourHeader, colourHeaderValue, colours } from "../../release/blue-green/colour";
import { type BackendNumbers, targetGroupBackend } from "./haproxy-backend";

/** What the balancer does, in real milliseconds of this rehearsal. */
export interface BalancerNumbers extends BackendNumbers {
    readonly healthTimeoutMs: number;
    /** Whether targets are told that clients come by HTTPS, as they are behind such a listener. @default false */
    readonly https?: boolean;
}

/** Ports that HAProxy listens on: clients' and that of its runtime API. */
export interface BalancerPorts {
    readonly door: number;
    readonly runtime: number;
}

export const balancerPorts: BalancerPorts = { door: 8080, runtime: 9999 };
export const backend = "targets";

/** Requests of a colour: who has its header, and by its share of 100. */
export interface ColourRouting {
    readonly headerSecret: string;
    /** Servers of each colour: as many as its group may have, and those that still drain. */
    readonly slots: Readonly<Record<Colour, readonly string[]>>;
}

/** Holds green's share of 100; blue has the rest. */
export const weightsMap = "/tmp/weights.map";

/** An ALB's own, which nobody can change: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html */
const connectTimeoutMs = 10_000;

/**
 * HAProxy's configuration that makes it behave like an ALB: no second try of a request, connections to targets kept and
 * shared, an ALB's status for each failure, every target unused until it is registered.
 * @param ports for a HAProxy that does not have a container to itself
 */
export function haproxyConfig(numbers: BalancerNumbers, targets: readonly string[], ports = balancerPorts): string {
    return lines([
        ...common(numbers, ports), ...door(numbers, ports), ...requests(numbers, ports, [`default_backend ${backend}`]),
        ...targetGroupBackend(backend, { ...numbers, connectTimeoutMs }, targets),
    ]);
}

/** The same with a target group for each colour: the header decides, else the weights, as an ALB's rules do, for each request anew. */
export function colourHaproxyConfig(numbers: BalancerNumbers, { headerSecret, slots }: ColourRouting, ports = balancerPorts): string {
    const rules = [
        `http-request set-var(txn.green) str(green),map_str_int(${weightsMap},0)`,
        ...colours.map(colour => `use_backend ${colour} if { req.hdr(${colourHeader}) -m str ${colourHeaderValue(colour, headerSecret)} }`),
        "use_backend green if { rand(100),sub(txn.green) lt 0 }",
        "default_backend blue",
    ];
    return lines([
        ...common(numbers, ports), ...door(numbers, ports), ...requests(numbers, ports, rules),
        ...colours.flatMap(colour => targetGroupBackend(colour, { ...numbers, connectTimeoutMs }, slots[colour])),
    ]);
}

function common({ healthTimeoutMs, idleTimeoutMs }: BalancerNumbers, { runtime }: BalancerPorts): readonly string[] {
    return [
        "global",
        `    stats socket ipv4@0.0.0.0:${runtime} level admin`,
        "    maxconn 8000",
        "    nbthread 1",
        "defaults",
        "    mode http",
        `    timeout connect ${connectTimeoutMs}ms`,
        `    timeout client ${idleTimeoutMs}ms`,
        `    timeout server ${idleTimeoutMs}ms`,
        `    timeout check ${healthTimeoutMs}ms`,
        "    retries 0",
        "    no option redispatch",
        "    option http-keep-alive",
        "    http-reuse always",
        // HAProxy's own texts name a status that may have become another.
        ...[502, 503, 504].map(status => `    http-error status ${status} content-type text/plain string "The load balancer says this, not a target.\\n"`),
    ];
}

/**
 * The clients' connections, each of whose requests goes on alone. For when a target fails, HAProxy answers with a status only to the first
 * request of a connection; at any later one it closes without a word, so that the client tries again. An ALB answers 502 to each.
 */
function door(numbers: BalancerNumbers, ports: BalancerPorts): readonly string[] {
    return [
        "frontend door", `    bind :${ports.door}`, ...forwarded(numbers).map(line => `    ${line}`), "    default_backend each-request",
        "backend each-request",
        "    option http-server-close",
        "    http-reuse never",
        `    timeout server ${outlasting(numbers)}ms`,
        `    server requests ${requestsSocket(ports)}`,
    ];
}

/**
 * Headers by which an ALB tells who asked and how; the client's own word for the last two does not count:
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/x-forwarded-headers.html
 */
function forwarded({ https = false }: BalancerNumbers): readonly string[] {
    return [
        "option forwardfor",
        `http-request set-header X-Forwarded-Proto ${https ? "https" : "http"}`,
        `http-request set-header X-Forwarded-Port ${https ? 443 : 80}`,
    ];
}

/** Single requests, and the target group that each goes to. */
function requests(numbers: BalancerNumbers, ports: BalancerPorts, rules: readonly string[]): readonly string[] {
    return [
        "frontend requests", `    bind ${requestsSocket(ports)}`, `    timeout client ${outlasting(numbers)}ms`,
        "    http-request set-var(txn.asked) date(0,ms)",
        ...rules.map(rule => `    ${rule}`),
    ];
}

/** No file, and another one for each HAProxy of a machine. */
function requestsSocket({ door }: BalancerPorts): string {
    return `abns@gapless-requests-${door}`;
}

/** Between the two halves nothing times out before a client's or a target's connection does. */
function outlasting({ idleTimeoutMs }: BalancerNumbers): number {
    return 2 * (idleTimeoutMs + connectTimeoutMs);
}

function lines(config: readonly string[]): string {
    return [...config, ""].join("\n");
}
