import assert from "node:assert/strict";
import { abortRoll } from "../../../../release/aws/blue-green/abort-roll";
import { flipColours } from "../../../../release/aws/blue-green/flip-colours";
import { rollColours } from "../../../../release/aws/blue-green/roll-colours";
import { type Colour, otherColour } from "../../../../release/blue-green/colour";
import { colourDocument } from "../../../../release/blue-green/document";
import { stepOf } from "../../../../release/blue-green/machine";
import type { Roll } from "../../../../release/blue-green/roll";
import { backSteps, forwardSteps } from "../../../../release/blue-green/step";
import { rollUnderWay } from "../../../../release/roll-history";
import { type Call, type ColourSite, isNote, type KillAt, openColours, versions } from "./colour-site";

const settings = { shiftPercents: [100], bakeSeconds: 10 };
const [roll, flip] = (["deploy", "flip"] as const).map((kind): Roll => ({
    id: "bg-1", kind, version: "v", from: "blue", to: "green", minSize: 2, warmSeconds: 1800, begun: "2026-01-01T00:00:00.000Z",
    ...(kind === "flip" ? { shiftPercents: [100], bakeSeconds: 0 } : settings),
})) as [Roll, Roll];
const name = (way: readonly { readonly name: string }[]) => (at: number): string => `${way[at]?.name ?? "the end"} (step ${at + 1})`;

/** Kills a driver when its roll is written down at a step: before the write, so that the step before was carried out, or after it, so that this one was not. */
function atNote(n: number, when: "before" | "after"): KillAt {
    let notes = 0;
    return call => (isNote(call) && notes++ === n ? when : undefined);
}

/** Step of a roll that a call writes down: -1 for its end, undefined for any other call. */
function indexIn(call: Call): number | undefined {
    if (!isNote(call)) return undefined;
    return rollUnderWay(colourDocument.parse(JSON.parse(String(call.input["Body"]))))?.at ?? -1;
}

async function assertServes({ state }: ColourSite, colour: Colour, warm: boolean): Promise<void> {
    const { weights, active, groups } = await state();
    const idle = otherColour(colour);
    assert.deepEqual({ weights: weights[colour], active }, { weights: 100, active: colour });
    assert.deepEqual(groups[colour], { minSize: 2, maxSize: 4, desired: 2, instances: 2, hooked: true, ends: false });
    assert.deepEqual(groups[idle], warm
        ? { minSize: 2, maxSize: 4, desired: 2, instances: 2, hooked: true, ends: true }
        : { minSize: 0, maxSize: 4, desired: 0, instances: 0, hooked: true, ends: false });
}

describe("roll whose driver was killed", function () {
    this.timeout(600_000);
    let site: ColourSite;
    let serving: Colour = "blue";
    const next = (): string => (serving === "blue" ? versions.b : versions.a);

    before(async () => { site = await openColours(settings); });
    after(async () => { await site[Symbol.asyncDispose](); });

    const kill = async (killAt: KillAt, version: string): Promise<void> => {
        const dead = site.driver({ killAt });
        await assert.rejects(rollColours(dead.clients, site.stage, version, dead.options), /killed/);
        assert.ok(dead.death.signal.aborted, "nobody was killed");
    };

    const steps = forwardSteps(roll);

    // One roll: whoever dies leaves it to the next, who dies as well.
    for (const [at] of steps.entries()) {
        it(`survives the death of its driver before and after ${name(steps)(at)}`, async () => {
            await kill(call => (at === indexIn(call) ? "after" : undefined), versions.b);
            const left = rollUnderWay(await site.document());
            assert.deepEqual([left?.phase, left?.at, left?.left], ["forward", at, []]);
            // The step is carried out, which is written down nowhere.
            await kill(call => (indexIn(call) === (at + 1 < steps.length ? at + 1 : -1) ? "before" : undefined), versions.b);
            assert.deepEqual(rollUnderWay(await site.document()), left);
        });
    }

    it("ends as if nobody had died", async () => {
        const fresh = site.driver();
        const end = await rollColours(fresh.clients, site.stage, versions.b, fresh.options);
        serving = otherColour(serving);
        assert.deepEqual([end?.result, end?.reason, end?.left, (await site.document()).roll], ["succeeded", undefined, [], null]);
        await assertServes(site, serving, true);
        assert.equal(site.demo.codeDeploy.deployments.length, 2);
        assert.deepEqual((await site.journal()).map(({ result, version: of }) => [of, result]), [[versions.b, "succeeded"]]);
    });

    for (const [at] of steps.entries()) {
        it(`is taken back by an abort before ${name(steps)(at)}, where that is still possible`, async () => {
            const version = next();
            await kill(atNote(at, "after"), version);
            const left = rollUnderWay(await site.document());
            assert.equal(left && stepOf(left).name, steps[at]?.name);
            const fresh = site.driver();
            const end = await abortRoll(fresh.clients, site.stage, fresh.options);
            const isPast = ["settle", "retire"].includes(steps[at]?.name ?? "");
            if (isPast) serving = otherColour(serving);
            assert.equal(end?.result, isPast ? "succeeded" : "stopped");
            await assertServes(site, serving, isPast);
            assert.equal((await site.journal()).at(-1)?.result, end.result);
        });
    }

    const ways = backSteps(roll);
    for (const [at] of ways.entries()) {
        it(`is taken back by whoever comes next when it was killed on its way back, before ${name(ways)(at)}`, async () => {
            const version = next();
            // Full-grown, with all of the requests, and then an alarm's worth of trouble.
            await kill(atNote(steps.findIndex(({ name: step }) => step === "bake"), "after"), version);
            const second = site.driver({ killAt: atNote(at, "after") });
            await assert.rejects(abortRoll(second.clients, site.stage, second.options), /killed/);
            const third = site.driver();
            const end = await abortRoll(third.clients, site.stage, third.options);
            assert.equal(end?.result, "stopped");
            await assertServes(site, serving, false);
        });
    }

    it("is undone first when another release is wanted", async () => {
        const version = next();
        await kill(atNote(5, "after"), version);
        const fresh = site.driver();
        const end = await rollColours(fresh.clients, site.stage, versions.c, fresh.options);
        serving = otherColour(serving);
        assert.deepEqual([end?.result, end?.roll.version], ["succeeded", versions.c]);
        await assertServes(site, serving, true);
        assert.deepEqual((await site.journal()).slice(-2).map(({ result, version: of }) => [of, result]), [[version, "stopped"], [versions.c, "succeeded"]]);
    });

    const flips = forwardSteps(flip);
    for (const [at] of flips.entries()) {
        it(`is gone on with as a flip, killed before ${name(flips)(at)}`, async () => {
            const dead = site.driver({ by: "flip", bakeSeconds: 0, killAt: atNote(at, "after") });
            await assert.rejects(flipColours(dead.clients, site.stage, dead.options), /killed/);
            const fresh = site.driver({ by: "flip", bakeSeconds: 0 });
            const end = await flipColours(fresh.clients, site.stage, fresh.options);
            serving = otherColour(serving);
            assert.deepEqual([end.result, end.roll.kind], ["succeeded", "flip"]);
            await assertServes(site, serving, true);
        });
    }
});
