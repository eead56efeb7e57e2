import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeRelease, readReleaseScripts, type Release } from "../../../release/bundle";
import { parseAppspec } from "../../../rehearsal/agent/appspec";
import { FaultReleases, withFile } from "../../../rehearsal/faults/fault-releases";
import type { Ground } from "../../../rehearsal/ground";
import type { ProgramFacts } from "../../../rehearsal/program/program-facts";
import { BundleStore } from "../../../rehearsal/release/bundle-store";

const good = (digit: string): Release => makeRelease(readReleaseScripts("app-scripts"), {
    image: `registry.test/app@sha256:${digit.repeat(64)}`, containerPort: 8080, healthPath: "/health", probePath: "/", healthTimeoutSeconds: 2, stopGraceSeconds: 20, environment: {},
});

describe("The releases of faults", () => {
    let folder: string;
    let store: BundleStore;
    let stored: Map<string, Release>;
    let puts: number;
    let releases: FaultReleases;
    const pair = [good("a"), good("b")] as const;

    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "gapless-test-"));
        stored = new Map();
        puts = 0;
        store = new BundleStore(folder);
        const put = store.put.bind(store);
        store.put = (release, ...rest) => {
            stored.set(release.version, release);
            puts++;
            return put(release, ...rest);
        };
        releases = new FaultReleases({ bundles: store } as unknown as Ground, { stage: "dev" } as ProgramFacts, pair);
    });
    afterEach(() => { rmSync(folder, { recursive: true }); });

    async function textOf(version: Promise<string>, path: string): Promise<string> {
        const release = stored.get(await version);
        return Buffer.from(release?.files.find(file => file.path === path)?.content ?? assert.fail(path)).toString();
    }

    /** Exit codes of as many hosts that begin a hook script one after the other. */
    function exitCodes(script: string, hosts: number): readonly (number | null)[] {
        const [beginning = ""] = script.split("set -euo pipefail");
        return Array.from({ length: hosts }, () => spawnSync("bash", ["-c", `${beginning}\nexit 0`], { env: { ...process.env, GAPLESS_S3_FOLDER: folder } }).status);
    }

    it("are each of a version of their own, which they know, with scripts that a shell can read", async () => {
        const made = await Promise.all([
            releases.hookFails(), releases.hookFailsOnce(), releases.hookFailsOnHalf(), releases.hookHangs(6, 2), releases.stopScriptFails(), releases.ignoresStop(),
            releases.impatient(2), releases.imageGone(), releases.tooLarge(), releases.overwritten(), releases.cutOff(),
            ...(["BeforeInstall", "ApplicationStart"] as const).map(event => releases.stays(event).then(({ version }) => version)),
        ]);
        assert.equal(new Set([...made, ...pair.map(({ version }) => version)]).size, made.length + pair.length);
        for (const version of made) {
            assert.match(await textOf(Promise.resolve(version), "release.env"), new RegExp(`^VERSION=${version}$`, "m"));
            for (const { path, content } of stored.get(version)?.files ?? []) {
                if (path.endsWith(".sh")) execFileSync("bash", ["-n"], { input: content });
            }
        }
    });

    it("are made once, however often they are asked for", async () => {
        assert.equal(await releases.hookFails(), await releases.hookFails());
        assert.equal(puts, 1);
    });

    it("fail on every host, on the first that comes, or on every other", async () => {
        assert.deepEqual(exitCodes(await textOf(releases.hookFails(), "scripts/run.sh"), 3), [1, 1, 1]);
        assert.deepEqual(exitCodes(await textOf(releases.hookFailsOnce(), "scripts/validate.sh"), 3), [1, 0, 0]);
        assert.deepEqual(exitCodes(await textOf(releases.hookFailsOnHalf(), "scripts/validate.sh"), 4), [1, 0, 1, 0]);
    });

    for (const [event, script] of [["BeforeInstall", "pull"], ["ApplicationStart", "run"]] as const) {
        it(`stay in ${event} on the first host that comes, and can be seen to`, async () => {
            const { version, staysOn } = await releases.stays(event);
            const [beginning = ""] = (await textOf(Promise.resolve(version), `scripts/${script}.sh`)).split("set -euo pipefail");
            const run = (host: string): string => spawnSync("bash", ["-c", `sleep() { echo "stays $1 s"; }\n${beginning}`], { env: { ...process.env, GAPLESS_S3_FOLDER: folder, GAPLESS_INSTANCE_ID: host }, encoding: "utf8" }).stdout;
            assert.deepEqual([staysOn("i-1"), staysOn("i-2")], [false, false]);
            assert.deepEqual(["i-2", "i-1", "i-2"].map(run), ["stays 5 s\n", "", ""]);
            assert.deepEqual([staysOn("i-1"), staysOn("i-2")], [false, true]);
        });
    }

    it("have a hook that may take less time than it does, and no other has less", async () => {
        const { hooks } = parseAppspec(await textOf(releases.hookHangs(6, 2), "appspec.yml"));
        const whole = parseAppspec(readFileSync("app-scripts/appspec.yml", "utf8")).hooks;
        assert.deepEqual(hooks.get("ValidateService")?.map(({ timeoutSeconds }) => timeoutSeconds), [2]);
        assert.deepEqual([...hooks].filter(([name]) => name !== "ValidateService"), [...whole].filter(([name]) => name !== "ValidateService"));
        assert.equal(await textOf(releases.hookHangs(6, 2), "scripts/validate.sh"), "#!/bin/bash\ntrap '' TERM\nsleep 6\n");
    });

    it("have their own stop script look for them before it stops anything", async () => {
        const script = await textOf(releases.stopScriptFails(), "scripts/stop.sh");
        assert.ok(script.indexOf('grep -qw "VERSION=$VERSION"') < script.indexOf("docker stop"));
        assert.ok(script.includes('grep -qw "VERSION=$VERSION"'));
    });

    it("are told to end by a signal that nobody hears, or give the one before less time", async () => {
        assert.match(await textOf(releases.ignoresStop(), "docker-compose.dev.yml"), /^ {4}stop_signal: SIGURG$/m);
        assert.match(await textOf(releases.impatient(2), "release.env"), /^STOP_GRACE_SECONDS=2$/m);
    });

    it("name an image that is nowhere, and may want more room than any disk has", async () => {
        for (const version of [releases.imageGone(), releases.tooLarge()]) {
            assert.match(await textOf(version, "release.env"), /^IMAGE=registry\.test\/app@sha256:0{64}$/m);
            assert.match(stored.get(await version)?.image ?? "", /@sha256:0{64}$/);
        }
        assert.match(await textOf(releases.tooLarge(), "scripts/images.sh"), /^reserve_mib=8796093022208$/m);
    });

    it("lie in the bucket as another file than was registered, or as a part of themselves that was", async () => {
        const lies = (version: string) => {
            const { bucket, key, etag } = store.bundleOf(version);
            return [readFileSync(join(folder, bucket, key)), etag] as const;
        };
        const md5 = (content: Buffer): string => createHash("md5").update(content).digest("hex");
        const [other, registered] = lies(await releases.overwritten());
        assert.notEqual(md5(other), registered);

        const [cut, etag] = lies(await releases.cutOff());
        assert.equal(md5(cut), etag);
        writeFileSync(join(folder, "cut.zip"), cut);
        assert.notEqual(spawnSync("unzip", ["-t", join(folder, "cut.zip")]).status, 0);
    });

    it("cannot be made of a file that is not there, or that the change leaves as it is", () => {
        assert.throws(() => withFile(pair[0], "scripts/none.sh", () => ""), { name: "TypeError", message: `release ${pair[0].version} has no scripts/none.sh that could be changed so` });
        assert.throws(() => withFile(pair[0], "scripts/run.sh", text => text), { name: "TypeError", message: `release ${pair[0].version} has no scripts/run.sh that could be changed so` });
    });
});
