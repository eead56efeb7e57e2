import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { overridesOf, readService } from "../../../rehearsal/program/read-service";
import { madeUp } from "../../../rehearsal/program/stack-config";

const digest = `registry.example.com/shop@sha256:${"1".repeat(64)}`;

describe("the service that somebody wants rehearsed", function () {
    // A process that loads Pulumi and the AWS SDK, on CI beside others.
    this.timeout(60_000);

    for (const [wishes, overrides] of [
        [{}, {}],
        [{ strategy: "blueGreen", settings: { minSize: "3" } }, { strategy: "blueGreen", minSize: "3" }],
        [{ strategy: "rolling", settings: { strategy: "blueGreen" } }, { strategy: "rolling" }],
        [{ image: "shop:dev" }, { imageDigest: madeUp }],
        [{ image: digest, settings: { imageDigest: "other" } }, { imageDigest: digest }],
    ] as const) {
        it(`is, as ${JSON.stringify(wishes)}, the stage's with ${JSON.stringify(overrides)}`, () => {
            assert.deepEqual(overridesOf({ stage: "dev", ...wishes }), overrides);
        });
    }

    it("is the image by its own name, with the settings asked for", async () => {
        const settings = { containerPort: "3000", healthPath: "/up", environment: '{"GREETING":"hello","LEVEL":3}', slowPath: "", deploymentConfig: "75%" };
        const facts = await readService({ stage: "prod", image: "shop:dev", settings });
        assert.deepEqual(facts.image, { prebuilt: "shop:dev" });
        assert.deepEqual([facts.release.containerPort, facts.release.healthPath, facts.targetGroup.healthCheck.path], [3000, "/up", "/up"]);
        assert.deepEqual(facts.release.environment, { GREETING: "hello", LEVEL: "3" });
        assert.equal(facts.slowPath, undefined);
        assert.deepEqual(facts.minimumHealthyHosts, { type: "FLEET_PERCENT", value: 75 });
    });

    it("is refused with all that is wrong with its settings at once", async () => {
        const settings = { containerPrt: "3000", healthPath: "up", environment: "GREETING=hello" };
        await assert.rejects(readService({ stage: "dev", settings }), (error: Error & { exitCode?: number }) => {
            assert.equal(error.exitCode, 2);
            assert.match(error.message, /^3 settings are wrong in --set:/);
            assert.match(error.message, / containerPrt is no setting; received "3000"\n +Fix: did you mean --set containerPort=3000\?/);
            assert.match(error.message, / healthPath must be a path .*; received "up"\n +Fix: --set healthPath=\//);
            assert.match(error.message, / environment must be an object .*; received "GREETING=hello", which is no JSON\n +Fix: --set environment='\{.*\}'$/m);
            return true;
        });
    });
});
