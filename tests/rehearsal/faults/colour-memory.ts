import assert from "node:assert/strict";
import type { Colour } from "../../../release/blue-green/colour";
import { type ColourDocument, emptyColourDocument } from "../../../release/blue-green/document";
import { driveRoll, type RollDriver } from "../../../release/blue-green/drive";
import { beginRoll, type RollState } from "../../../release/blue-green/machine";
import { rememberRoll } from "../../../release/blue-green/remember-roll";
import type { Roll } from "../../../release/blue-green/roll";
import type { StepName } from "../../../release/blue-green/step";
import type { ColourSession, Driving, FlipHow, Shifting } from "../../../rehearsal/blue-green/colour-session";
import type { ColourSite } from "../../../rehearsal/blue-green/colour-site";
import { ColourStage } from "../../../rehearsal/faults/colour-stage";
import type { ColourGround } from "../../../rehearsal/faults/fault";
import type { TimelineEvent } from "../../../rehearsal/report/report-input";
import { FakeClock } from "../../support/aws/fake-clock";
import { sampleRoll } from "../report/material";
import { colourGround } from "./fault-ground";

const release = (version: string) => ({ version, image: `registry.test/app@sha256:${"a".repeat(64)}` });

/** What else is wrong in a memory. */
export interface Wrong {
    /** Nobody hears a wish. */
    readonly deaf?: boolean;
    /** Groups cannot grow by themselves. */
    readonly full?: boolean;
    /** The only roll in which the step fails, counted from 1. @default all */
    readonly failsFor?: number;
    /** Seconds that `restore` takes. */
    readonly restoreSeconds?: number;
}

/** Two colours in memory, v1 on blue. What a driver leaves out is what a promise rests on. */
export class ColourMemory {
    readonly clock = new FakeClock();
    readonly timeline = { events: [] as TimelineEvent[] };
    activeColour: Colour = "blue";
    document: ColourDocument = { ...emptyColourDocument, blue: release("v1") };
    weights = { blue: 100, green: 0 };
    readonly groups: Readonly<Record<Colour, MemoryGroup>>;
    private rolls = 0;
    readonly balancer = {
        weights: () => Promise.resolve(this.weights),
        healthy: () => Promise.resolve({ blue: this.groups.blue.size.desired, green: this.groups.green.size.desired }),
    };
    readonly docker = { run: () => Promise.resolve(this.dying()) };
    /** Happens while containers are killed. */
    dying: () => string = () => "";
    readonly run = "gapless-memory";
    readonly errorAlarm: ColourSite["errorAlarm"] = { percent: 5, fewestRequests: 2 };
    readonly store = { read: () => this.document };

    constructor(private readonly leftOut: readonly StepName[], private readonly failing: StepName | undefined, private readonly wrong: Wrong) {
        const room = wrong.full === true ? 0 : 2;
        this.groups = { blue: new MemoryGroup(2, room), green: new MemoryGroup(0, room) };
    }

    readonly deploy = async (version: string, how: Shifting & Driving = {}): Promise<RollState> => {
        const from = this.activeColour;
        const roll: Roll = { ...sampleRoll, from, to: from === "blue" ? "green" : "blue", version, minSize: 2, ...shiftingOf(how) };
        return this.drive(roll, how);
    };

    readonly flip = async (how: FlipHow = {}): Promise<RollState> => {
        const from = this.activeColour;
        const to = from === "blue" ? "green" : "blue";
        const { warm, [to]: installed } = this.document;
        assert.ok(warm && installed);
        return this.drive({ ...sampleRoll, kind: "flip", from, to, version: installed.version, minSize: 2, shiftPercents: [100], bakeSeconds: how.bakeSeconds ?? 0, warmUntil: warm.until }, how);
    };

    readonly requestStop = (reason: string): Promise<void> => Promise.resolve(void (this.document = { ...this.document, stopRequested: reason }));

    /** Where a fault happens to them. */
    ground(): ColourGround {
        const double: unknown = { site: this, signal: new AbortController().signal, deploy: this.deploy, flip: this.flip, requestStop: this.requestStop };
        const session = double as ColourSession;
        const releases = {
            otherThan: (version: string) => (version === "v1" ? "v2" : "v1"),
            imageGone: () => Promise.resolve("gone"), hookFailsOnce: () => Promise.resolve("bad"), failingUntried: () => Promise.resolve("failing"),
        };
        return colourGround({ session, stage: new ColourStage(session, 2), releases });
    }

