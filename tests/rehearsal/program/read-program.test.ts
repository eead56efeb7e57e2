import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { recordProgram, readProgram } from "../../../rehearsal/program/read-program";

describe("this project's program", function () {
    // Each test starts a process that loads Pulumi and the AWS SDK, on CI beside others.
    this.timeout(60_000);

    it("is read for a stage as its stack file says", async () => {
        const prod = await readProgram("prod");
        assert.deepEqual([prod.stage, prod.minSize, prod.maxSize], ["prod", 4, 12]);
        assert.deepEqual([prod.withTrafficControl, prod.rollBackOnFailure, prod.deploymentGroupName], [true, true, "prod"]);
        assert.deepEqual([prod.targetGroup.drainSeconds, prod.idleTimeoutSeconds, prod.slowPath], [20, 60, "/slow?ms=1200"]);
        assert.equal(prod.release.containerPort, 8080);
        assert.deepEqual(prod.image, { context: "app", dockerfile: "app/Dockerfile.prod", platform: "linux/amd64", args: {} });
    });

    it("tells its outputs", async () => {
        const { outputs } = await recordProgram("dev");
        assert.match(String(outputs["url"]), /^http:\/\/web-alb-/);
        assert.match(String(outputs["imageDigest"]), /@sha256:[0-9a-f]{64}$/);
        assert.equal(outputs["releaseKey"], `releases/${String(outputs["releaseVersion"])}.zip`);
        assert.deepEqual(Object.keys(outputs).sort(), [
            "autoScalingGroup", "codeDeployApplication", "dashboard", "deploymentGroup", "dnsTarget", "imageDigest", "logGroup",
            "pipeline", "recipe", "region", "releaseBucket", "releaseKey", "releaseObjectVersion", "releaseVersion", "repository",
            "targetGroup", "triggerObjectVersion", "url",
        ]);
    });

    it("is refused for an unknown stage, as a wrong setting", async () => {
        await assert.rejects(readProgram("production"), { name: "ProgramError", exitCode: 2, message: 'There is no stack production: there are dev, prod, stg. To make it, write Pulumi.production.yaml (docs/settings.md), then see ./gapless preview production.' });
    });

    it("stops being read when nobody waits for it any more", async () => {
        const waiting = new AbortController();
        const reading = readProgram("dev", waiting.signal);
        waiting.abort();
        await assert.rejects(reading, { name: "AbortError" });
    });
});
