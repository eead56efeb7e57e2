import assert from "node:assert/strict";
import { CodeDeployClient } from "@aws-sdk/client-codedeploy";
import { createDeployment } from "../../../release/aws/create-deployment";
import { runningDeployment, stopDeployment } from "../../../release/aws/deployments";
import { awaitNobodyAtWork } from "../../../release/aws/stage-at-work";
import { scripts } from "../../support/aws/code-deploy-double";
import { openFleet, release, revisionOf, stage } from "../../support/aws/deploying";

const unseen = "Whether release 0123456789ab is being deployed all the same was not seen. Look before you try again: ./gapless status dev.";

describe("the deployment that runs", () => {
    it("is told with what it is and since when", async () => {
        await using fleet = await openFleet();
        assert.equal(await runningDeployment(fleet.codeDeploy, stage), undefined);
        const deploymentId = fleet.create();
        assert.deepEqual(await runningDeployment(fleet.codeDeploy, stage), { deploymentId, description: "release bbbbbbbbbbbb by ann", since: fleet.clock.now() });
        fleet.double.advance(deploymentId);
        assert.equal(await runningDeployment(fleet.codeDeploy, stage), undefined);
    });

    it("is not the launch of an instance, which gets what serves", async () => {
        await using fleet = await openFleet();
        fleet.double.create({ application: "web", group: "dev", revision: revisionOf("aaaaaaaaaaaa"), creator: "autoscaling" });
        assert.equal(await runningDeployment(fleet.codeDeploy, stage), undefined);
    });

    it("says when it takes back another", async () => {
        await using fleet = await openFleet();
        fleet.double.next(scripts.fails(), scripts.stuck());
        const failed = fleet.create();
        fleet.double.advance(failed);
        assert.deepEqual((await runningDeployment(fleet.codeDeploy, stage))?.rollsBack, failed);
    });

    it("is waited for, told once", async () => {
        await using fleet = await openFleet();
        const id = fleet.create();
        fleet.clock.meanwhile(waits => { if (waits === 3) fleet.double.advance(id); });
        await awaitNobodyAtWork({ codeDeploy: fleet.codeDeploy }, stage, fleet.options);
        assert.deepEqual(fleet.told, [`waiting for deployment ${id} (release bbbbbbbbbbbb by ann), which runs since 2026-01-01T00:00:00Z`]);
        assert.deepEqual(fleet.clock.waits, [2, 3, 4.5]);
    });

    it("is named when it takes longer than one may wait", async () => {
        await using fleet = await openFleet();
        fleet.double.next(scripts.stuck());
        const id = fleet.create();
        await assert.rejects(awaitNobodyAtWork({ codeDeploy: fleet.codeDeploy }, stage, fleet.options), {
            name: "DeliveryError", kind: "needsPerson",
            message: `There is deployment ${id} (release bbbbbbbbbbbb by ann), which runs since 2026-01-01T00:00:00Z, and a stack is deployed to once at a time. `
                + "Wait for its end with --wait MINUTES, or stop it: ./gapless abort dev.",
        });
        assert.ok(fleet.clock.waited >= 60 && fleet.clock.waited < 75, String(fleet.clock.waited));
    });

    it("is stopped so that CodeDeploy rolls back, and left alone when it has ended", async () => {
        await using fleet = await openFleet();
        const id = fleet.create();
        assert.equal(await stopDeployment(fleet.codeDeploy, id), true);
        assert.deepEqual(fleet.double.inputsOf("StopDeployment"), [{ deploymentId: id, autoRollbackEnabled: true }]);
        assert.equal(await stopDeployment(fleet.codeDeploy, id), false);
    });

    it("is not stopped for somebody who has thought better of it", async () => {
        await using fleet = await openFleet();
        const deploymentId = fleet.create();
        await assert.rejects(stopDeployment(fleet.codeDeploy, deploymentId, AbortSignal.abort()), { name: "AbortError" });
        assert.equal((await runningDeployment(fleet.codeDeploy, stage))?.deploymentId, deploymentId);
    });
});