    private drive(roll: Roll, { wrap = driver => driver }: Driving): Promise<RollState> {
        this.rolls++;
        const driver: RollDriver = { carryOut: ({ name, ...step }) => this.carryOut(name, "percent" in step ? step.percent : 0, roll) };
        const keeper = {
            keep: (state: RollState) => Promise.resolve(void (this.document = rememberRoll(this.document, state, {
                release: release(roll.version), warmUntil: this.groups[state.phase === "ended" && state.outcome === "succeeded" ? roll.from : roll.to].endsAt?.toISOString(),
            }))),
            stopRequested: () => Promise.resolve(this.wrong.deaf === true ? undefined : this.document.stopRequested ?? undefined),
        };
        return driveRoll(beginRoll(roll), wrap(driver, this as unknown as ColourSite), keeper, { clock: this.clock, signal: new AbortController().signal, tell: () => undefined });
    }

    private carryOut(name: StepName, percent: number, { from, to, warmSeconds, minSize }: Roll): Promise<object> {
        if (name === "restore") this.clock.pass(this.wrong.restoreSeconds ?? 0);
        if (name === this.failing && this.rolls === (this.wrong.failsFor ?? this.rolls)) return Promise.reject(new Error(name === "install" ? "ValidateService failed on green-1: exit code 1: the rehearsal makes this hook fail" : `${name} fails`));
        if (this.leftOut.includes(name)) return Promise.resolve({});
        const [serving, other] = [this.groups[from], this.groups[to]];
        const share = (colour: Colour, all: number): void => { this.weights = colour === "green" ? { blue: 100 - all, green: all } : { blue: all, green: 100 - all }; };
        const end = new Date("2026-01-02T00:00:00Z");
        const doings: Partial<Record<StepName, () => void>> = {
            detach: () => { other.inDeploymentGroup = false; },
            grow: () => {
                if (other.inDeploymentGroup && other.lastDeployed === "gone") this.timeline.events.push({ atMs: 0, instance: `${to}-1`, event: "BeforeInstall", status: "failed", detail: "no image" });
                other.size = { min: minSize, desired: Math.max(minSize, serving.size.desired) };
                other.endsAt = end;
            },
            attach: () => { other.inDeploymentGroup = true; },
            disarm: () => { other.endsAt = undefined; },
            match: () => {
                serving.size = { ...serving.size, min: serving.size.desired };
                const size = Math.max(serving.size.desired, other.size.desired);
                other.size = { min: size, desired: size };
            },
            shift: () => { share(to, percent); },
            commit: () => { this.activeColour = to; },
            settle: () => { other.size = { ...other.size, min: minSize }; },
            retire: () => {
                serving.endsAt = warmSeconds > 0 ? end : undefined;
                if (warmSeconds === 0) serving.size = { min: 0, desired: 0 };
            },
            restore: () => { share(from, 100); },
            uncommit: () => { this.activeColour = from; },
            shrink: () => {
                other.size = { min: 0, desired: 0 };
                other.endsAt = undefined;
            },
            rearm: () => { other.endsAt = end; },
            release: () => { serving.size = { ...serving.size, min: minSize }; },
        };
        doings[name]?.();
        return Promise.resolve({});
    }
}

class MemoryGroup {
    inDeploymentGroup = true;
    lastDeployed: string | undefined;
    endsAt: Date | undefined;
    size: { min: number; desired: number };

    constructor(instances: number, private readonly room: number) {
        this.size = { min: instances, desired: instances };
    }

    get inService(): readonly string[] {
        return Array.from({ length: this.size.desired }, (_, number) => `i-${number}`);
    }

    get members(): readonly string[] {
        return this.inService;
    }

    scaleBy(instances: number): void {
        this.size = { ...this.size, desired: Math.max(this.size.min, this.size.desired + Math.min(instances, this.room)) };
    }

    resize(size: Partial<MemoryGroup["size"]>): void {
        this.size = { ...this.size, ...size };
    }
}

function shiftingOf({ shiftPercents, bakeSeconds, warmSeconds }: Shifting): Shifting {
    return { ...(shiftPercents && { shiftPercents }), ...(bakeSeconds !== undefined && { bakeSeconds }), ...(warmSeconds !== undefined && { warmSeconds }) };
}
