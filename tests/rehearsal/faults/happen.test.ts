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
import type { ColourGround, Fault } from "../../../rehearsal/faults/fault";
import { failsUnprobed } from "../../../rehearsal/faults/fails-unprobed";
import { greenDies } from "../../../rehearsal/faults/green-dies";
import { hookFailsOnce } from "../../../rehearsal/faults/hook-fails-once";
import { lateProblems, operatorAborts } from "../../../rehearsal/faults/operator-aborts";
import { previousImageGone } from "../../../rehearsal/faults/previous-image-gone";
import { scaleInColours } from "../../../rehearsal/faults/scale-in-colours";
import { scaleOut } from "../../../rehearsal/faults/scale-out";
import type { TimelineEvent } from "../../../rehearsal/report/report-input";
import { FakeClock } from "../../support/aws/fake-clock";
import { sampleRoll } from "../report/material";

const release = (version: string) => ({ version, image: `registry.test/app@sha256:${"a".repeat(64)}` });

/** What else is wrong in a memory. */
interface Wrong {
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
class Memory {
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
    readonly docker = { run: () => Promise.resolve("") };
    readonly run = "gapless-memory";
    readonly errorAlarm = { percent: 5, fewestRequests: 2 };
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
        if (name === this.failing && this.rolls === (this.wrong.failsFor ?? this.rolls)) return Promise.reject(new Error(name === "install" ? "ValidateService failed on green-1" : `${name} fails`));
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

async function brokenBy(fault: Fault<ColourGround>, leftOut: readonly StepName[], failing?: StepName, wrong: Wrong = {}): Promise<string> {
    const memory = new Memory(leftOut, failing, wrong);
    const session = { site: memory, signal: new AbortController().signal, deploy: memory.deploy, flip: memory.flip, requestStop: memory.requestStop };
    const releases = { otherThan: (version: string) => (version === "v1" ? "v2" : "v1"), imageGone: () => Promise.resolve("gone"), hookFailsOnce: () => Promise.resolve("bad"), failingUntried: () => Promise.resolve("failing") };
    const stage = new ColourStage(session as unknown as ColourSession, 2);
    const ground = { session, stage, releases, minSize: 2, ratePerSecond: 10, slowestSeconds: 1, noticeSeconds: 1, signal: new AbortController().signal } as unknown as ColourGround;
    return (await fault.happen(ground)).broken.join("; ");
}

describe("A fault whose protection is there", () => {
    for (const [fault, failing] of [[previousImageGone, undefined], [scaleOut, undefined], [hookFailsOnce, "install"], [greenDies, "bake"], [operatorAborts, undefined], [scaleInColours, undefined], [failsUnprobed, "bake"]] as const) {
        it(`keeps its promise: ${fault.name}`, async () => { assert.equal(await brokenBy(fault, [], failing), ""); });
    }
});

describe("A fault whose protection is taken away", () => {
    for (const [fault, leftOut, failing, problem] of [
        [previousImageGone, ["detach"], undefined, /^green-1 was brought the old release: BeforeInstall failed \(no image\)$/],
        [previousImageGone, ["attach"], undefined, /green serves and is not in its deployment group/],
        [previousImageGone, ["disarm"], undefined, /green serves, and its end is scheduled/],
        [scaleOut, ["match"], undefined, /green got 100 % of the requests with 2 healthy targets, and blue has 3/],
        [scaleOut, ["commit"], undefined, /the parameter says blue, and green serves/],
        [scaleOut, ["retire"], undefined, /blue should be gone, and has 3 instances/],
        [scaleOut, [], "settle", /something was left untidy: settle fails/],
        [operatorAborts, ["stop"], "stop", /the roll did not end: stuck on the way back \(stop fails\)/],
        [greenDies, [], undefined, /the roll took over, instead of having rolled back/],
        [scaleInColours, ["match"], undefined, /green shrank from 3 instances to 2 while it had half of the requests/],
        [scaleInColours, ["retire"], undefined, /blue should be gone, and has 2 instances/],
        [failsUnprobed, [], undefined, /the roll took over, instead of having rolled back/],
        [failsUnprobed, [], "probe", /the roll took over, instead of having rolled back/],
        [failsUnprobed, ["restore"], "bake", /blue gets 90 % of the requests instead of all/],
        [hookFailsOnce, [], undefined, /the roll took over, instead of having rolled back/],
        [hookFailsOnce, ["shrink"], "install", /green should be gone, and has 2 instances/],
        [operatorAborts, ["restore"], undefined, /deploy aborted at shift: blue gets 50 % of the requests instead of all/],
        [operatorAborts, ["rearm"], undefined, /flip aborted at \w+: .* is warm, and nothing ends it/],
    ] as const satisfies readonly (readonly [Fault<ColourGround>, readonly StepName[], StepName | undefined, RegExp])[]) {
        it(`tells so: ${fault.name} without ${leftOut.join(", ") || "what finds it"}`, async () => {
            assert.match(await brokenBy(fault, leftOut, failing), problem);
        });
    }

    it("tells so: operator-aborts where nobody hears the wish", async () => {
        assert.match(await brokenBy(operatorAborts, [], undefined, { deaf: true }), /^deploy aborted at detach: the roll took over, instead of having stopped/);
    });

    it("tells so: operator-aborts whose roll never comes to a step", async () => {
        const broken = await brokenBy(operatorAborts, [], "detach", { failsFor: 3 });
        assert.match(broken, /^deploy aborted at boot: it was never reached; deploy aborted at boot: the roll rolled back/);
    });

    it("tells so: operator-aborts where the requests take their time", async () => {
        assert.equal(await brokenBy(operatorAborts, [], undefined, { restoreSeconds: 40 }), "");
        assert.match(await brokenBy(operatorAborts, [], undefined, { restoreSeconds: 41 }), /^deploy aborted at detach: the requests were back after 41 s, and 40 s is the longest/);
    });

    it("tells so: operator-aborts where anything comes before the requests", () => {
        assert.deepEqual(lateProblems({ name: "stop" }, 1), ["the way back began with stop, and not with the requests"]);
        assert.deepEqual(lateProblems({ name: "restore" }, 1), []);
    });

    it("tells so: scale-out where the colour that serves cannot grow", async () => {
        assert.equal(await brokenBy(scaleOut, [], undefined, { full: true }), "the colour that serves did not grow, so nothing was tried");
    });
});
