import { type Phase, phaseOfEvent } from "../../release/forecast";
import { eventsWithoutLoadBalancer, type LifecycleEvent, lifecycleEvents } from "../../release/lifecycle";
import { median } from "../median";
import { milestones, type TimelineEvent } from "./report-input";

/** The events of a deployment over a fleet, with and without traffic control. */
const ways: readonly (readonly LifecycleEvent[])[] = [lifecycleEvents, eventsWithoutLoadBalancer];

type Seconds = Readonly<Record<Phase, number>>;

/** What one instance spent in each phase of its wave. */
export interface InstanceSeconds {
    readonly instance: string;
    readonly seconds: Seconds;
}

/**
 * Where the time of every instance went that a rollout took through all of its events; a rollback's deployment is left out. The gaps are
 * all that lies between its wave's beginning and its events.
 * @param events in their order
 */
export function instanceSeconds(events: readonly TimelineEvent[]): readonly InstanceSeconds[] {
    const rollout = ofRollout(events);
    return instancesOf(rollout).flatMap(instance => {
        const seconds = secondsOf(rollout, instance);
        return seconds ? [{ instance, seconds }] : [];
    });
}

/** The median of the instances, phase by phase; undefined when none went all the way. */
export function medianSeconds(all: readonly InstanceSeconds[]): Seconds | undefined {
    return all.length === 0 ? undefined : mapPhases(phase => median(all.map(({ seconds }) => seconds[phase])));
}

/** The fastest of the instances, phase by phase; undefined when none went all the way. */
export function fastestSeconds(all: readonly InstanceSeconds[]): Seconds | undefined {
    return all.length === 0 ? undefined : mapPhases(phase => Math.min(...all.map(({ seconds }) => seconds[phase])));
}

/**
 * The median of each phase over the instances that came through it, for a rollout that none went through all the way; no gaps, which only
 * a whole way has. An instance at its launch has another way.
 */
export function medianOfEnded(events: readonly TimelineEvent[]): Partial<Seconds> {
    const rollout = ofRollout(events);
    const all = instancesOf(rollout).map(instance => eventsOf(rollout, instance));
    const medians = phases.map(phase => {
        const ended = all.filter(own => endedAll(own, phase)).map(own => msOf(own)[phase] / 1000);
        return [phase, ended.length === 0 ? undefined : median(ended)] as const;
    });
    return Object.fromEntries(medians.filter(([, seconds]) => seconds !== undefined));
}

const phases = [...new Set(Object.values(phaseOfEvent)), "gaps"] as const;

function mapPhases(value: (phase: Phase) => number): Seconds {
    return Object.fromEntries(phases.map(phase => [phase, value(phase)])) as Seconds;
}

function secondsOf(rollout: readonly TimelineEvent[], instance: string): Seconds | undefined {
    const own = eventsOf(rollout, instance);
    const [first, last] = [own[0], own.at(-1)];
    const waveMs = rollout.findLast(({ event, atMs }) => event === milestones.waveStarted && atMs <= (first?.atMs ?? 0))?.atMs;
    if (last === undefined || waveMs === undefined || !wentAllTheWay(own)) return undefined;

    const ms = msOf(own);
    const inEvents = Object.values(ms).reduce((sum, each) => sum + each, 0);
    ms.gaps = last.atMs - waveMs - inEvents;
    return mapPhases(phase => ms[phase] / 1000);
}

/** Milliseconds in the events of each phase. */
function msOf(own: readonly TimelineEvent[]): Record<Phase, number> {
    const ms = Object.fromEntries(phases.map(phase => [phase, 0])) as Record<Phase, number>;
    for (const [start, end] of pairs(own)) ms[phaseOfEvent[start.event as LifecycleEvent]] += end.atMs - start.atMs;
    return ms;
}

function endedAll(own: readonly TimelineEvent[], phase: Phase): boolean {
    const way = ways.find(([first]) => first === own[0]?.event) ?? [];
    const events = way.filter(event => phaseOfEvent[event] === phase);
    return events.length > 0 && events.every(event => own.some(each => each.event === event && each.status === "succeeded"));
}

function ofRollout(events: readonly TimelineEvent[]): readonly TimelineEvent[] {
    return until(from(events, milestones.rolloutStarted), [milestones.rollbackStarted, milestones.rolloutEnded]);
}

function instancesOf(rollout: readonly TimelineEvent[]): readonly string[] {
    return [...new Set(rollout.flatMap(({ instance, event }) => (instance === undefined || !(event in phaseOfEvent) ? [] : [instance])))];
}

function eventsOf(rollout: readonly TimelineEvent[], instance: string): readonly TimelineEvent[] {
    return rollout.filter(each => each.instance === instance && each.event in phaseOfEvent);
}

/** Through all events of a deployment over a fleet; that of an instance at its launch has others. */
function wentAllTheWay(own: readonly TimelineEvent[]): boolean {
    const ended = new Set(own.filter(({ status }) => status === "succeeded").map(({ event }) => event));
    return ways.some(events => ended.size === events.length && events.every(event => ended.has(event)));
}

/** One event after the other, as an instance goes through them: the one that begins, and how it ended. */
function pairs(own: readonly TimelineEvent[]): readonly (readonly [TimelineEvent, TimelineEvent])[] {
    return own.flatMap((end, index) => {
        const start = own[index - 1];
        return end.status !== "started" && start?.status === "started" && start.event === end.event ? [[start, end] as const] : [];
    });
}

function from(events: readonly TimelineEvent[], milestone: string): readonly TimelineEvent[] {
    const index = events.findIndex(({ event }) => event === milestone);
    return index < 0 ? [] : events.slice(index);
}

function until(events: readonly TimelineEvent[], ends: readonly string[]): readonly TimelineEvent[] {
    const index = events.findIndex(({ event }) => ends.includes(event));
    return index < 0 ? events : events.slice(0, index);
}
