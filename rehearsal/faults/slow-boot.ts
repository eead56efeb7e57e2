import type { TimelineEvent } from "../report/report-input";
import type { Fault } from "./fault";
import { serveInTurn } from "./serve-in-turn";

/** Seconds that the service of `app/server.js` boots. */
const bootSeconds = 3;
/** Of the boot: some of it passes before ValidateService begins. */
const fewestShare = 0.4;

export const slowBoot: Fault = {
    name: "slow-boot",
    onAws: "The service listens long after its container has started. An instance that is registered by then is unhealthy, and when all are, "
        + "the load balancer sends requests to them nevertheless.",
    promise: "it gets no request until it answers, and the release takes over",
    async happen({ stage, releases }) {
        const slow = await releases.slowBoot();
        const since = stage.timeline.events.length;
        const first = await serveInTurn(stage, [slow]);
        const untried = shortProblems(stage.timeline.events.slice(since));
        if (first.broken.length > 0) return { ...first, broken: [...first.broken, ...untried] };
        const next = await serveInTurn(stage, [releases.otherThan(slow)]);
        return { happened: `${first.happened}; ${next.happened}`, broken: [...untried, ...next.broken] };
    },
};

/** What is wrong when nobody waited for a boot: what was slow was not seen. */
export function shortProblems(events: readonly TimelineEvent[]): readonly string[] {
    const took = events.filter(({ event, status }) => event === "ValidateService" && status === "succeeded").map(({ instance, atMs }) => {
        const started = events.findLast(each => each.event === "ValidateService" && each.status === "started" && each.instance === instance && each.atMs <= atMs);
        return (atMs - (started?.atMs ?? atMs)) / 1000;
    });
    const longest = Math.max(0, ...took);
    return longest >= fewestShare * bootSeconds ? [] : [`ValidateService took ${longest.toFixed(1)} s at most, and the boot ${bootSeconds} s, so nothing was tried`];
}
