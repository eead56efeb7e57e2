import { LoadError } from "./load-error";

/** What load to send, and where. */
export interface LoadPlan {
    /** The service's address, on this machine: `http://127.0.0.1:PORT`, `http://[::1]:PORT` or `http://localhost:PORT`. */
    readonly url: string;
    /** Requests a second, sent however long the answers take. */
    readonly ratePerSecond: number;
    /** The route that most requests ask for, and one that takes long; without a slow one, all are fast. */
    readonly paths: { readonly fast: string; readonly slow?: string };
    /** Share of slow requests, 0 to 1. Without some, broken draining stays hidden. */
    readonly slowShare: number;
    /** Share of requests that open a connection of their own, 0 to 1; the others keep theirs alive. */
    readonly newConnectionShare: number;
    /** Which requests are slow or new follows from this integer alone: same seed, same load. */
    readonly seed: number;
    /** Milliseconds after which a request without a complete answer is given up and counts as failed. */
    readonly timeoutMs: number;
    /** Sends that many requests, then ends by itself. @default one hour of load */
    readonly maxRequests?: number;
}

/** Requests after which a load ends by itself. */
export function lastRequest({ maxRequests, ratePerSecond }: LoadPlan): number {
    return maxRequests ?? Math.ceil(ratePerSecond * 3600);
}

// Linux hands out 28,232 ephemeral ports: with more open connections than that to one address, connect() itself fails.
const mostOpenRequests = 20_000;

/** Throws one error with everything that is wrong with a plan. */
export function checkLoadPlan(plan: LoadPlan): void {
    const { url, paths } = plan;
    const problems = [
        urlProblem(url) ?? pathProblem("fast", paths.fast, url) ?? pathProblem("slow", paths.slow, url),
        ...numberProblems(plan),
    ].filter(problem => problem !== undefined);
    if (problems.length > 0) {
        throw new LoadError(`The load cannot be sent: ${problems.join("; ")}.`);
    }
}

function numberProblems(plan: LoadPlan): readonly string[] {
    const { ratePerSecond, timeoutMs, slowShare, newConnectionShare, seed, maxRequests } = plan;
    const mayBeOpen = (ratePerSecond * timeoutMs) / 1000;
    const isShare = (value: number): boolean => value >= 0 && value <= 1;
    const rules: readonly (readonly [kept: boolean, problem: string])[] = [
        [ratePerSecond > 0, `ratePerSecond must be above 0, got ${ratePerSecond}`],
        [timeoutMs > 0, `timeoutMs must be above 0, got ${timeoutMs}`],
        [isShare(slowShare), `slowShare must be 0 to 1, got ${slowShare}`],
        [isShare(newConnectionShare), `newConnectionShare must be 0 to 1, got ${newConnectionShare}`],
        [Number.isSafeInteger(seed), `seed must be an integer, got ${seed}`],
        [(maxRequests ?? 1) >= 1, `maxRequests must be at least 1, got ${String(maxRequests)}`],
        [
            !(mayBeOpen > mostOpenRequests),
            `ratePerSecond × timeoutMs lets ${mayBeOpen} requests be open at once, more than ${mostOpenRequests}: lower one of them`,
        ],
    ];
    return rules.filter(([kept]) => !kept).map(([, problem]) => problem);
}

function urlProblem(url: string): string | undefined {
    if (!URL.canParse(url)) {
        return `url must be like http://127.0.0.1:8080, got '${url}'`;
    }
    const { protocol, hostname } = new URL(url);
    if (protocol !== "http:") {
        return `url must start with http://, got '${url}'`;
    }
    // URL has already turned every spelling of an IPv4 address (127.1, 0x7f.1) into four numbers.
    if (!/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname)) {
        return `url must be on this machine (127.0.0.1, [::1] or localhost), so that nobody else gets the load; got '${url}'`;
    }
    return undefined;
}

function pathProblem(name: string, path: string | undefined, url: string): string | undefined {
    if (path === undefined) {
        return undefined;
    }
    // "//example.com/" is a path to look at and another host to URL.
    const stays = path.startsWith("/") && URL.canParse(path, url) && new URL(path, url).origin === new URL(url).origin;
    return stays ? undefined : `paths.${name} must be a path of that service, like /health, got '${path}'`;
}
