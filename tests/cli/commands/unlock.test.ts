import assert from "node:assert/strict";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { unlockCommand } from "../../../cli/commands/unlock";
import { DeliveryError } from "../../../release/aws/error";
import { openSite, type Site } from "../automation/site";

const here = { host: "laptop", user: "alice", isAlive: (pid: number) => pid === 1 };
const lockOf = (about: object): string => JSON.stringify({ pid: 1, username: "alice", hostname: "laptop", timestamp: "2026-01-01T00:00:00Z", ...about });

function put(site: Site, name: string, about: object): string {
    const folder = join(site.folder, "state/.pulumi/locks/organization/gapless/dev");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, name), lockOf(about));
    return join(folder, name);
}
const unlock = (site: Site, words: { force?: boolean } = {}) =>
    unlockCommand("dev", { backend: `file://${site.folder}/state`, ...words }, site.context, site.tools, here);
const texts = (site: Site): readonly string[] => site.context.printed.map(({ text }) => text);

describe("unlock", () => {
    it("says that nobody holds a lock", async () => {
        await using site = await openSite();
        assert.equal(await unlock(site), 0);
        assert.deepEqual(texts(site), ["Nobody holds a lock of dev."]);
        assert.deepEqual(site.context.printed[0]?.result, { stack: "dev", locks: [] });
    });

    for (const [what, about, owner, removed] of [
        ["removes that of a process that is gone", { pid: 2 }, "gone", true],
        ["keeps that of one that lives", { pid: 1 }, "alive", false],
        ["keeps that of another machine", { pid: 2, hostname: "other" }, "elsewhere", false],
        ["keeps that of another user, who may be on another machine of that name", { pid: 2, username: "bob" }, "elsewhere", false],
    ] as const) {
        it(`${what}, and says so to machines`, async () => {
            await using site = await openSite();
            const file = put(site, "1.json", about);
            assert.equal(await unlock(site), removed ? 0 : 4);
            assert.equal(existsSync(file), !removed);
            const { locks } = site.context.printed[0]?.result as { locks: readonly object[] };
            assert.deepEqual(locks, [{ lock: "state", who: "alice", host: "laptop", pid: 1, since: "2026-01-01T00:00:00Z", owner, removed, ...renamed(about) }]);
        });
    }

    it("removes only those of the dead, and all by force", async () => {
        await using site = await openSite();
        const [alive, dead] = [put(site, "1.json", { pid: 1 }), put(site, "2.json", { pid: 2 })];
        assert.equal(await unlock(site), 4);
        assert.deepEqual([existsSync(alive), existsSync(dead)], [true, false]);
        assert.deepEqual(texts(site), [[
            "Pulumi's state: held by alice (process 1 on laptop) since 2026-01-01T00:00:00Z; owner: alive; kept",
            "Pulumi's state: held by alice (process 2 on laptop) since 2026-01-01T00:00:00Z; owner: gone; removed",
            "Wait for the end of those at work. When they are surely dead: ./gapless unlock dev --force",
            "Pulumi may have been killed half way: ./gapless refresh dev reads from AWS what has become of it.",
        ].join("\n")]);
        assert.equal(await unlock(site, { force: true }), 0);
        assert.equal(existsSync(alive), false);
    });

    it("leaves a file that is no lock that it knows to a person, and still says what became of the deployments' lock", async () => {
        await using site = await openSite();
        site.cloud.stageIsThere = true;
        const holder = { command: "roll", who: "bob", host: "ci", pid: 7, since: "2025-12-31T00:00:00.000Z", token: "t", expires: "2025-12-31T00:00:00.000Z" };
        site.cloud.put("/releases-1/lock.json", JSON.stringify({ schemaVersion: 1, holder }));
        const file = put(site, "1.json", { pid: "many" });
        assert.equal(await unlock(site), 4);
        assert.ok(existsSync(file));
        assert.match(texts(site)[0] ?? "", /^[^\n]*; owner: gone; removed$/);
        const { locks, stateUnseen } = site.context.printed[0]?.result as { locks: readonly { removed: boolean }[]; stateUnseen: string };
        assert.deepEqual(locks.map(({ removed }) => removed), [true]);
        assert.match(stateUnseen, /1\.json is not a lock as this version of Gapless knows them/);
        assert.deepEqual(site.context.told, [`warning: Pulumi's own locks of dev could not be seen: ${stateUnseen}`]);
    });

    it("finds and removes locks in S3, below the prefix of the backend", async () => {
        await using site = await openSite();
        const key = "/states/team/.pulumi/locks/organization/gapless/dev/1.json";
        site.cloud.put(key, lockOf({ pid: 2 }));
        site.cloud.put("/states/team/.pulumi/locks/organization/gapless/other/1.json", lockOf({ pid: 2 }));
        assert.equal(await unlockCommand("dev", { backend: "s3://states/team" }, site.context, site.tools, here), 0);
        assert.deepEqual([...site.cloud.objects.keys()], ["/states/team/.pulumi/locks/organization/gapless/other/1.json"]);
    });

    it("knows of Pulumi's service only that somebody is at work, and cancels that by force alone", async () => {
        await using site = await openSite();
        site.pulumi.answer("stack ls --json", JSON.stringify([{ name: "dev", current: true, updateInProgress: true, url: "https://app.pulumi.com/a/gapless/dev" }]));
        site.pulumi.answer("cancel --yes --stack dev", "");
        const words = { backend: "https://api.pulumi.com" };
        assert.equal(await unlockCommand("dev", words, site.context, site.tools, here), 4);
        assert.match(texts(site)[0] ?? "", /^Pulumi's state: held by somebody whom https:\/\/app\.pulumi\.com\/a\/gapless\/dev\/updates names; owner: not known here; kept\n/);
        assert.ok(!site.pulumi.words.includes("cancel --yes --stack dev"));
        assert.equal(await unlockCommand("dev", { ...words, force: true }, site.context, site.tools, here), 0);
        assert.ok(site.pulumi.words.includes("cancel --yes --stack dev"));
    });

    const noPulumi = "There is no Pulumi here. Install it.";
    for (const [what, expires, exit, text] of [
        ["removes a dead one", "2025-12-31T00:00:00.000Z", 0, /; owner: gone; removed$/],
        ["keeps a living one", "2026-01-01T00:03:00.000Z", 4, /; owner: not known here; kept\nWait for the end/],
        ["says that there is none", undefined, 0, /^Nobody holds the deployments' lock of dev\.$/],
    ] as const) {
        it(`sees the deployments' lock without Pulumi: ${what}, and warns that Pulumi's could not be seen`, async () => {
            await using site = await openSite();
            site.cloud.stageIsThere = true;
            const holder = expires === undefined ? null : { command: "roll", who: "bob", host: "ci", pid: 7, since: "2025-12-31T00:00:00.000Z", token: "t", expires };
            site.cloud.put("/releases-1/lock.json", JSON.stringify({ schemaVersion: 1, holder }));
            const tools = { ...site.tools, pulumi: () => Promise.reject(new DeliveryError(noPulumi)) };
            assert.equal(await unlockCommand("dev", {}, site.context, tools, here), exit);
            assert.match(texts(site)[0] ?? "", text);
            assert.deepEqual(site.context.told, [`warning: Pulumi's own locks of dev could not be seen: ${noPulumi}`]);
            assert.equal((site.context.printed[0]?.result as { stateUnseen: string }).stateUnseen, noPulumi);
        });
    }

    it("does not go on when it is interrupted while Pulumi is asked", async () => {
        await using site = await openSite();
        site.pulumi.hang("whoami --json", () => { site.context.interrupt(); });
        await assert.rejects(unlockCommand("dev", {}, site.context, site.tools, here), { name: "AbortError" });
        assert.deepEqual(texts(site), []);
    });

    for (const [what, holder, owner, exit] of [
        ["keeps the deployment lock of a holder elsewhere", { expires: "2026-01-01T00:03:00.000Z" }, "elsewhere", 4],
        ["removes a deployment lock that has expired", { expires: "2025-12-31T00:00:00.000Z" }, "gone", 0],
    ] as const) {
        it(what, async () => {
            await using site = await openSite();
            site.cloud.stageIsThere = true;
            const whole = { command: "roll", who: "bob", host: "ci", pid: 7, since: "2025-12-31T00:00:00.000Z", token: "t", ...holder };
            site.cloud.put("/releases-1/lock.json", JSON.stringify({ schemaVersion: 1, holder: whole }));
            assert.equal(await unlock(site), exit);
            const { locks } = site.context.printed[0]?.result as { locks: readonly { owner: string; command: string; lock: string }[] };
            assert.deepEqual(locks.map(({ lock, command, owner }) => [lock, command, owner]), [["deployment", "roll", owner]]);
            const left = JSON.parse(site.cloud.objects.get("/releases-1/lock.json") ?? "") as { holder: unknown };
            assert.deepEqual(left.holder, exit === 4 ? whole : null);
        });
    }
});

function renamed({ pid, hostname, username }: { readonly pid?: number; readonly hostname?: string; readonly username?: string }): object {
    return { ...(pid !== undefined && { pid }), ...(hostname && { host: hostname }), ...(username && { who: username }) };
}
