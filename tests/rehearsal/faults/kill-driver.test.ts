import assert from "node:assert/strict";
import { driveRoll, type RollDriver } from "../../../release/blue-green/drive";
import { type ActiveRoll, beginRoll, type RollState } from "../../../release/blue-green/machine";
import type { Roll } from "../../../release/blue-green/roll";
import { backSteps, forwardSteps } from "../../../release/blue-green/step";
import type { Driving } from "../../../rehearsal/blue-green/colour-session";
import type { ColourSite } from "../../../rehearsal/blue-green/colour-site";
import { type KilledWay, surviveKills } from "../../../rehearsal/faults/kill-driver";
import { FakeClock } from "../../support/aws/fake-clock";
import { sampleFlip, sampleRoll } from "../report/material";

const site = {} as ColourSite;

/** A roll that another driver can take up from what was written down; `failing` cannot be carried out. */
function rollOf(roll: Roll, failing?: string) {
    const carriedOut: string[] = [];
    const begun = { drivers: 0 };
    let written: RollState = beginRoll(roll);
    const driver: RollDriver = {
        carryOut: ({ name }) => {
            if (name === failing) return Promise.reject(new Error("it does not work"));
            carriedOut.push(name);
            return Promise.resolve({});
        },
    };
    const drive = ({ wrap = driver => driver, kill }: Driving): Promise<RollState> => {
        begun.drivers++;
        const keeper = { keep: (state: RollState) => Promise.resolve(void (written = state)), stopRequested: () => Promise.resolve(undefined) };
        return driveRoll(written as ActiveRoll, wrap(driver, site), keeper, { clock: new FakeClock(), signal: kill ?? new AbortController().signal, tell: () => undefined });
    };
    return { carriedOut, begun, drive };
}

async function survive(roll: Roll, way: KilledWay, failing?: string) {
    const { carriedOut, begun, drive } = rollOf(roll, failing);
    return { ...await surviveKills({ resume: drive }, drive, way), carriedOut, drivers: begun.drivers };
}

describe("A driver that is killed", () => {
    for (const [what, roll] of [["a deploy", sampleRoll], ["a flip", sampleFlip]] as const) {
        it(`dies once before and once after each step of ${what}, by the state machine's own list`, async () => {
            const { end, kills, missed, drivers, carriedOut } = await survive(roll, "forward");
            assert.equal(end.phase === "ended" && end.outcome, "succeeded");
            assert.deepEqual(missed, []);
            assert.equal(kills, 2 * forwardSteps(roll).length);
            // Each kill needs a driver of its own, and the last one lives.
            assert.equal(drivers, kills + 1);
            for (const { name } of forwardSteps(roll)) assert.ok(carriedOut.filter(each => each === name).length >= 2, `${name} was not carried out again`);
        });

        it(`dies at each step of the way back of ${what}`, async () => {
            const { end, kills, missed } = await survive(roll, "back", "commit");
            assert.equal(end.phase === "ended" && end.outcome, "rolledBack");
            assert.deepEqual(missed, []);
            assert.equal(kills, 2 * backSteps(roll).length);
        });
    }

    it("has missed the steps that its roll never came to", async () => {
        const { missed, end } = await survive(sampleRoll, "forward", "probe");
        assert.equal(end.phase === "ended" && end.outcome, "rolledBack");
        // It is killed before the probe, which then fails.
        assert.deepEqual(missed.slice(0, 2), ["after forward step 7, probe", "before forward step 8, match"]);
        const { missed: wayBack } = await survive(sampleRoll, "back");
        assert.equal(wayBack.length, 2 * backSteps(sampleRoll).length);
    });

    it("is not what other failures are taken for", async () => {
        const { drive } = rollOf(sampleRoll);
        await assert.rejects(surviveKills({ resume: drive }, () => Promise.reject(new Error("no Docker")), "forward"), /no Docker/);
    });
});
