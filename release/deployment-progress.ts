/** One lifecycle event of an instance, as CodeDeploy tells it. */
export interface EventState {
    readonly name: string;
    /** `Pending`, `InProgress`, `Succeeded`, `Failed`, `Skipped` or `Unknown`. */
    readonly status: string;
    readonly startedAt?: Date | undefined;
    readonly endedAt?: Date | undefined;
    readonly script?: string | undefined;
    readonly errorCode?: string | undefined;
    readonly message?: string | undefined;
    readonly logTail?: string | undefined;
}

/** An instance within a deployment, as CodeDeploy tells it. */
export interface TargetState {
    readonly instanceId: string;
    /** `Pending`, `InProgress`, `Succeeded`, `Failed`, `Skipped`, `Ready` or `Unknown`. */
    readonly status: string;
    /** In the order in which they happen. */
    readonly events: readonly EventState[];
}

/** What has been seen of an instance since the last look. */
export type Change =
    | { readonly instanceId: string; readonly what: "begun" | "succeeded" | "failed"; readonly event: string; readonly seconds?: number; readonly detail?: string }
    | { readonly instanceId: string; readonly what: "done" | "broken" | "leftOut" | "joined" | "gone" };

/** How far a deployment is. */
export interface Progress {
    readonly deploymentId: string;
    /** CodeDeploy's word, such as `InProgress`. */
    readonly status: string;
    readonly since: Date;
    readonly now: Date;
    /** Instances begun together count as one wave; 0 before the first. */
    readonly wave: number;
    readonly targets: readonly TargetState[];
}

const ends: readonly string[] = ["Succeeded", "Failed", "Skipped"];

export function isTargetEnded({ status }: TargetState): boolean {
    return ends.includes(status);
}

export function isDeploymentEnded(status: string): boolean {
    return ["Succeeded", "Failed", "Stopped"].includes(status);
}

/** Instances that are done with, whatever came of them. */
export function endedOf(targets: readonly TargetState[]): number {
    return targets.filter(isTargetEnded).length;
}

/**
 * What has changed from one look to the next, in the order in which it happened.
 * @param first whether nothing was seen before: then no instance is new
 */
export function changesBetween(before: readonly TargetState[], after: readonly TargetState[], first: boolean): readonly Change[] {
    const earlier = new Map(before.map(target => [target.instanceId, target]));
    const later = new Set(after.map(({ instanceId }) => instanceId));
    const gone = before.filter(({ instanceId }) => !later.has(instanceId)).map(({ instanceId }) => ({ instanceId, what: "gone" }) as const);
    const joined = first ? [] : after.filter(({ instanceId }) => !earlier.has(instanceId)).map(({ instanceId }) => ({ instanceId, what: "joined" }) as const);
    const dated = after.flatMap(target => changesOf(earlier.get(target.instanceId), target));
    // Stable, so that what has no time, or the same, keeps the order of the events.
    return [...gone, ...joined, ...dated.sort((a, b) => a.at - b.at).map(({ change }) => change)];
}

interface Dated {
    readonly at: number;
    readonly change: Change;
}

function changesOf(before: TargetState | undefined, after: TargetState): readonly Dated[] {
    const known = new Map(before?.events.map(event => [event.name, event.status]));
    const events = after.events.flatMap(event => changesOfEvent(after.instanceId, known.get(event.name), event));
    if (!isTargetEnded(after) || before?.status === after.status) return events;
    const what = ({ Succeeded: "done", Failed: "broken" } as const)[after.status] ?? "leftOut";
    return [...events, { at: endOf(after) ?? Infinity, change: { instanceId: after.instanceId, what } }];
}

function changesOfEvent(instanceId: string, before: string | undefined, event: EventState): readonly Dated[] {
    if (before === event.status) return [];
    const { name, status, startedAt, endedAt } = event;
    if (status === "InProgress") return [{ at: timeOf(startedAt), change: { instanceId, what: "begun", event: name } }];
    if (status !== "Succeeded" && status !== "Failed") return [];
    const seconds = secondsBetween(startedAt, endedAt);
    const change = { instanceId, event: name, ...(seconds !== undefined && { seconds }) };
    if (status === "Succeeded") return [{ at: timeOf(endedAt), change: { ...change, what: "succeeded" } }];
    const detail = [event.script, event.errorCode, event.message].filter(Boolean).join(", ");
    return [{ at: timeOf(endedAt), change: { ...change, what: "failed", ...(detail && { detail }) } }];
}

