import assert from "node:assert/strict";
import { leftBehind, startRehearsal } from "../support/rehearse";

describe("interrupted rehearsal", () => {
    for (const [signal, when, code] of [
        ["SIGINT", /opening Docker/, 130],
        ["SIGTERM", /building versions/, 130],
        ["SIGINT", / BlockTraffic succeeded/, 130],
        ["SIGTERM", / BlockTraffic succeeded/, 130],
        ["SIGKILL", / BlockTraffic succeeded/, undefined],
    ] as const) {
        it(`leaves nothing behind after ${signal} at ${String(when)}`, async () => {
            const rehearsal = startRehearsal("--instances", "2");
            let sent = false;
            for await (const line of rehearsal.iterable({ from: "stderr" })) {
                if (!sent && when.test(line)) sent = rehearsal.kill(signal);
            }
            const { exitCode, stdout } = await rehearsal;
            assert.equal(exitCode, code);
            assert.equal(stdout, "", "there is no verdict on half a rollout");
            assert.deepEqual(await leftAfterGuard(), []);
        });
    }
});

// The guard of a killed rehearsal works on after it: no more than ten seconds for the daemon, and Docker's own work.
async function leftAfterGuard(): Promise<readonly string[]> {
    const deadline = Date.now() + 60_000;
    for (;;) {
        const left = await leftBehind();
        if (left.length === 0 || Date.now() > deadline) return left;
    }
}
