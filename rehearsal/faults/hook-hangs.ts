import type { Fault } from "./fault";
import { goesBack } from "./goes-back";

/** Real seconds: hooks take no less time in a rehearsal. */
const timeoutSeconds = 2;
const hangSeconds = 6;

export const hookHangs: Fault = {
    name: "hook-hangs",
    onAws: "A hook takes longer than it may and ignores SIGTERM. The agent sends nothing stronger and waits until the hook ends by itself, "
        + "and only then reports it failed; after 3600 s the service fails the event without it.",
    promise: "whoever waits gets no request, and the release goes back when the hook has ended, even with exit code 0",
    async happen({ stage, releases }) {
        const { timeline } = stage;
        const since = timeline.events.length;
        const outcome = await goesBack(stage, await releases.hookHangs(hangSeconds, timeoutSeconds), { event: "ValidateService", says: `failed to complete in ${timeoutSeconds} seconds` });
        const events = timeline.events.slice(since).filter(({ event }) => event === "ValidateService");
        const early = events.filter(({ instance, status, atMs }) => {
            const started = events.findLast(each => each.instance === instance && each.status === "started" && each.atMs <= atMs);
            return status === "failed" && started !== undefined && atMs - started.atMs < 1000 * hangSeconds;
        });
        return { ...outcome, broken: [...outcome.broken, ...early.map(({ instance }) => `the hook was given up on ${instance ?? ""} while it still ran`)] };
    },
};
