import assert from "node:assert/strict";
import { rollbackCommand } from "../../../cli/commands/rollback";
import { readLock, StageLock, withLock } from "../../../release/aws/stage-lock";
import { versions } from "../../support/aws/stored-releases";
import { open, run, roll, journalOf, shifts } from "./coloured";

describe("rollback of a stack with two colours", () => {
    it("go back by one call while the release before is warm, and by a whole roll afterwards", async () => {
        await using site = await open();
        await roll(site, versions.c);
        await roll(site, versions.b);
        const before = shifts(site);
        const quick = await run(site, context => rollbackCommand("dev", { wait: 5 }, context));
        assert.match(quick.told[0] ?? "", new RegExp(`^going back to release ${versions.c}, number 1 of `));
        assert.match(quick.told[1] ?? "", /^green is warm with it until \S+: it takes all requests by one call$/);
        assert.deepEqual([quick.code, site.demo.codeDeploy.deployments.length], [0, 3], "of the release that served first, and of two rolls");
        assert.ok(shifts(site) >= before);

        await roll(site, versions.b);
        site.clock.pass(3600);
        const slow = await run(site, context => rollbackCommand("dev", { wait: 5 }, context));
        assert.equal(slow.told[1], "no colour is warm with it, so it is deployed to the idle one first, which takes as long as any deployment");
        assert.equal(slow.code, 0);
        assert.deepEqual((await journalOf(site)).at(-1)?.by, "rollback");
    });

    it("go back from what serves when nobody else is at work any more", async () => {
        await using site = await open();
        await roll(site, versions.b);
        const free = new AbortController();
        const lock = new StageLock(site.s3, site.demo.stage.releaseBucket, { who: "bob", host: "elsewhere", pid: 7 }, site.clock);
        const held = new Promise<void>((begun, fail) => {
            const wish = { ...site.context(), stack: "dev", command: "up", waitMinutes: 0 };
            withLock(lock, wish, () => { begun(); return new Promise<void>(done => { free.signal.addEventListener("abort", () => { done(); }); }); }).catch(fail);
        });
        await held;
        site.clock.meanwhile(async () => {
            if (free.signal.aborted) return;
            free.abort();
            while ((await readLock(lock)).holder !== null) await new Promise(resolve => setImmediate(resolve));
            await roll(site, versions.c);
        });
        const { code, text, told } = await run(site, context => rollbackCommand("dev", { wait: 5 }, context));
        assert.equal(text.split("\n")[0], `Release ${versions.b} serves in dev: ${site.demo.stage.url}`, told.join("\n"));
        assert.deepEqual([code, (await journalOf(site)).map(({ by, version }) => [by, version])], [0, [["roll", versions.b], ["roll", versions.c], ["rollback", versions.b]]]);
    });

    it("choose what to go back to under the lock, so that nobody can make the choice a stale one", async () => {
        await using site = await open();
        await roll(site, versions.c);
        await roll(site, versions.b);
        const locks = () => site.demo.door.requests.filter(request => request.startsWith("PUT") && request.includes("lock")).length;
        const before = locks();
        const context = site.context();
        const locksAt = new Map<string, number>();
        const tell = { ...context.tell, step: (line: string) => void locksAt.set(line.split(" ", 2).join(" "), locks()) };
        assert.equal(await site.demo.here(() => rollbackCommand("dev", { wait: 5 }, { ...context, tell })), 0);
        assert.ok((locksAt.get("going back") ?? 0) > before, JSON.stringify([...locksAt]));
    });

    it("go on with a rollback that was left", async () => {
        await using site = await open();
        await roll(site, versions.c);
        await roll(site, versions.b);
        site.clock.pass(3600);
        const context = site.context();
        const step = (line: string): void => {
            if (!line.includes("installing")) return;
            context.interrupt();
            context.interrupt();
        };
        await assert.rejects(site.demo.here(() => rollbackCommand("dev", { wait: 5 }, { ...context, tell: { ...context.tell, step } })), { name: "AbortError" });
        await assert.rejects(run(site, each => rollbackCommand("dev", { wait: 5, to: versions.b }, each)), { kind: "needsPerson", message: /^dev has an unfinished roll, so / });
        const { code, text, told } = await run(site, each => rollbackCommand("dev", { wait: 5, to: 1 }, each));
        assert.equal(code, 0, told.join("\n"));
        assert.match(told.join("\n"), /^roll bg-\S+ of release cccccccccccc, which nobody drives any more, goes on$/m);
        assert.equal(text.split("\n")[0], `Release ${versions.c} serves in dev: ${site.demo.stage.url}`);
    });

    it("do nothing to go back to what serves", async () => {
        await using site = await open();
        await roll(site, versions.b);
        const { code, text } = await run(site, context => rollbackCommand("dev", { wait: 5, to: versions.b }, context));
        assert.deepEqual([code, text], [0, `Nothing new: release ${versions.b} serves in dev already: ${site.demo.stage.url}`]);
    });
});
