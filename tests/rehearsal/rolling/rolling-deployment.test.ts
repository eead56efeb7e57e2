import assert from "node:assert/strict";
import type { RollingEnd } from "../../../rehearsal/codedeploy/roll";
import { RollingDeployment } from "../../../rehearsal/rolling/rolling-deployment";

describe("deployment to a rolling group", () => {
    const end: RollingEnd = { type: "end", outcome: "succeeded", reason: "2 of 2 hosts run v2" };

    it("knows its end only when it has come", async () => {
        let finish: (end: RollingEnd) => void = () => undefined;
        const deployment = new RollingDeployment("v2", () => new Promise(resolve => { finish = resolve; }));
        assert.deepEqual([deployment.version, deployment.end], ["v2", undefined]);
        finish(end);
        assert.equal(await deployment.ended, end);
        assert.equal(deployment.end, end);
    });

    it("hands on who stops it and why", async () => {
        const deployment = new RollingDeployment("v2", stop => new Promise(resolve => {
            stop.addEventListener("abort", () => { resolve({ type: "end", outcome: "rolledBack", reason: (stop.reason as Error).message }); });
        }));
        deployment.stop("Ctrl-C");
        assert.equal((await deployment.ended).reason, "Ctrl-C");
    });

    it("troubles nobody but those who wait for it", async () => {
        const deployment = new RollingDeployment("v2", () => Promise.reject(new Error("no Docker")));
        await new Promise(resolve => setImmediate(resolve));
        assert.equal(deployment.end, undefined);
        await assert.rejects(deployment.ended, { message: "no Docker" });
    });
});
