import { doneBy, lifecycleEvents, type LifecycleEvent, revisionOf } from "../../../../release/lifecycle";
import type { Report } from "../../report-schema";
import type { Bar } from "./bars";
import type { Kind } from "./palette";
import type { Span } from "./span";

/** The lifecycle events of each instance as bars; one that nobody ended lasts until the load did. */
export function instanceBars({ events }: Report, { startMs, endSeconds }: Span): readonly Bar[] {
    const bars: Bar[] = [];
    const open = new Map<string, { readonly event: string; readonly from: number }>();
    const close = (instance: string, until: number, problem?: string): void => {
        const begun = open.get(instance);
        if (begun === undefined) return;
        open.delete(instance);
        bars.push({ lane: instance, name: begun.event, from: begun.from, until, ...meaningOf(begun.event), ...(problem !== undefined && { problem }) });
    };
    for (const { atMs, instance, event, status, detail } of events) {
        if (instance === undefined) continue;
        const at = (atMs - startMs) / 1000;
        if (status === "started") {
            close(instance, at);
            open.set(instance, { event, from: at });
        } else if (open.get(instance)?.event === event) {
            close(instance, at, status === "failed" ? (detail ?? "without a reason") : undefined);
        }
    }
    for (const instance of [...open.keys()]) close(instance, endSeconds);
    return bars;
}

/** The instances that something happened on, in the order of their names' numbers. */
export function lanesOf(bars: readonly Bar[]): readonly string[] {
    return [...new Set(bars.map(({ lane }) => lane))].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
}

function meaningOf(name: string): { readonly kind: Kind; readonly onAws: string } {
    const number = lifecycleEvents.findIndex(event => event === name);
    const event = lifecycleEvents[number];
    if (event === undefined) return { kind: "other", onAws: "no lifecycle event of CodeDeploy" };
    return { kind: kinds[event], onAws: `lifecycle event ${number + 1} of ${lifecycleEvents.length} of CodeDeploy, ${workOf(event)}` };
}

function workOf(event: LifecycleEvent): string {
    if (event === "BlockTraffic") return "which deregisters the target and waits until it has drained; no script";
    if (event === "AllowTraffic") return "which registers the target and waits until it is healthy; no script";
    if (doneBy(event) === "agent") return "done by the agent on the host; no script";
    return revisionOf(event) === "new" ? "a hook script of the new revision" : "a hook script of the revision that was installed last";
}

const kinds: Readonly<Record<LifecycleEvent, Kind>> = {
    BeforeBlockTraffic: "traffic", BlockTraffic: "traffic", AfterBlockTraffic: "traffic",
    ApplicationStop: "stop",
    DownloadBundle: "install", BeforeInstall: "install", Install: "install", AfterInstall: "install",
    ApplicationStart: "start",
    ValidateService: "validate",
    BeforeAllowTraffic: "traffic", AllowTraffic: "traffic", AfterAllowTraffic: "traffic",
};
