import type { RequestRecord } from "../load/request-record";
import { type Cause, counted, type Losses } from "./cause";
import { wasAnswered, timedOut } from "./lost-request";
import { runningAt } from "./running-at";

/** A release whose health check passes may still fail its users. */
export function failingService({ lost, settings: { healthCheck: { path } } }: Losses): Cause {
    const answered = lost.filter(wasAnswered);
    return {
        explains: wasAnswered,
        tell: requests => requests === 0 ? undefined : {
            requests,
            what: `The service ${signatures(answered)} answered ${counted(requests, "request")} with ${statuses(answered)}, although its health check passes.`,
            fix: `Let ${path} answer 200 only when the service can do its work, and set probePath to a route that shows it: each host tries that before it takes requests. `
                + "Its log says why: rehearse again with --keep to read it, since this one went with the containers, unless they were kept.",
        },
    };
}

/** Answers that never come are the service's, or those of too few instances. */
export function tooSlow({ lost, events, settings: { idleTimeoutSeconds, minimumHealthyHosts } }: Losses): Cause {
    const late = lost.filter(timedOut);
    const onlyWhileFewer = late.every(({ dueMs, lagMs, latencyMs }) => runningAt(events, dueMs + lagMs, dueMs + latencyMs).length > 0);
    return {
        explains: timedOut,
        tell: requests => requests === 0 ? undefined : {
            requests,
            what: `${counted(requests, "request")} got no answer in time${onlyWhileFewer ? ", all while instances were being replaced and the others had their load" : ""}.`,
            fix: onlyWhileFewer
                ? `See with a smaller --rate whether it is the load. If so, let fewer go at a time (deploymentConfig, now ${minimumHealthyHosts}) or have more instances (minSize).`
                : `A request must be answered within idleTimeoutSeconds (${idleTimeoutSeconds} s): make the service faster, that larger, or the load smaller (--rate).`,
        },
    };
}

function signatures(lost: readonly RequestRecord[]): string {
    const versions = [...new Set(lost.flatMap(({ version }) => version ?? []))].sort();
    return versions.length === 0 ? "itself" : `(version ${versions.join(", ")})`;
}

/** The statuses, most frequent first. */
function statuses(lost: readonly RequestRecord[]): string {
    const counts = new Map<number, number>();
    for (const { status } of lost) if (status !== undefined) counts.set(status, (counts.get(status) ?? 0) + 1);
    return [...counts].sort(([, a], [, b]) => b - a).map(([status]) => status).join(", ");
}
