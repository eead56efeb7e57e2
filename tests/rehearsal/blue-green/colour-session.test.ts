import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { forwardSteps } from "../../../release/blue-green/step";
import { ColourSession, type Wrap } from "../../../rehearsal/blue-green/colour-session";
import { ColoursRecorder } from "../../../rehearsal/blue-green/colours-recorder";
import { endOf } from "../../../rehearsal/blue-green/perform-colours";
import { Service } from "../load/service";
import { FakeSite } from "./fake-site";

const facts = { shiftPercents: [50, 100], bakeSeconds: 60, warmSeconds: 1800 };

describe("session of blue/green commands", () => {
    let folder: string;
    let service: Service;
    let fake: FakeSite;
    let recorder: ColoursRecorder;
    let session: ColourSession;
    beforeEach(async () => {
        folder = await mkdtemp(join(tmpdir(), "colours-"));
        fake = await FakeSite.open(join(folder, "colours.json"));
        fake.clock.meanwhile(() => fake.hosts.idle());
        service = await Service.serve((_, response) => response.setHeader("X-Release", "v2").end());
        Object.assign(fake.site.balancer, { url: service.url });
        recorder = new ColoursRecorder(fake.site);
        session = new ColourSession({ site: fake.site, recorder, facts, minSize: 2, signal: new AbortController().signal });
    });
    afterEach(async () => {
        await service[Symbol.asyncDispose]();
        await rm(folder, { recursive: true });
    });

    /** The session, with a step at which something happens instead of before it. */
    const at = (name: string, happen: () => Promise<void>): Wrap => driver => ({
        async carryOut(step, state, pace) {
            if (step.name === name && state.phase === "forward") await happen();
            return driver.carryOut(step, state, pace);
        },
    });

    it("deploys as the stage says, and remembers what is installed and warm", async () => {
        const end = await session.deploy("v2");
        assert.deepEqual(endOf(end), { outcome: "succeeded", reason: "" });
        const { roll, blue, green, warm } = fake.site.store.read();
        assert.deepEqual([roll, blue?.version, green?.version, warm?.colour, fake.site.activeColour], [null, "v1", "v2", "blue", "green"]);
        assert.deepEqual(fake.log.filter(line => line.includes(" gets ") && !line.includes("-")), ["green gets 50", "green gets 100"]);
        assert.deepEqual(recorder.seen.rolls.map(({ outcome }) => outcome), ["succeeded"]);
    });

    it("flips back by one change of the weights, and forth again", async () => {
        await session.deploy("v2");
        fake.log.length = 0;
        for (const [colour, version, urgent] of [["blue", "v1", true], ["green", "v2", false]] as const) {
            const end = await session.flip({ urgent });
            assert.deepEqual([end.roll.kind, end.roll.to, end.roll.version, endOf(end).outcome], ["flip", colour, version, "succeeded"]);
            assert.equal(fake.site.activeColour, colour);
        }
        assert.deepEqual(fake.log, ["blue gets 100", "green gets 100"]);
    });

    it("bakes after a flip as long as the stage says or it is told, and not after one in a hurry", async () => {
        await session.deploy("v2");
        const rolls = [await session.flip(), await session.flip({ bakeSeconds: 5 }), await session.flip({ urgent: true })].map(({ roll }) => roll);
        assert.deepEqual(rolls.map(({ bakeSeconds, urgent }) => [bakeSeconds, urgent]), [[60, undefined], [5, undefined], [0, true]]);
        assert.deepEqual(recorder.seen.steps.filter(({ step }) => step.name === "bake").map(({ roll }) => rolls.findIndex(({ id }) => id === roll)), [-1, -1, 0, 1]);
    });

    it("has nothing to flip to when nothing is warm", () => {
        assert.throws(() => session.flip(), { name: "SessionError", message: "green is not warm, so nothing can be flipped" });
    });

    const names = [...new Set(forwardSteps({ ...facts, kind: "deploy" }).map(({ name }) => name))];
    for (const name of names) {
        it(`goes on with a roll whose driver was killed before it carried out ${name}`, async () => {
            const kill = new AbortController();
            const wrap = at(name, () => {
                kill.abort();
                return Promise.resolve();
            });
            await assert.rejects(session.deploy("v2", { wrap, kill: kill.signal }), { name: "AbortError" });
            assert.equal(fake.site.store.read().roll?.phase, "forward");
            assert.equal(endOf(await session.resume()).outcome, "succeeded");
            assert.equal(fake.site.activeColour, "green");
        });
    }

    it("has nothing to go on with when no roll is under way", () => {
        assert.throws(() => session.resume(), { name: "SessionError", message: "no roll is under way" });
    });

    it("ends a roll by a wish that is written down from elsewhere, and what served serves", async () => {
        const end = await session.deploy("v2", { wrap: at("probe", () => session.requestStop("it looks bad")) });
        assert.deepEqual(endOf(end), { outcome: "rolledBack", reason: "it looks bad" });
        assert.deepEqual([fake.site.activeColour, fake.site.groups.green.members.length, fake.site.store.read().stopRequested], ["blue", 0, null]);
    });

    it("writes down every step, the failed one with its reason", async () => {
        const end = await session.deploy("v2", { wrap: at("healthy", () => Promise.reject(new Error("no target"))) });
        assert.deepEqual(endOf(end), { outcome: "rolledBack", reason: "no target" });
        const { steps } = recorder.seen;
        assert.deepEqual(steps.filter(({ problem }) => problem !== undefined).map(({ step, problem }) => [step.name, problem]), [["healthy", "no target"]]);
        assert.deepEqual(steps.filter(({ phase }) => phase === "back").map(({ step }) => step.name), ["restore", "uncommit", "stop", "shrink", "attach", "release"]);
    });
});

describe("end of a roll in a report", () => {
    const roll = { id: "bg-1", kind: "deploy", version: "v2", from: "blue", to: "green", minSize: 2, begun: "2026-01-01T00:00:00.000Z", ...facts } as const;

    it("is a failure when the way back is blocked", () => {
        const state = { roll, left: [], phase: "back", at: 0, cause: { by: "failure", reason: "no target" }, problem: "no answer" } as const;
        assert.deepEqual(endOf(state), { outcome: "failed", reason: "the way back is blocked: no answer" });
    });

    it("is a failure when something could not be tidied up", () => {
        assert.equal(endOf({ roll, left: ["retire: no answer"], phase: "ended", outcome: "succeeded" }).outcome, "failed");
    });
});
