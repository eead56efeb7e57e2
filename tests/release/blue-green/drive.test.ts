import assert from "node:assert/strict";
import { driveRoll, type Pace, RollTakenOver } from "../../../release/blue-green/drive";
import { type ActiveRoll, beginRoll, type RollState, stepOf, stepsOf } from "../../../release/blue-green/machine";
import type { Step } from "../../../release/blue-green/step";
import { ReleaseError } from "../../../release/error";
import { FakeClock } from "../../support/aws/fake-clock";
import { sampleFlip, sampleRoll } from "./sample-roll";

type Doing = (step: Step, pace: Pace, state: ActiveRoll) => Promise<unknown> | undefined;

/** Drives with what a test says, and remembers who was asked to do what. */
class Drive {
    readonly clock = new FakeClock();
    readonly lost = new AbortController();
    readonly stop = new AbortController();
    readonly log: string[] = [];
    kept: RollState | undefined;
    wish: string | undefined;
    /** Whether the lock was lost, each time that somebody asked for a person's wish. */
    readonly asked: boolean[] = [];
    keeping: (state: RollState) => void = () => undefined;

    constructor(private readonly doing: Doing = () => undefined) {}

    run(start: ActiveRoll = beginRoll(sampleFlip)): Promise<RollState> {
        const say = (text: string) => this.log.push(text);
        return driveRoll(start, {
            carryOut: async (step, state, pace) => {
                say(step.name);
                return { ...await (this.doing(step, pace, state) ?? {}) as object };
            },
        }, {
            keep: async state => {
                this.keeping(state);
                this.kept = state;
                say(state.phase === "ended" ? `[${state.outcome}]` : `[${stepOf(state).name}${state.phase === "back" && state.problem !== undefined ? "!" : ""}]`);
                return Promise.resolve();
            },
            stopRequested: () => {
                this.asked.push(this.lost.signal.aborted);
                return Promise.resolve(this.wish);
            },
        }, { clock: this.clock, signal: this.lost.signal, stop: this.stop.signal, tell: step => say(`(${step.name})`) });
    }

    /** What was done and kept, without what was told. */
    get deeds(): string {
        return this.log.filter(each => !each.startsWith("(")).join(" ");
    }
}

const fails = (name: string, reason = `${name} is impossible`): Doing => step => (step.name === name ? Promise.reject(new Error(reason)) : undefined);
const unable = (...phases: readonly RollState["phase"][]) => (state: RollState) => {
    if (phases.includes(state.phase)) throw new Error("no store");
};
const untold = "where roll bg-2 stands could not be written down: no store";
const whole = "[disarm] disarm [match] match [shift] shift [bake] bake [commit] commit [settle] settle [retire] retire [succeeded]";

