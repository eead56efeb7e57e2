import { setTimeout as sleep } from "node:timers/promises";
import { now } from "./load/clock";
import type { Load } from "./load/load";
import { type LiveState, renderLive } from "./report/live";
import type { Timeline } from "./timeline";
import type { View } from "./view";

const livePeriodMs = 250;

/** What a person watches of load and fleet, until it is disposed of; undefined where no picture can move. */
export function liveShow({ live: show }: View, look: () => Promise<Pick<LiveState, "instances" | "colours">>): ((load: Load) => AsyncDisposable) | undefined {
    return show && (load => {
        const stop = new AbortController();
        const shown = (async () => {
            while (!stop.signal.aborted) {
                show(renderLive({ nowMs: now(), records: load.records, ...await look() }));
                await sleep(livePeriodMs, undefined, { signal: stop.signal }).catch(() => undefined);
            }
        })();
        return {
            async [Symbol.asyncDispose]() {
                stop.abort();
                await shown;
                show([]);
            },
        };
    });
}

/** The lifecycle event under way on an instance. */
export function eventUnderWay({ events }: Timeline, id: string): { readonly event?: string } {
    const last = events.findLast(({ instance }) => instance === id);
    return last?.status === "started" ? { event: last.event } : {};
}
