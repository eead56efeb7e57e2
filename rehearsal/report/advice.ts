import { failingService, tooSlow } from "./advice-on-answers";
import { exitsAtOnce, ignoresStop } from "./advice-on-stops";
import { closesIdleConnections, drainsTooShort, hadNoTarget, stillInRotation } from "./advice-on-traffic";
import { type Advice, type Cause, counted, type Losses } from "./cause";

/** In the order in which they are asked: each request has one cause, the first that explains it. */
const causes: readonly ((losses: Losses) => Cause)[] = [
    failingService, tooSlow, ignoresStop, exitsAtOnce, drainsTooShort, stillInRotation, hadNoTarget, closesIdleConnections, nobodyKnows,
];

/** Explains the failed requests, what cost most first; none is counted twice, and none is left out. */
export function adviceOn(losses: Losses): readonly Advice[] {
    let left = losses.lost;
    const advice = causes.flatMap(causeOf => {
        const cause = causeOf(losses);
        const rest = left.filter(lost => !cause.explains(lost));
        const told = cause.tell(left.length - rest.length);
        left = rest;
        return told ?? [];
    });
    return advice.sort((a, b) => b.requests - a.requests);
}

function nobodyKnows(): Cause {
    return {
        explains: () => true,
        tell: requests => requests === 0 ? undefined : {
            requests,
            what: `${counted(requests, "request")} failed for a reason that the rehearsal does not know.`,
            fix: "Look at the failures and at what ran at that time in the report, and rehearse again with --keep to read the service's own log: "
                + "that of this run went with its containers, unless they were kept.",
        },
    };
}