function timeOf(date: Date | undefined): number {
    return date?.getTime() ?? Infinity;
}

/** When an instance was begun, in milliseconds; undefined before. */
function beginOf({ events }: TargetState): number | undefined {
    const times = events.flatMap(({ startedAt }) => (startedAt ? [startedAt.getTime()] : []));
    return times.length > 0 ? Math.min(...times) : undefined;
}

/** When an instance was done with, in milliseconds; undefined before. */
function endOf(target: TargetState): number | undefined {
    const times = target.events.flatMap(({ endedAt }) => (endedAt ? [endedAt.getTime()] : []));
    return isTargetEnded(target) && times.length > 0 ? Math.max(...times) : undefined;
}

/**
 * How many waves have begun. CodeDeploy names none: a wave is what was begun before all that was begun earlier had ended,
 * so where CodeDeploy replaces a host at once by the next one, all of them are one wave.
 */
export function wavesOf(targets: readonly TargetState[]): number {
    const spans = targets.flatMap(target => {
        const begin = beginOf(target);
        return begin === undefined ? [] : [{ begin, end: endOf(target) ?? Infinity }];
    }).sort((a, b) => a.begin - b.begin);
    let waves = 0;
    let earlierEnd = -Infinity;
    for (const { begin, end } of spans) {
        if (begin >= earlierEnd) waves += 1;
        earlierEnd = Math.max(earlierEnd, end);
    }
    return waves;
}

/** The event that an instance is at, or failed at. */
export function currentEvent({ events }: TargetState): EventState | undefined {
    return events.find(({ status }) => status === "Failed") ?? events.findLast(({ status }) => status === "InProgress");
}

export function secondsBetween(from: Date | undefined, to: Date | undefined): number | undefined {
    return from && to ? Math.max(0, Math.round((to.getTime() - from.getTime()) / 1000)) : undefined;
}

/** A change, for a person. */
export function describeChange(change: Change): string {
    const { instanceId, what } = change;
    switch (what) {
        case "begun": return `${instanceId} ${change.event} …`;
        case "succeeded": return `${instanceId} ${change.event} succeeded${tail(change.seconds)}`;
        case "failed": return `${instanceId} ${change.event} FAILED${tail(change.seconds)}${change.detail ? `: ${change.detail}` : ""}`;
        case "done": return `${instanceId} serves the release`;
        case "broken": return `${instanceId} failed`;
        case "leftOut": return `${instanceId} was left out`;
        case "joined": return `${instanceId} came in`;
        case "gone": return `${instanceId} is not part of it any more`;
    }
}

function tail(seconds: number | undefined): string {
    return seconds === undefined ? "" : ` in ${seconds} s`;
}

/** What has happened from one look to the next, a line each; the end of the deployment itself is left out. */
export function newsOf(before: Progress | undefined, now: Progress): readonly string[] {
    const { targets, status, deploymentId, wave } = now;
    const earlier = before?.targets ?? [];
    const lines: string[] = [];
    if (before?.status !== status && !isDeploymentEnded(status)) lines.push(`deployment ${deploymentId}: ${status}`);
    if (wave > (before?.wave ?? 0)) lines.push(`wave ${wave}`);
    const changes = changesBetween(earlier, targets, earlier.length === 0);
    lines.push(...changes.filter(change => isTold(change, targets.length)).map(describeChange));
    if (endedOf(targets) > endedOf(earlier)) lines.push(`${endedOf(targets)} of ${targets.length} instances done`);
    return lines;
}

/** Instances up to which each event is told as a line. */
const closelyWatched = 20;

/** Whether a change is worth a line: of a large fleet only what ends an instance, or fails. */
export function isTold({ what }: Change, instances: number): boolean {
    return instances <= closelyWatched || (what !== "begun" && what !== "succeeded");
}