describe("whoever drives a roll", () => {
    it("writes each state down before its step is told and carried out, and the end", async () => {
        const drive = new Drive(step => (step.name === "install" ? Promise.resolve({ deploymentId: "d-1" }) : undefined));
        const end = await drive.run(beginRoll(sampleRoll));
        assert.deepEqual(end, { roll: sampleRoll, phase: "ended", outcome: "succeeded", left: [], deploymentId: "d-1" });
        assert.deepEqual(drive.log, [...stepsOf(beginRoll(sampleRoll)).flatMap(({ name }) => [`[${name}]`, `(${name})`, name]), "[succeeded]"]);
        assert.deepEqual(drive.kept, end);
    });

    it("goes back when a step fails, and says why", async () => {
        const drive = new Drive(fails("bake", "green is ill"));
        assert.deepEqual(await drive.run(), { roll: sampleFlip, phase: "ended", outcome: "rolledBack", reason: "green is ill", left: [] });
        assert.equal(drive.deeds, "[disarm] disarm [match] match [shift] shift [bake] bake [restore] restore [uncommit] uncommit [rearm] rearm [release] release [rolledBack]");
    });

    it("understands what is thrown and is no error", async () => {
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
        const end = await new Drive(step => (step.name === "match" ? Promise.reject("odd") : undefined)).run();
        assert.equal(end.phase === "ended" && end.reason, "odd");
    });

    it("leaves the roll where the way back is blocked, written down", async () => {
        const drive = new Drive(step => (step.name === "match" || step.name === "uncommit" ? Promise.reject(new Error(`no ${step.name}`)) : undefined));
        const stuck = { roll: sampleFlip, phase: "back", at: 1, cause: { by: "failure", reason: "no match" }, left: [], problem: "no uncommit" };
        assert.deepEqual(await drive.run(), stuck);
        assert.deepEqual(drive.kept, stuck);
        assert.equal(drive.deeds, "[disarm] disarm [match] match [restore] restore [uncommit] uncommit [uncommit!]");
    });

    it("tries a blocked step again when it takes a roll up", async () => {
        const drive = new Drive();
        const end = await drive.run({ roll: sampleFlip, phase: "back", at: 2, cause: { by: "failure", reason: "why" }, left: [], problem: "denied" });
        assert.deepEqual(end, { roll: sampleFlip, phase: "ended", outcome: "rolledBack", reason: "why", left: [] });
        assert.equal(drive.deeds, "[rearm] rearm [release] release [rolledBack]");
    });

    it("matches again before it goes on with what sends requests", async () => {
        const drive = new Drive();
        await drive.run({ ...beginRoll(sampleFlip), at: 4 });
        assert.equal(drive.deeds, whole.slice("[disarm] disarm ".length));
    });

    it("tells what was left after the commit", async () => {
        const end = await new Drive(fails("settle")).run();
        assert.deepEqual(end, { roll: sampleFlip, phase: "ended", outcome: "succeeded", left: ["settle is impossible"] });
    });

    describe("heeds a person's wish", () => {
        const stopped = (reason: string) => ({ roll: sampleFlip, phase: "ended", outcome: "stopped", reason, left: [] });
        const gone = "[disarm] disarm [match] match [restore] restore [uncommit] uncommit [rearm] rearm [release] release [stopped]";

        it("written down, before a step", async () => {
            const drive = new Drive(step => {
                if (step.name === "match") drive.wish = "wrong release";
                return undefined;
            });
            assert.deepEqual(await drive.run(), stopped("wrong release"));
            assert.equal(drive.deeds, gone.replace("[restore]", "[shift] [restore]"));
        });

        it("written down, while a step rests", async () => {
            const drive = new Drive((step, pace) => (step.name === "match" ? pace.rest(5) : undefined));
            drive.clock.meanwhile(() => { drive.wish = "wrong release"; });
            assert.deepEqual(await drive.run(), stopped("wrong release"));
            assert.equal(drive.deeds, gone);
        });

        it("by Ctrl-C, at once, also where the driver makes the wish part of its own error", async () => {
            const drive = new Drive((step, pace) => (step.name === "match" ? pace.rest(600).catch((error: unknown) => { throw new Error("match failed", { cause: error }); }) : undefined));
            drive.clock.meanwhile(() => { drive.stop.abort(new Error("interrupted")); });
            assert.deepEqual(await drive.run(), stopped("interrupted"));
            assert.equal(drive.deeds, gone);
        });

        it("no more once the new colour serves, nor on the way back", async () => {
            const late = new Drive((step, pace) => (step.name === "settle" ? pace.rest(1) : undefined));
            late.clock.meanwhile(() => {
                late.wish = "too late";
                late.stop.abort(new Error("too late"));
            });
            assert.deepEqual([(await late.run()).phase, late.deeds], ["ended", whole]);
            const back = new Drive((_, pace) => pace.rest(1));
            back.wish = "again";
            const end = await back.run({ roll: sampleFlip, phase: "back", at: 0, cause: { by: "failure", reason: "why" }, left: [] });
            assert.deepEqual(end, { roll: sampleFlip, phase: "ended", outcome: "rolledBack", reason: "why", left: [] });
        });
    });

    it("fails a step that takes too long, at its deadline and not before", async () => {
        const drive = new Drive(async (step, pace) => {
            while (step.name === "disarm") await pace.rest(60);
        });
        const end = await drive.run();
        assert.equal(end.phase === "ended" && end.reason, "taking back the end of blue: not done within 120 s");
        assert.deepEqual(drive.clock.waits, [60, 60]);
    });

    describe("ends at once when the lock is lost", () => {
        for (const where of ["match", "shift", "settle"]) {
            it(`at ${where}, and writes nothing down any more`, async () => {
                const drive = new Drive(step => {
                    if (step.name === where) drive.lost.abort(new Error("the lock is lost"));
                    return undefined;
                });
                await assert.rejects(drive.run(), new Error("the lock is lost"));
                assert.equal(drive.deeds, whole.slice(0, whole.indexOf(` ${where} `) + where.length + 1));
            });
        }

        it("while a step rests or fails, and tells a driver of it", async () => {
            const drive: Drive = new Drive(async (step, pace) => {
                assert.equal(pace.signal, drive.lost.signal);
                if (step.name === "shift") await pace.rest(5);
            });
            drive.clock.meanwhile(() => { drive.lost.abort(new Error("the lock is lost")); });
            await assert.rejects(drive.run(), new Error("the lock is lost"));
            assert.equal(drive.deeds, "[disarm] disarm [match] match [shift] shift");
            assert.ok(!drive.asked.includes(true), "what it may not read any more");
        });

        it("while a wish is read, and tells and carries out nothing", async () => {
            const drive = new Drive();
            Object.defineProperty(drive, "wish", { get: () => { drive.lost.abort(new Error("the lock is lost")); } });
            await assert.rejects(drive.run(), new Error("the lock is lost"));
            assert.deepEqual(drive.log, ["[disarm]"]);
        });

        it("while it writes down, whatever comes of that", async () => {
            const drive = new Drive();
            drive.keeping = state => {
                if (state.phase === "forward" && state.at === 3) {
                    drive.lost.abort(new Error("the lock is lost"));
                    throw new Error("no store");
                }
            };
            await assert.rejects(drive.run(), new Error("the lock is lost"));
            assert.equal(drive.deeds, "[disarm] disarm [match] match [shift] shift");
        });
    });

    it("touches nothing more when somebody else drives", async () => {
        const drive = new Drive();
        drive.keeping = state => {
            if (state.phase !== "ended" && stepOf(state).name === "bake") throw new RollTakenOver("somebody else drives roll bg-2");
        };
        await assert.rejects(drive.run(), new RollTakenOver("somebody else drives roll bg-2"));
        assert.equal(drive.deeds, "[disarm] disarm [match] match [shift] shift");
    });

    describe("when nothing can be written down,", () => {
        it("goes back, if that at least can be", async () => {
            const drive = new Drive();
            drive.keeping = state => {
                if (state.phase === "forward" && stepOf(state).name === "bake") throw new Error("no store");
            };
            assert.deepEqual(await drive.run(), { roll: sampleFlip, phase: "ended", outcome: "rolledBack", reason: untold, left: [] });
            assert.equal(drive.deeds, "[disarm] disarm [match] match [shift] shift [restore] restore [uncommit] uncommit [rearm] rearm [release] release [rolledBack]");
        });

        it("sends the requests back all the same, and takes nothing away", async () => {
            const drive = new Drive(step => {
                if (step.name === "shift") drive.keeping = unable("forward", "back");
                return undefined;
            });
            assert.deepEqual(await drive.run(), { roll: sampleFlip, phase: "back", at: 0, cause: { by: "failure", reason: untold }, left: [], problem: untold });
            assert.equal(drive.deeds, "[disarm] disarm [match] match [shift] shift restore");
        });

        it("tells of both when the requests cannot be sent back either", async () => {
            const drive = new Drive(fails("restore", "no balancer"));
            drive.keeping = unable("forward", "back");
            const end = await drive.run();
            assert.equal(end.phase === "back" && end.problem, `no balancer; and ${untold}`);
        });

        it("goes no further on the way back", async () => {
            const drive = new Drive();
            drive.keeping = state => {
                if (state.phase === "back" && state.at === 1) throw new Error("no store");
            };
            const start: ActiveRoll = { roll: sampleFlip, phase: "back", at: 0, cause: { by: "failure", reason: "why" }, left: [] };
            assert.deepEqual(await drive.run(start), { ...start, at: 1, problem: untold });
            assert.equal(drive.deeds, "[restore] restore");
        });

        it("says so once the new colour serves, and leaves what served alone", async () => {
            for (const name of ["settle", "retire"]) {
                const drive = new Drive();
                drive.keeping = state => {
                    if (state.phase === "forward" && stepOf(state).name === name) throw new Error("no store");
                };
                await assert.rejects(drive.run(), new ReleaseError(untold));
                assert.equal(drive.deeds, whole.slice(0, whole.indexOf(` [${name}]`)));
            }
        });

        it("says so at the end", async () => {
            const drive = new Drive();
            drive.keeping = unable("ended");
            await assert.rejects(drive.run(), new ReleaseError(untold));
            assert.equal(drive.deeds, whole.slice(0, -" [succeeded]".length));
        });
    });
});
