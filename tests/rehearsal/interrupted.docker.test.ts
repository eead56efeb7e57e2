import assert from "node:assert/strict";
import { leftBehind, startRehearsal } from "../support/rehearse";

describe("interrupted rehearsal", () => {
    for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 130], ["SIGKILL", undefined]] as const) {
        it(`leaves nothing behind after ${signal} in the middle of a wave`, async () => {
            const rehearsal = startRehearsal("--instances", "2");
            for await (const line of rehearsal.iterable({ from: "stderr" })) {
                if (line.includes("BlockTraffic succeeded")) rehearsal.kill(signal);
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
