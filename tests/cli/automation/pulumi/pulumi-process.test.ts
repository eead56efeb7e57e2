import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, watch, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { findPulumiCli, misfitOf, needPulumiCli, wantedVersion } from "../../../../cli/automation/pulumi/pulumi-cli";
import { pulumiProcess } from "../../../../cli/automation/pulumi/pulumi-process";
import { testContext } from "../../../support/aws/command-context";

const node = dirname(process.execPath);

/** A program that is called as Pulumi's command line is, in a folder of its own. */
function install(folder: string, script: string): string {
    mkdirSync(folder, { recursive: true });
    const path = join(folder, "pulumi");
    writeFileSync(path, `#!${process.execPath}\n${script}`);
    chmodSync(path, 0o755);
    return path;
}

const versioned = (version: string): string => `console.log(process.argv[2] === "version" ? "v${version}" : "?");`;

describe("Pulumi's command line", () => {
    let folder: string;
    let env: Record<string, string>;
    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "pulumi-cli-"));
        env = { HOME: folder, PATH: [join(folder, "path"), node].join(delimiter) };
    });
    afterEach(() => { rmSync(folder, { recursive: true }); });

    it("is that on PATH when it fits", async () => {
        install(join(folder, "path"), versioned(wantedVersion));
        install(join(folder, ".pulumi/bin"), versioned("3.999.0"));
        assert.deepEqual(await findPulumiCli(env), { path: "pulumi", version: wantedVersion });
    });

    for (const [where, more] of [[".pulumi/bin", {}], ["own/bin", { PULUMI_HOME: "own" }], [`.pulumi/versions/${wantedVersion}/bin`, {}]] as const) {
        it(`is else that in ${where.replace(wantedVersion, "<version>")}, and why not that on PATH is told`, async () => {
            install(join(folder, "path"), versioned("3.1.0"));
            const path = install(join(folder, where), versioned("3.999.0"));
            const context = testContext({ env: { ...env, ...("PULUMI_HOME" in more && { PULUMI_HOME: join(folder, more.PULUMI_HOME) }) } });
            assert.deepEqual(await needPulumiCli(context), { path, version: "3.999.0" });
            assert.deepEqual(context.told, [`pulumi on PATH is version 3.1.0, older than the ${wantedVersion} that this program needs`]);
        });
    }

    it("is else installed in a folder of its version, which is said", async () => {
        const context = testContext({ env });
        const path = join(folder, ".pulumi/versions", wantedVersion);
        assert.deepEqual(await needPulumiCli(context, folder => Promise.resolve({ path: folder, version: wantedVersion })), { path, version: wantedVersion });
        assert.deepEqual(context.told, [`installing Pulumi ${wantedVersion} into ${path}, for 10 minutes at most`]);
    });

    it("is given up where its installation has no end, after ten minutes, and at once when the command is interrupted", async () => {
        const stops: AbortSignal[] = [];
        const forever = (_: string, stop: AbortSignal): Promise<never> => {
            stops.push(stop);
            return new Promise(() => undefined);
        };
        const patient = testContext({ env });
        await assert.rejects(needPulumiCli(patient, forever), /\nInstalling it from https:\/\/get\.pulumi\.com failed: no end within 10 minutes\n/);
        assert.equal(patient.clock.waited, 600);
        const context = testContext({ env });
        context.clock.meanwhile(() => { context.interrupt(); });
        await assert.rejects(needPulumiCli(context, forever), { name: "AbortError" });
        assert.deepEqual(stops.map(({ aborted }) => aborted), [true, true], "what was begun is ended");
    });

    it("is asked for by one text where it cannot be installed, which says what was tried and what to do", async () => {
        install(join(folder, "path"), versioned("2.0.0"));
        await assert.rejects(needPulumiCli(testContext({ env }), () => Promise.reject(new Error("getaddrinfo ENOTFOUND get.pulumi.com\nmore"))), {
            name: "DeliveryError",
            message: [
                `There is no Pulumi ${wantedVersion} here, and it could not be installed.`,
                `Looked for: pulumi on PATH, in ${folder}/.pulumi/bin and in ${folder}/.pulumi/versions/${wantedVersion}.`,
                `Found: pulumi on PATH is version 2.0.0, another major version than the ${wantedVersion} that this program is written for.`,
                "Installing it from https://get.pulumi.com failed: getaddrinfo ENOTFOUND get.pulumi.com",
                `Install it by hand (https://www.pulumi.com/docs/install/) as version ${wantedVersion} or a newer 3.x, or put its folder on PATH, and repeat the command.`,
            ].join("\n"),
        });
    });

    it("is not there where nothing of the kind is", async () => {
        assert.equal(await findPulumiCli(env), undefined);
    });

    for (const [version, misfit] of [
        ["3.248.0", undefined], ["3.248.1", undefined], ["3.249.0", undefined], ["3.300.0-alpha.1", undefined],
        ["3.247.9", "older than the 3.248.0 that this program needs"],
        ["4.0.0", "another major version than the 3.248.0 that this program is written for"],
        ["2.999.0", "another major version than the 3.248.0 that this program is written for"],
    ] as const) {
        it(`${misfit === undefined ? "fits" : "does not fit"} as version ${version}`, () => { assert.equal(misfitOf(version, "3.248.0"), misfit); });
    }
});

