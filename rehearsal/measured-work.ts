import { availableParallelism } from "node:os";
import type { LifecycleEvent } from "../release/lifecycle";
import { typicalWork, type WorkSeconds } from "../release/rollout";
import { median } from "./median";
import type { TimelineEvent } from "./report/report-input";

/** On what work is done. */
export interface Workbench {
    /** Instances that a rollout works on at once: all of this machine's processors do their work, while on AWS each has its own. */
    readonly atOnce: number;
    /** @default those of this machine */
    readonly processors?: number;
}

/**
 * What a deployment takes on this machine with this service, from the installation of version 1: the median of its instances, as much
 * shorter as fewer of them share the processors. The notice of a failure did not happen there, so it stays typical, and so does
 * the stop of a running container.
 */
export function measuredWork(events: readonly TimelineEvent[], { atOnce, processors = availableParallelism() }: Workbench): WorkSeconds {
    const seconds = (name: LifecycleEvent, otherwise: number): number => {
        const spans = spansOf(events, name);
        if (spans.length === 0) return otherwise;
        return median(spans.map(({ startMs, endMs }) => endMs - startMs)) / 1000 * Math.max(processors, atOnce) / Math.max(processors, mostAtOnce(spans));
    };
    return {
        ...typicalWork,
        download: seconds("DownloadBundle", typicalWork.download),
        pull: seconds("BeforeInstall", typicalWork.pull),
        install: seconds("Install", typicalWork.install),
        run: seconds("ApplicationStart", typicalWork.run),
        validate: seconds("ValidateService", typicalWork.validate),
    };
}

interface Span {
    readonly startMs: number;
    readonly endMs: number;
}

/** From when to when an event was under way on each instance. */
function spansOf(events: readonly TimelineEvent[], name: LifecycleEvent): readonly Span[] {
    const own = events.filter(({ event }) => event === name);
    return own.filter(({ status }) => status === "succeeded").flatMap(end => {
        const start = own.find(({ instance, status }) => instance === end.instance && status === "started");
        return start ? [{ startMs: start.atMs, endMs: end.atMs }] : [];
    });
}

/** The most that were under way at one time. */
function mostAtOnce(spans: readonly Span[]): number {
    return Math.max(...spans.map(({ startMs }) => spans.filter(other => other.startMs <= startMs && startMs < other.endMs).length));
}
