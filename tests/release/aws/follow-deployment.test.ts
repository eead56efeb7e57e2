import assert from "node:assert/strict";
import { followDeployment } from "../../../release/aws/follow-deployment";
import type { Progress } from "../../../release/deployment-progress";
import { lifecycleEvents } from "../../../release/lifecycle";
import { scripts } from "../../support/aws/code-deploy-double";
import { openFleet } from "../../support/aws/deploying";

const goesOn = (id: string): string => `Deployment ${id} goes on. See how it stands: ./gapless status dev. Stop it: ./gapless abort dev.`;

describe("following a deployment", () => {
    it("tells each instance's events in order until all serve", async () => {
        await using fleet = await openFleet();
        const id = fleet.create();
        const end = await followDeployment(fleet.codeDeploy, id, fleet.options);
        assert.deepEqual(end, { deploymentId: id, result: "succeeded", failedInstances: [] });
        assert.deepEqual(fleet.told.slice(0, 4), [`deployment ${id}: Created`, `deployment ${id}: InProgress`, "wave 1", "i-1 BeforeBlockTraffic succeeded in 2 s"]);
        const ended = fleet.told.filter(line => line.startsWith("i-2 ") && line.includes(" succeeded in "));
        assert.deepEqual(ended.map(line => line.split(" ")[1]), lifecycleEvents);
        assert.ok(ended.every(line => line.endsWith(" in 2 s")), ended.join("\n"));
        assert.deepEqual(fleet.told.slice(-3), ["i-2 serves the release", "2 of 2 instances done", `deployment ${id} succeeded: 2 of 2 instances done`]);
        assert.ok(fleet.told.includes("wave 2"));
        assert.ok(fleet.clock.waits.every(seconds => seconds >= 2), "never faster than every 2 s");
    });

    it("draws pictures instead of lines where there is a place for them, and ends the last one", async () => {
        await using fleet = await openFleet();
        const pictures: (Progress | undefined)[] = [];
        const id = fleet.create();
        await followDeployment(fleet.codeDeploy, id, { ...fleet.options, tell: { ...fleet.options.tell, progress: picture => void pictures.push(picture) } });
        assert.deepEqual(fleet.told, [`deployment ${id} succeeded: 2 of 2 instances done`]);
        assert.equal(pictures.at(-1), undefined);
        assert.ok(pictures.filter(Boolean).length > 20);
    });

    it("ends as rolled back only when CodeDeploy's roll back has succeeded", async () => {
        await using fleet = await openFleet();
        fleet.double.next(scripts.fails());
        const id = fleet.create();
        const end = await followDeployment(fleet.codeDeploy, id, fleet.options);
        const rollback = fleet.double.deployments[1]?.args.id;
        assert.equal(end.result, "rolledBack");
        assert.deepEqual([end.rollbackDeploymentId, end.rollbackResult], [rollback, "succeeded"]);
        assert.match(end.reason ?? "", /^HEALTH_CONSTRAINTS: The overall deployment failed/);
        assert.deepEqual(end.failedInstances, [{
            instanceId: "i-1", event: "ValidateService", script: "scripts/validate_service.sh", errorCode: "ScriptFailed",
            message: "Script at specified location: scripts/validate_service.sh run as user root failed with exit code 1",
            logTail: "LifecycleEvent - ValidateService\nScript - scripts/validate_service.sh\n[stdout]health check answered 503\n",
        }]);
        assert.ok(fleet.told.includes(`CodeDeploy rolls back: deployment ${rollback}`));
        assert.ok(fleet.told.includes(`deployment ${id} failed: ${end.reason}`));
        assert.equal(fleet.told.at(-1), `deployment ${rollback} succeeded: 2 of 2 instances done`);
    });

    it("ends as failed when the roll back fails too", async () => {
        await using fleet = await openFleet();
        fleet.double.next(scripts.fails(), scripts.fails({ event: "ApplicationStart" }));
        const end = await followDeployment(fleet.codeDeploy, fleet.create(), fleet.options);
        assert.deepEqual([end.result, end.rollbackResult], ["failed", "failed"]);
        assert.match(end.reason ?? "", /^HEALTH_CONSTRAINTS: .*; the roll back has failed too: HEALTH_CONSTRAINTS: /);
        assert.equal(fleet.double.deployments.length, 2);
    });

    it("waits for the roll back to be named, a minute at most", async () => {
        await using fleet = await openFleet({ fresh: true });
        fleet.double.next(scripts.fails());
        const id = fleet.create();
        fleet.clock.meanwhile(() => { fleet.double.deployment(id).rollbackInfo = {}; });
        const end = await followDeployment(fleet.codeDeploy, id, fleet.options);
        assert.equal(end.result, "failed");
        assert.equal(end.rollbackDeploymentId, undefined);
        assert.equal(fleet.told.at(-1), "warning: CodeDeploy has not begun to roll back within 60 s");
        const waited = fleet.clock.waits.slice(-9).reduce((sum, seconds) => sum + seconds, 0);
        assert.ok(waited >= 60 && waited < 90, String(waited));
    });

    it("waits no longer when CodeDeploy says that it does not roll back, and says why", async () => {
        await using fleet = await openFleet({ fresh: true });
        fleet.double.next(scripts.fails());
        const id = fleet.create();
        const end = await followDeployment(fleet.codeDeploy, id, fleet.options);
        assert.equal(end.result, "failed");
        assert.ok(end.reason?.endsWith(`; not rolled back: The deployment ${id} could not be rolled back because there is no successful deployment to roll back to.`), end.reason);
        assert.ok(!fleet.told.some(line => line.includes("within 60 s")), fleet.told.join("\n"));
    });

    it("waits for no roll back where the group asks for none", async () => {
        await using fleet = await openFleet({ autoRollback: false });
        fleet.double.next(scripts.fails());
        const end = await followDeployment(fleet.codeDeploy, fleet.create(), fleet.options);
        assert.equal(end.result, "failed");
        assert.ok(!fleet.told.some(line => line.includes("roll back")), fleet.told.join("\n"));
    });

    it("takes a stopped deployment for no success", async () => {
        await using fleet = await openFleet({ autoRollback: false });
        const id = fleet.create();
        fleet.clock.meanwhile(waits => { if (waits === 5) fleet.double.stop(fleet.double.deployment(id), false); });
        const end = await followDeployment(fleet.codeDeploy, id, fleet.options);
        assert.deepEqual([end.result, end.reason], ["stopped", "MANUAL_STOP: The deployment was stopped."]);
    });

    it("takes what a person has stopped for no failure, also when it was rolled back", async () => {
        await using fleet = await openFleet();
        const id = fleet.create();
        fleet.clock.meanwhile(waits => { if (waits === 5) fleet.double.stop(fleet.double.deployment(id), true); });
        const end = await followDeployment(fleet.codeDeploy, id, fleet.options);
        assert.deepEqual([end.result, end.rollbackDeploymentId, end.rollbackResult], ["stopped", fleet.double.deployments[1]?.args.id, "succeeded"]);
    });

    it("says when a stopped deployment could not be rolled back", async () => {
        await using fleet = await openFleet();
        const id = fleet.create();
        fleet.double.next(scripts.fails());
        fleet.clock.meanwhile(waits => { if (waits === 5) fleet.double.stop(fleet.double.deployment(id), true); });
        const end = await followDeployment(fleet.codeDeploy, id, fleet.options);
        assert.deepEqual([end.result, end.rollbackResult], ["stopped", "failed"]);
        assert.match(end.reason ?? "", /^MANUAL_STOP: The deployment was stopped\.; the roll back has failed too: HEALTH_CONSTRAINTS: /);
    });

    it("tells of an alarm", async () => {
        await using fleet = await openFleet({ alarms: ["errors"] });
        fleet.double.next(scripts.alarm("errors"));
        const end = await followDeployment(fleet.codeDeploy, fleet.create(), fleet.options);
        assert.equal(end.result, "rolledBack");
        assert.match(end.reason ?? "", /^ALARM_ACTIVE: .*<errors>$/);
    });

    it("warns of instances that failed although the deployment succeeded", async () => {
        await using fleet = await openFleet({ instances: ["i-1", "i-2", "i-3", "i-4"] });
        fleet.double.next(scripts.fails({ instances: ["i-4"] }));
        const end = await followDeployment(fleet.codeDeploy, fleet.create(), fleet.options);
        assert.deepEqual([end.result, end.failedInstances.map(({ instanceId }) => instanceId)], ["succeeded", ["i-4"]]);
        assert.equal(fleet.told.at(-1), "warning: i-4 failed although the deployment succeeded, and gets no traffic");
    });

    it("goes on after throttling and cut connections, having told of them once each", async () => {
        await using fleet = await openFleet();
        const { faults } = fleet.double;
        fleet.clock.meanwhile(waits => {
            if (waits === 4) faults.throttle(3);
            if (waits === 12) faults.drop(4);
        });
        const end = await followDeployment(fleet.codeDeploy, fleet.create(), fleet.options);
        assert.equal(end.result, "succeeded");
        assert.equal(fleet.told.filter(line => line.startsWith("warning: AWS cannot be asked now")).length, 2);
        assert.equal(fleet.told.filter(line => line === "warning: AWS answers again.").length, 2);
    });

    it("ends without a word of success when the credentials expire", async () => {
        await using fleet = await openFleet();
        const id = fleet.create();
        fleet.clock.meanwhile(waits => { if (waits === 4) fleet.double.faults.expire(); });
        await assert.rejects(followDeployment(fleet.codeDeploy, id, fleet.options), {
            name: "DeliveryError", kind: "failed",
            message: `AWS refuses the credentials: they have expired. Log in (aws sso login, AWS_PROFILE, or your CI's own step) and run the command again. ${goesOn(id)}`,
        });
    });

    it("names what may not be done", async () => {
        await using fleet = await openFleet();
        fleet.double.faults.deny("BatchGetDeploymentTargets");
        await assert.rejects(followDeployment(fleet.codeDeploy, fleet.create(), fleet.options), /^DeliveryError: AWS denies it: .* may not .*BatchGetDeploymentTargets.*goes on\. /);
    });

    it("gives up when AWS is silent for longer than its patience", async () => {
        await using fleet = await openFleet();
        const id = fleet.create();
        fleet.clock.meanwhile(waits => { if (waits === 4) fleet.double.faults.drop(Infinity); });
        await assert.rejects(followDeployment(fleet.codeDeploy, id, fleet.options), (error: Error) => {
            assert.match(error.message, /^AWS could not be asked for 10 minutes, last: .*\. Deployment d-\S+ goes on\. /);
            return true;
        });
    });

    it("ends with the name of a deployment that is not there", async () => {
        await using fleet = await openFleet();
        await assert.rejects(followDeployment(fleet.codeDeploy, "d-ABCDEFGHI", fleet.options), /d-ABCDEFGHI could not be found/);
    });

    it("is interrupted by Ctrl-C: the deployment goes on, and how to stop it is told", async () => {
        await using fleet = await openFleet();
        const id = fleet.create();
        fleet.clock.meanwhile(waits => { if (waits === 6) fleet.stop.abort(); });
        await assert.rejects(followDeployment(fleet.codeDeploy, id, fleet.options), { name: "AbortError" });
        assert.equal(fleet.told.at(-1), `warning: ${goesOn(id)}`);
        assert.ok(!fleet.double.operationsCalled.includes("StopDeployment"));
    });

    it("watches no longer than it is told", async () => {
        await using fleet = await openFleet();
        fleet.double.next(scripts.stuck());
        const id = fleet.create();
        await assert.rejects(followDeployment(fleet.codeDeploy, id, { ...fleet.options, watchMinutes: 5 }), {
            name: "DeliveryError", kind: "needsPerson", message: `It has not ended after 5 minutes. ${goesOn(id)}`,
        });
    });

    it("asks of 1,000 instances in pages and batches, of none that has ended, and at most five times a second", async () => {
        const instances = Array.from({ length: 1000 }, (_, n) => `i-${n}`);
        await using fleet = await openFleet({ instances }, { eventsPerPoll: 13 });
        const end = await followDeployment(fleet.codeDeploy, fleet.create(), fleet.options);
        assert.equal(end.result, "succeeded");
        assert.equal(fleet.told.at(-1)?.split(": ")[1], "1000 of 1000 instances done");
        const batches = fleet.double.inputsOf("BatchGetDeploymentTargets") as { readonly targetIds: readonly string[] }[];
        assert.ok(batches.every(({ targetIds }) => targetIds.length <= 25));
        const looks = fleet.double.inputsOf("GetDeployment").length;
        assert.ok(batches.length <= looks * 40, `${batches.length} batches in ${looks} looks`);
        assert.ok(fleet.double.calls.length <= looks * 51);
        const calls = fleet.double.operationsCalled.join(" ").split("GetDeployment ").slice(2, -1).map(look => look.trim().split(" ").length);
        fleet.clock.waits.slice(1).forEach((seconds, n) => { assert.ok(seconds >= ((calls[n] ?? 0)) / 5, `${calls[n] ?? 0} calls, then ${seconds} s`); });
        // The first wave has ended when the second goes on: it is asked of no more.
        assert.equal(batches.slice(-20).flatMap(({ targetIds }) => targetIds).some(id => id === "i-0"), false);
    });

    it("tells of instances that come in and of those that vanish", async () => {
        await using fleet = await openFleet({ instances: ["i-1", "i-2", "i-3"] });
        const id = fleet.create();
        const run = fleet.double.deployment(id) as unknown as { instances: { readonly id: string }[] };
        const all = run.instances;
        fleet.clock.meanwhile(waits => { if (waits === 3) run.instances = all.filter(instance => instance.id !== "i-2"); });
        fleet.clock.meanwhile(waits => { if (waits === 5) run.instances = all; });
        await followDeployment(fleet.codeDeploy, id, fleet.options);
        assert.ok(fleet.told.includes("i-2 is not part of it any more"), fleet.told.join("\n"));
        assert.ok(fleet.told.includes("i-2 came in"));
    });
});