describe("a process of Pulumi", () => {
    let folder: string;
    beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "pulumi-process-"))));
    afterEach(() => { rmSync(folder, { recursive: true }); });

    const run = (script: string, signal?: AbortSignal, context = testContext({ env: { PATH: node, OWN: "1" } })) =>
        pulumiProcess({ path: install(folder, script), version: "3.248.0" }, context).run(["up", "--yes"], folder, { MORE: "2" }, undefined, undefined, signal);

    it("gets its words, its folder and its environment, nothing to read, and its own folder first on PATH", async () => {
        const { stdout } = await run(`
            const { OWN, MORE, PULUMI_AUTOMATION_API, PATH, HOME = "none" } = process.env;
            console.log(JSON.stringify([process.argv.slice(2), process.cwd() === ${JSON.stringify(folder)}, OWN, MORE, PULUMI_AUTOMATION_API, PATH, HOME, require("fs").readFileSync(0, "utf8")]));`);
        assert.deepEqual(JSON.parse(stdout), [["up", "--yes", "--non-interactive"], true, "1", "2", "true", `${folder}:${node}`, "none", ""]);
    });

    for (const [stderr, name] of [
        ["error: no stack named 'dev' found", "StackNotFoundError"],
        ["error: the stack is currently locked by 1 lock(s)", "ConcurrentUpdateError"],
        ["error: [409] Conflict: Another update is currently in progress.", "ConcurrentUpdateError"],
        ["error: boom", "CommandError"],
    ] as const) {
        it(`fails with a ${name} that says: ${stderr}`, async () => {
            await assert.rejects(run(`console.error(${JSON.stringify(stderr)}); process.exit(255);`), error => {
                assert.equal((error as Error).name, name);
                assert.ok((error as Error).message.startsWith(stderr));
                return true;
            });
        });
    }

    it("does not begin when the command was interrupted before", async () => {
        await assert.rejects(run(`require("fs").writeFileSync("begun", "")`, AbortSignal.abort()), { name: "AbortError" });
        assert.equal(existsSync(join(folder, "begun")), false);
    });

    /** Counts interruptions, and ends at as many. */
    const counting = (end: number): string => `
        const fs = require("fs");
        let seen = 0;
        process.on("SIGINT", () => {
            seen += 1;
            fs.writeFileSync("seen", String(seen));
            if (seen === ${end}) process.exit(255);
        });
        setInterval(() => {}, 1000);
        fs.writeFileSync("ready", "");`;

    async function appears(file: string): Promise<void> {
        const watcher = watch(folder);
        while (!existsSync(join(folder, file)) || (file === "seen" && readFileSync(join(folder, file), "utf8") === "")) {
            await new Promise(resolve => { watcher.once("change", resolve); });
        }
        watcher.close();
    }

    it("is asked to stop once when the command is interrupted", async () => {
        const context = testContext({ env: { PATH: node } });
        const running = run(counting(1), context.signal, context);
        const failed = assert.rejects(running, { name: "CommandError" });
        await appears("ready");
        context.interrupt();
        await failed;
        assert.equal(readFileSync(join(folder, "seen"), "utf8"), "1");
        assert.match(context.told[0] ?? "", /^warning: asked Pulumi to stop\. It ends what it has begun/);
    });

    it("is told a second time, by a second Ctrl-C, and what that means is said", async () => {
        const context = testContext({ env: { PATH: node } });
        const listeners = process.listenerCount("SIGINT");
        const failed = assert.rejects(run(counting(2), context.signal, context), { name: "CommandError" });
        await appears("ready");
        context.interrupt();
        await appears("seen");
        process.emit("SIGINT");
        await failed;
        assert.equal(readFileSync(join(folder, "seen"), "utf8"), "2");
        assert.match(context.told[1] ?? "", /^warning: Pulumi was made to drop what it was doing\./);
        assert.equal(process.listenerCount("SIGINT"), listeners);
    });

    it("that is only asked something is killed at once with all that it has started when the command is interrupted", async () => {
        const context = testContext({ env: { PATH: node } });
        const script = `
            process.on("SIGINT", () => {});
            require("child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "inherit" });
            setInterval(() => {}, 1000);
            require("fs").writeFileSync("ready", "");`;
        const failed = assert.rejects(run(script, undefined, context), { name: "AbortError" });
        await appears("ready");
        context.interrupt();
        await failed;
        assert.deepEqual(context.told, [], "nothing was begun that could be left half made");
        await assert.rejects(run(`require("fs").writeFileSync("begun", "")`, undefined, context), { name: "AbortError" });
        assert.equal(existsSync(join(folder, "begun")), false);
    });

    it("is in a process group of its own, which a terminal's Ctrl-C does not reach", async () => {
        const { stdout } = await run(`console.log(require("fs").readFileSync("/proc/self/stat", "utf8").split(") ")[1].split(" ")[2] === String(process.pid))`);
        assert.equal(stdout, "true");
    });
});
