import assert from "node:assert/strict";
import type { Fault, FaultGround, FaultOutcome } from "../../../rehearsal/faults/fault";
import type { FaultsHappened } from "../../../rehearsal/faults/faults-report";
import { performFaults, quietMsOf } from "../../../rehearsal/faults/perform-faults";
import { untilTrouble } from "../../../rehearsal/faults/until-trouble";
import { request } from "../report/material";

const fine: FaultOutcome = { happened: "it took over", broken: [] };
const fault = (name: Fault["name"], happen: () => Promise<FaultOutcome> = () => Promise.resolve(fine)): Fault => ({ name, onAws: "It is so.", promise: "it is kept", happen });
const records = [request()];
const told = { steps: [] as string[], warnings: [] as string[] };
const view = { step: (text: string) => void told.steps.push(text), warn: (text: string) => void told.warnings.push(text) };

/** Faults on a stage in memory, with no quiet around them. */
function perform(faults: readonly Fault[], { takeUp = () => Promise.resolve([]), signal = new AbortController().signal }: Partial<Pick<FaultGround["stage"], "takeUp"> & Pick<FaultGround, "signal">> = {}): Promise<FaultsHappened> {
    const ground = { stage: { takeUp }, slowestSeconds: 0, signal } as unknown as FaultGround;
    return untilTrouble(signal, view, async series => {
        await series(performFaults(faults, ground, view, 0));
        return { records };
    });
}

const names = ({ runs }: FaultsHappened) => runs.map(run => run.fault.name);

describe("Faults in a row", () => {
    beforeEach(() => { told.steps.length = told.warnings.length = 0; });

    it("happen one after the other, and what one leaves under way is part of what it comes to", async () => {
        const happened = await perform([fault("scale-out")], { takeUp: () => Promise.resolve(["it left a roll"]) });
        assert.deepEqual(happened.runs.map(({ happened, broken }) => [happened, broken]), [["it took over", ["it left a roll"]]]);
        assert.equal(happened.records, records);
        assert.equal("trouble" in happened, false);
        assert.deepEqual(told.warnings, ["scale-out: NOT KEPT: it left a roll"]);
    });

    it("go on when one comes to nothing, or what it left cannot be ended", async () => {
        const happened = await perform([fault("scale-out", () => Promise.reject(new Error("no room"))), fault("green-dies")], { takeUp: () => Promise.reject(new Error("no roll")) });
        assert.deepEqual(happened.runs.map(({ broken }) => broken), [
            ["no room", "what it left under way cannot be ended: no roll"], ["what it left under way cannot be ended: no roll"],
        ]);
    });

    it("end with Ctrl-C at once, whatever one waits for, and those before keep what they came to", async () => {
        const wish = new AbortController();
        const stuck = (): Promise<FaultOutcome> => { wish.abort(); return new Promise(() => undefined); };
        const happened = await perform([fault("scale-out"), fault("green-dies", stuck), fault("driver-killed")], { signal: wish.signal });
        assert.deepEqual(names(happened), ["scale-out"]);
        assert.equal(happened.trouble?.name, "AbortError");
        assert.equal(happened.records, records);
    });

    it("have quiet around them for twice as long as the slowest request takes, and two seconds at the least", () => {
        assert.deepEqual([0, 0.9, 1.5, 10].map(slowestSeconds => quietMsOf({ slowestSeconds })), [2_000, 2_000, 3_000, 20_000]);
    });
});

describe("A rehearsal of faults that ends before its time", () => {
    const none = (async function* () {})();

    it("has not begun while faults have not: what goes wrong then is all there is to tell", async () => {
        await assert.rejects(untilTrouble(new AbortController().signal, view, () => Promise.reject(new Error("no Docker"))), { message: "no Docker" });
    });

    it("hears Ctrl-C before the faults, not during them, since the load must end in order, and at last again", async () => {
        const wish = new AbortController();
        let heard: AbortSignal | undefined;
        let during: boolean | undefined;
        await untilTrouble(wish.signal, view, async (series, inner) => {
            heard = inner;
            await series(none);
            wish.abort();
            during = inner.aborted;
            return { records };
        });
        assert.deepEqual([during, heard?.aborted], [false, true]);

        const early = new AbortController();
        await assert.rejects(untilTrouble(early.signal, view, (_, inner) => { early.abort(); inner.throwIfAborted(); return assert.fail(); }), { name: "AbortError" });
        await assert.rejects(untilTrouble(AbortSignal.abort(), view, (_, inner) => { inner.throwIfAborted(); return assert.fail(); }), { name: "AbortError" });
    });

    it("keeps what has happened when the load dies", async () => {
        const happened = await untilTrouble(new AbortController().signal, view, async series => {
            await series(none);
            throw new Error("the load died");
        });
        assert.deepEqual(happened.runs, []);
        assert.equal(happened.records, undefined);
        assert.equal(happened.trouble?.message, "the load died");
    });
});
