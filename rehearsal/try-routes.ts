import type { ProgramFacts } from "./program/program-facts";

/** A route that the load would use does not work on version 1, so its failures would mean nothing. */
export class RouteError extends Error {
    override readonly name = "RouteError";
}

const limitMs = 30_000;

/** Asks version 1 once for every route that the load will use. Returns how long the slowest took, in milliseconds. */
export async function tryRoutes(url: string, { release, slowPath }: ProgramFacts, signal: AbortSignal): Promise<number> {
    const routes = { probePath: release.probePath, slowPath };
    let slowestMs = 0;
    for (const [key, path] of Object.entries(routes)) {
        if (!path) continue;
        const begin = performance.now();
        const response = await fetch(new URL(path, url), {
            signal: AbortSignal.any([signal, AbortSignal.timeout(limitMs)]), redirect: "manual",
        }).catch((cause: unknown) => {
            signal.throwIfAborted();
            throw new RouteError(`Version 1 does not answer GET ${path} within ${limitMs} ms. Set gapless:${key}.`, { cause });
        });
        await response.arrayBuffer();
        if (response.status >= 400) {
            throw new RouteError(`Version 1 answers GET ${path} with ${response.status}. Set gapless:${key} to a route that works.`);
        }
        slowestMs = Math.max(slowestMs, performance.now() - begin);
    }
    return Math.ceil(slowestMs);
}
