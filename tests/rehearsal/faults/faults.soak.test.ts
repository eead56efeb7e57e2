import assert from "node:assert/strict";
import { leftBehind, startRehearsal } from "../../support/rehearse";

// One stands for all of them here: ./gapless rehearse --faults all and ./gapless test --soak take their time.
describe("rehearsal of a fault", () => {
    it("keeps the promise when the colour that serves grows while the other takes over", async () => {
        const { exitCode, stdout, stderr } = await startRehearsal("dev", "--strategy", "blueGreen", "--fault", "scale-out", "--instances", "2", "--json");
        assert.ok(stdout.startsWith("{"), stderr);
        const { faults: [verdict, ...more] } = JSON.parse(stdout) as { readonly faults: readonly { readonly fault: string; readonly broken: readonly string[]; readonly requests: { readonly total: number; readonly failed: number } }[] };
        assert.deepEqual(verdict?.broken, []);
        assert.equal(verdict.requests.failed, 0);
        assert.ok(verdict.requests.total >= 1000, `only ${verdict.requests.total} requests`);
        assert.deepEqual(more, []);
        assert.equal(exitCode, 0);
        assert.deepEqual(await leftBehind(), []);
    });
});