describe("creating a deployment", () => {
    it("names bucket, key, version and ETag, so that nothing else may pass for the release", async () => {
        await using fleet = await openFleet();
        const id = await createDeployment(fleet.codeDeploy, stage, release, { ...fleet.options, who: "ann@host" });
        assert.deepEqual(fleet.double.inputsOf("CreateDeployment"), [{
            applicationName: "web", deploymentGroupName: "dev", description: "release 0123456789ab by ann@host",
            revision: { revisionType: "S3", s3Location: { bucket: "releases", key: "releases/0123456789ab.zip", bundleType: "zip", version: "v1", eTag: "e1" } },
        }]);
        assert.deepEqual(fleet.double.deployments.map(({ args }) => args.id), [id]);
    });

    it("asks to begin past alarms only when it is told to", async () => {
        await using fleet = await openFleet();
        await createDeployment(fleet.codeDeploy, stage, release, { ...fleet.options, who: "ann", pastAlarms: true });
        const [input] = fleet.double.inputsOf("CreateDeployment") as { readonly overrideAlarmConfiguration: unknown }[];
        assert.deepEqual(input?.overrideAlarmConfiguration, { enabled: false });
    });

    it("keeps the description within what CodeDeploy takes", async () => {
        await using fleet = await openFleet();
        await createDeployment(fleet.codeDeploy, stage, release, { ...fleet.options, who: "x".repeat(400) });
        const [input] = fleet.double.inputsOf("CreateDeployment") as { readonly description: string }[];
        assert.equal(input?.description.length, 256);
    });

    it("tries again when AWS was too busy to do anything", async () => {
        await using fleet = await openFleet();
        fleet.double.faults.throttle(1, "CreateDeployment");
        await createDeployment(fleet.codeDeploy, stage, release, { ...fleet.options, who: "ann" });
        assert.equal(fleet.double.deployments.length, 1);
        assert.equal(fleet.double.inputsOf("CreateDeployment").length, 2);
    });

    it("tries again when the connection was cut and no deployment is to be seen", async () => {
        await using fleet = await openFleet();
        fleet.double.faults.drop(1, "CreateDeployment");
        await createDeployment(fleet.codeDeploy, stage, release, { ...fleet.options, who: "ann" });
        assert.equal(fleet.double.deployments.length, 1);
        assert.deepEqual(fleet.clock.waits, [10], "time for it to be seen");
    });

    it("takes no earlier deployment of the same release by the same person for its own", async () => {
        await using fleet = await openFleet();
        const earlier = fleet.create("release 0123456789ab by ann");
        fleet.double.advance(earlier);
        fleet.double.faults.drop(1, "CreateDeployment");
        const id = await createDeployment(fleet.codeDeploy, stage, release, { ...fleet.options, who: "ann" });
        assert.deepEqual(fleet.double.deployments.map(({ args }) => args.id), [earlier, id]);
    });

    it("never makes a second one when only the answer was lost, however often the client tries", async () => {
        await using fleet = await openFleet();
        fleet.double.faults.drop(1, "CreateDeployment");
        let made: string | undefined;
        fleet.clock.meanwhile(() => { made ??= fleet.create("release 0123456789ab by ann"); });
        const eager = new CodeDeployClient({ ...fleet.double.access, maxAttempts: 4 });
        const id = await createDeployment(eager, stage, release, { ...fleet.options, who: "ann" });
        assert.equal(id, made);
        assert.equal(fleet.double.inputsOf("CreateDeployment").length, 1);
    });

    it("gives up after three answers that did not come, and says that it may run", async () => {
        await using fleet = await openFleet();
        fleet.double.faults.drop(5, "CreateDeployment");
        await assert.rejects(createDeployment(fleet.codeDeploy, stage, release, { ...fleet.options, who: "ann" }), (error: Error) => {
            assert.match(error.message, /^CodeDeploy has not taken release 0123456789ab: .*\. /);
            assert.ok(error.message.endsWith(unseen), error.message);
            return true;
        });
        assert.equal(fleet.double.inputsOf("CreateDeployment").length, 3);
    });

    it("ends at what CodeDeploy refuses", async () => {
        await using fleet = await openFleet();
        await assert.rejects(createDeployment(fleet.codeDeploy, { ...stage, codeDeployApplication: "gone" }, release, { ...fleet.options, who: "ann" }), /ApplicationDoesNotExistException/);
        fleet.double.faults.deny("CreateDeployment");
        await assert.rejects(createDeployment(fleet.codeDeploy, stage, release, { ...fleet.options, who: "ann" }), { name: "AccessDeniedException" });
        assert.equal(fleet.double.inputsOf("CreateDeployment").length, 1);
    });

    it("waits for somebody else who was faster, then deploys", async () => {
        await using fleet = await openFleet();
        const other = fleet.create();
        fleet.clock.meanwhile(waits => { if (waits === 3) fleet.double.advance(other); });
        const id = await createDeployment(fleet.codeDeploy, stage, release, { ...fleet.options, who: "ann" });
        assert.deepEqual(fleet.double.deployments.map(({ args }) => args.id), [other, id]);
        assert.deepEqual(fleet.told, [`waiting for deployment ${other} (release bbbbbbbbbbbb by ann), which runs since 2026-01-01T00:00:00Z`]);
    });

    it("names whoever is in the way for too long", async () => {
        await using fleet = await openFleet();
        fleet.double.next(scripts.stuck());
        const other = fleet.create();
        await assert.rejects(createDeployment(fleet.codeDeploy, stage, release, { ...fleet.options, who: "ann" }), { name: "DeliveryError", kind: "needsPerson", message: new RegExp(`^There is deployment ${other} `) });
    });

    it("asks a last time when its time is over, then says that it is a limit of the account where nobody of the stage deploys", async () => {
        await using fleet = await openFleet();
        fleet.double.faults.limit("CreateDeployment");
        await assert.rejects(createDeployment(fleet.codeDeploy, stage, release, { ...fleet.options, who: "ann" }), {
            name: "DeliveryError", kind: "needsPerson", message: "CodeDeploy takes no deployment of dev now: Too many deployments run.",
        });
        assert.ok(fleet.double.inputsOf("CreateDeployment").length > 3, "a limit is no failure");
        assert.ok(fleet.clock.waited >= 60 && fleet.clock.waited < 80, String(fleet.clock.waited));
    });

    it("does not begin when it was interrupted before", async () => {
        await using fleet = await openFleet();
        fleet.stop.abort();
        await assert.rejects(createDeployment(fleet.codeDeploy, stage, release, { ...fleet.options, who: "ann" }), { name: "AbortError" });
        assert.deepEqual(fleet.double.inputsOf("CreateDeployment"), []);
    });
});
