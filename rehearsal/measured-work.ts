import type { LifecycleEvent } from "../release/lifecycle";
import { typicalWork, type WorkSeconds } from "../release/rollout";
import type { TimelineEvent } from "./report/report-input";

/**
 * What a deployment takes on this machine with this service, from the installation of version 1: the median of its
 * instances. The stop of a running container and the notice of a failure did not happen there, so they stay typical; the
 * pull happens ahead of a rollout.
 */
export function measuredWork(events: readonly TimelineEvent[]): WorkSeconds {
    return {
        ...typicalWork,
        download: medianSeconds(events, "DownloadBundle", typicalWork.download),
        install: medianSeconds(events, "Install", typicalWork.install),
        run: medianSeconds(events, "ApplicationStart", typicalWork.run),
        validate: medianSeconds(events, "ValidateService", typicalWork.validate),
    };
}

function medianSeconds(events: readonly TimelineEvent[], name: LifecycleEvent, otherwise: number): number {
    const ends = events.filter(({ event, status }) => event === name && status === "succeeded");
    const tookMs = ends
        .flatMap(end => {
            const start = events.find(({ instance, event, status }) => instance === end.instance && event === name && status === "started");
            return start ? [end.atMs - start.atMs] : [];
        })
        .sort((a, b) => a - b);
    const median = tookMs[Math.floor(tookMs.length / 2)];
    return median === undefined ? otherwise : median / 1000;
}
