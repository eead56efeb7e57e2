import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import timers from "node:timers/promises";
import { ColourSession } from "../../../rehearsal/blue-green/colour-session";
import { ColoursRecorder } from "../../../rehearsal/blue-green/colours-recorder";
import { usualPlay } from "../../../rehearsal/blue-green/perform-colours";
import type { Releases } from "../../../rehearsal/release/make-releases";
import { Service } from "../load/service";
import { FakeSite } from "./fake-site";

const releases = { first: { version: "v1" }, next: { version: "v2" } } as Releases;

describe("usual play of a blue/green rehearsal", () => {
    const { setTimeout: sleep } = timers;
    let folder: string;
    let service: Service;
    before(() => {
        timers.setTimeout = <T>(_ms = 0, value?: T): Promise<T> => Promise.resolve(value as T);
        syncBuiltinESMExports();
    });
    after(() => {
        timers.setTimeout = sleep;
        syncBuiltinESMExports();
    });
    beforeEach(async () => {
        folder = await mkdtemp(join(tmpdir(), "play-"));
        service = await Service.serve((_, response) => response.setHeader("X-Release", "v2").end());
    });
    afterEach(async () => {
        await service[Symbol.asyncDispose]();
        await rm(folder, { recursive: true });
    });

    async function playWith(warmSeconds: number) {
        const shifting = { shiftPercents: [100], bakeSeconds: 60, warmSeconds };
        const fake = await FakeSite.open(join(folder, "colours.json"));
        fake.clock.meanwhile(() => fake.hosts.idle());
        Object.assign(fake.site.balancer, { url: service.url });
        const recorder = new ColoursRecorder(fake.site);
        const session = new ColourSession({ site: fake.site, recorder, facts: shifting, minSize: 2, signal: new AbortController().signal });
        const said: string[] = [];
        const end = await usualPlay(shifting, { step: text => void said.push(text) })(session, releases);
        return { outcome: end.outcome, said, rolls: recorder.seen.rolls.map(({ roll: { kind, to, bakeSeconds, urgent } }) => [kind, to, bakeSeconds, urgent]) };
    }

    it("goes back in a hurry, as from a bad release, and forth again with the stage's bake", async () => {
        assert.deepEqual(await playWith(1800), {
            outcome: "succeeded", said: [], rolls: [["deploy", "green", 60, undefined], ["flip", "blue", 0, true], ["flip", "green", 60, undefined]],
        });
    });

    it("deploys alone where nothing is kept warm, and says so", async () => {
        assert.deepEqual(await playWith(0), {
            outcome: "succeeded", said: ["nothing is kept warm after the flip, so the way back is not played"], rolls: [["deploy", "green", 60, undefined]],
        });
    });
});
