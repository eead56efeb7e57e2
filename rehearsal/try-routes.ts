import type { ProgramFacts } from "./program/program-facts";

/** A route that the load would use does not work on version 1, so its failures would mean nothing. */
export class RouteError extends Error {
    override readonly name = "RouteError";
}

const limitMs = 30_000;

/** Asks version 1 once for every route that the load will use. Returns how long the slowest took, in milliseconds. */
export async function tryRoutes(url: string, { release, slowPath }: ProgramFacts, signal: AbortSignal): Promise<number> {
    const probeMs = await tryRoute("probePath", release.probePath, url, signal);
    return slowPath ? Math.max(probeMs, await tryRoute("slowPath", slowPath, url, signal)) : probeMs;
}

async function tryRoute(key: "probePath" | "slowPath", path: string, url: string, signal: AbortSignal): Promise<number> {
    const begin = performance.now();
    const { status, location } = await fetchHead(new URL(path, url), signal).catch((cause: unknown) => {
        signal.throwIfAborted();
        const reason = cause instanceof Error ? cause.message : String(cause);
        throw new RouteError(`Version 1 does not answer GET ${path} within ${limitMs / 1000} s (${reason}). Set gapless:${key}.`, { cause });
    });
    if (status >= 400) {
        throw new RouteError(`Version 1 answers GET ${path} with ${status}. Set gapless:${key} to a route that works${key === "slowPath" ? ", or to nothing where none is slow (--set slowPath=)" : ""}.`);
    }
    // The load follows no redirect, so it would not reach what clients reach.
    if (status >= 300) {
        throw new RouteError(`Version 1 answers GET ${path} with ${status}, a redirect${location === null ? "" : ` to ${location}`}. Set gapless:${key} to a route that answers itself.`);
    }
    return Math.ceil(performance.now() - begin);
}

async function fetchHead(url: URL, signal: AbortSignal): Promise<{ readonly status: number; readonly location: string | null }> {
    const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(limitMs)]), redirect: "manual" });
    await response.arrayBuffer();
    return { status: response.status, location: response.headers.get("location") };
}
