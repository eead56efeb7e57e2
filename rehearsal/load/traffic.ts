import type { LoadPlan } from "./load-plan";

/** How one request is sent. */
export interface Turn {
    readonly url: URL;
    readonly slow: boolean;
    readonly newConnection: boolean;
}

/** The endless sequence of requests that a plan means; the same seed gives the same sequence. */
export function* traffic({ url, paths, slowShare, newConnectionShare, seed }: LoadPlan): Generator<Turn, never, undefined> {
    const fast = new URL(paths.fast, url);
    const slowly = paths.slow === undefined ? undefined : new URL(paths.slow, url);
    const random = mulberry32(seed);
    for (;;) {
        // Both are always drawn, so that changing one share leaves the choices of the other as they were.
        const [slow, newConnection] = [random() < slowShare, random() < newConnectionShare];
        yield slow && slowly ? { url: slowly, slow, newConnection } : { url: fast, slow: false, newConnection };
    }
}

/** Numbers in [0, 1) from a 32-bit seed, by Tommy Ettinger's generator of that name (public domain). */
function mulberry32(seed: number): () => number {
    let state = seed | 0;
    return () => {
        state = (state + 0x6d2b79f5) | 0;
        let mixed = Math.imul(state ^ (state >>> 15), state | 1);
        mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    };
}
