import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { watchBake } from "../../../rehearsal/blue-green/watch-bake";
import { sampleRoll } from "../../release/blue-green/sample-roll";
import { FakeSite } from "./fake-site";

describe("bake on local Docker", () => {
    let folder: string;
    let fake: FakeSite;
    beforeEach(async () => {
        folder = await mkdtemp(join(tmpdir(), "colours-"));
        fake = await FakeSite.open(join(folder, "colours.json"));
    });
    afterEach(() => rm(folder, { recursive: true }));

    const fill = async (size: number): Promise<void> => {
        const { green } = fake.site.groups;
        green.resize({ min: size, desired: size });
        await green.idle();
    };
    const bake = (): Promise<void> => {
        const { signal } = new AbortController();
        return watchBake(fake.site, { ...sampleRoll, to: "green", bakeSeconds: 60 }, { signal, rest: seconds => fake.clock.wait(seconds, signal) });
    };

    it("watches for as long as the roll says", async () => {
        await fill(2);
        const before = fake.clock.now().getTime();
        await bake();
        assert.ok(fake.clock.now().getTime() - before >= 60_000);
    });

    it("ends at once when half of the targets are not healthy", async () => {
        await fill(4);
        fake.unhealthy.green = 2;
        const before = fake.clock.waited;
        await assert.rejects(bake(), { message: "2 of 4 targets of green are not healthy" });
        assert.equal(fake.clock.waited, before);
    });

    it("ends when fewer are not healthy for three looks in a row, ten seconds apart", async () => {
        await fill(3);
        fake.unhealthy.green = 1;
        const before = fake.clock.waited;
        await assert.rejects(bake(), { message: "1 of 3 targets of green are not healthy, 3 looks in a row" });
        assert.equal(fake.clock.waited - before, 20);
    });

    it("goes on when one is healthy again, however often that happens", async () => {
        await fill(3);
        let looks = 0;
        fake.clock.meanwhile(() => { fake.unhealthy.green = ++looks % 3 === 0 ? 0 : 1; });
        await bake();
        assert.equal(looks, 6);
    });

    it("does not end while its last look was ill", async () => {
        await fill(3);
        let looks = 0;
        fake.clock.meanwhile(() => { fake.unhealthy.green = [6, 7].includes(++looks) ? 1 : 0; });
        const before = fake.clock.waited;
        await bake();
        assert.equal(fake.clock.waited - before, 80);
    });

    it("ends ill when its time is over meanwhile", async () => {
        await fill(3);
        let looks = 0;
        fake.clock.meanwhile(() => { fake.unhealthy.green = ++looks >= 6 ? 1 : 0; });
        await assert.rejects(bake(), { message: "1 of 3 targets of green are not healthy, 3 looks in a row" });
    });

    it("ends when too many answers are errors, since the share was given", async () => {
        await fill(2);
        fake.answered = { requests: 1000, errors: 900 };
        fake.clock.meanwhile(() => { fake.answered = { requests: 1100, errors: 906 }; });
        await assert.rejects(bake(), { message: "green answered 6 of 100 requests with 5xx, more than 5 percent" });
    });

    it("says nothing by a handful of requests", async () => {
        await fill(2);
        fake.clock.meanwhile(() => { fake.answered = { requests: 19, errors: 19 }; });
        await bake();
    });
});
