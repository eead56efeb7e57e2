import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { runScript, type ScriptEnd } from "../../../rehearsal/agent/script-process";
import { TestHost } from "./test-host";

interface Run {
    readonly end: ScriptEnd;
    readonly lines: readonly string[];
}

async function run(host: TestHost, text: string, timeoutSeconds = 10, signal?: AbortSignal): Promise<Run> {
    await host.write("script", `#!/bin/sh\n${text}\n`, 0o755);
    const lines: string[] = [];
    const end = await runScript({
        file: `${host.root}/script`,
        arguments: [],
        folder: host.root,
        environment: { PATH: process.env["PATH"] ?? "" },
        timeoutSeconds,
    }, (stream, line) => lines.push(`${stream} ${line ?? "not UTF-8"}`), signal);
    return { end, lines };
}

async function made(host: TestHost, file: string): Promise<void> {
    while (await host.read(file) === undefined) {
        await setImmediate();
    }
}

// The shell reports a `sleep` that TERM ended on stderr, which is closed by then: where it is not redirected, that ends the shell.
const endless = "exec 2>/dev/null\nwhile :; do sleep 0.02; done";

describe("the process of a script", () => {
    const ends: readonly { readonly title: string; readonly text: string; readonly seconds?: number; readonly end: ScriptEnd }[] = [
        { title: "tells its exit code", text: "exit 7", end: { type: "exited", exitCode: 7 } },
        { title: "has no exit code after a signal", text: "kill -TERM $$", end: { type: "exited", exitCode: undefined } },
        { title: "times out", text: endless, seconds: 0.2, end: { type: "timedOut" } },
        { title: "names stdout when a child holds both outputs", text: "sleep 0.4 &", seconds: 0.2, end: { type: "outputLeftOpen", stream: "stdout" } },
        { title: "names stderr when a child holds that alone", text: "sleep 0.4 >/dev/null &", seconds: 0.2, end: { type: "outputLeftOpen", stream: "stderr" } },
        { title: "waits for a child that closes the outputs in time", text: "sleep 0.2 &", seconds: 5, end: { type: "exited", exitCode: 0 } },
    ];
    for (const { title, text, seconds, end } of ends) {
        it(title, async () => {
            await using host = await TestHost.make();
            assert.deepEqual((await run(host, text, seconds)).end, end);
        });
    }

    it("gives its lines with their ends, the last one without", async () => {
        await using host = await TestHost.make();
        const { lines } = await run(host, "printf 'one\\n\\ntw'; sleep 0.1; printf 'o\\nthree'");
        assert.deepEqual(lines, ["stdout one\n", "stdout \n", "stdout two\n", "stdout three"]);
    });

    it("keeps a character that arrives in two parts, and tells of one that is broken", async () => {
        await using host = await TestHost.make();
        const { lines } = await run(host, "printf '\\303'; sleep 0.1; printf '\\274\\n'; printf '\\303\\n' >&2");
        assert.deepEqual([...lines].sort(), ["stderr not UTF-8", "stdout ü\n"]);
    });

    it("is waited for after the timeout, however long it still takes", async () => {
        await using host = await TestHost.make();
        const { end } = await run(host, `trap 'sleep 0.5; touch ended; exit' TERM\n${endless}`, 0.2);
        assert.deepEqual([end, await host.read("ended")], [{ type: "timedOut" }, ""]);
    });

    it("takes the rest of its group along at the timeout", async () => {
        await using host = await TestHost.make();
        const { end } = await run(host, "exec 2>/dev/null\n(trap 'touch child; exit' TERM; while :; do sleep 0.02; done) &\ntrap 'wait; exit' TERM\nwait", 0.2);
        assert.deepEqual([end, await host.read("child")], [{ type: "timedOut" }, ""]);
    });

    it("can have a timeout longer than a timer of Node can wait", async () => {
        await using host = await TestHost.make();
        assert.deepEqual((await run(host, "sleep 0.1", 10_000_000)).end, { type: "exited", exitCode: 0 });
    });

    it("gets TERM at an abort, and the run rejects with the reason when it has ended", async () => {
        await using host = await TestHost.make();
        const abort = new AbortController();
        const rejected = assert.rejects(run(host, `trap 'sleep 0.2; touch ended; exit' TERM\ntouch ready\n${endless}`, 10, abort.signal), { message: "Ctrl-C" });
        await made(host, "ready");
        abort.abort(new Error("Ctrl-C"));
        await rejected;
        assert.equal(await host.read("ended"), "");
    });

    it("gets KILL when it ignores the TERM of an abort", async () => {
        await using host = await TestHost.make();
        const abort = new AbortController();
        const rejected = assert.rejects(run(host, `trap '' TERM\necho $$ >pid\ntouch ready\n${endless}`, 5, abort.signal), { message: "Ctrl-C" });
        await made(host, "ready");
        abort.abort(new Error("Ctrl-C"));
        await rejected;
        const pid = Number(await host.read("pid"));
        assert.throws(() => process.kill(pid, 0), { code: "ESRCH" });
    });

    it("is not started after an abort", async () => {
        await using host = await TestHost.make();
        await assert.rejects(run(host, "touch started", 10, AbortSignal.abort(new Error("Ctrl-C"))), { message: "Ctrl-C" });
        assert.equal(await host.read("started"), undefined);
    });
});
