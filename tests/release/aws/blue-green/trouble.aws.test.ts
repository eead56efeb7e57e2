import assert from "node:assert/strict";
import { SetAlarmStateCommand } from "@aws-sdk/client-cloudwatch";
import { ModifyListenerCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { abortRoll } from "../../../../release/aws/blue-green/abort-roll";
import { followRoll } from "../../../../release/aws/blue-green/follow-roll";
import { rollColours } from "../../../../release/aws/blue-green/roll-colours";
import { breakLock, readLock, StageLock } from "../../../../release/aws/stage-lock";
import { rollUnderWay } from "../../../../release/roll-history";
import { scripts } from "../../../support/aws/code-deploy-double";
import { callsAsText, type ColourSite, openColours, versions } from "./colour-site";

const full = { minSize: 2, maxSize: 4, desired: 2, instances: 2, hooked: true, ends: false };
const none = { minSize: 0, maxSize: 4, desired: 0, instances: 0, hooked: true, ends: false };
const asBefore = { weights: { blue: 100, green: 0 }, active: "blue", groups: { blue: full, green: none } };

/** Rolls to release b, which goes wrong. */
async function failing(site: ColourSite) {
    const driver = site.driver();
    const end = await rollColours(driver.clients, site.stage, versions.b, driver.options);
    return { end, ...driver };
}

describe("roll that goes wrong on AWS", () => {
    it("goes back when an instance fails, with its words, although CodeDeploy calls that a success", async () => {
        await using site = await openColours();
        let first: string | undefined;
        site.clock.meanwhile(() => { first ??= site.demo.codeDeploy.deployments[1]?.instances[0]?.id; });
        site.demo.codeDeploy.next({ ...scripts.fails(), get instances() { return [site.demo.codeDeploy.deployments[1]?.instances[0]?.id ?? ""]; } });
        const { end } = await failing(site);
        assert.equal(end?.result, "rolledBack");
        assert.equal(end.reason, `deployment d-TEST00002 has left instances out; ${first ?? ""} failed in ValidateService, scripts/validate_service.sh: `
            + "Script at specified location: scripts/validate_service.sh run as user root failed with exit code 1: health check answered 503");
        assert.deepEqual(end.failedInstances.map(({ instanceId }) => instanceId), [first]);
        assert.deepEqual(await site.state(), asBefore);
        assert.equal((await site.journal())[0]?.result, "rolledBack");
    });

    it("goes back when the new colour answers a probe with an error, and says what it answered", async () => {
        await using site = await openColours();
        if (site.demo.entrance) site.demo.entrance.answer = { status: 503, body: "no\ndatabase" };
        const { end, calls } = await failing(site);
        assert.deepEqual([end?.result, end?.reason], ["rolledBack", `green answers 503 to ${site.stage.url}/orders: no database`]);
        assert.deepEqual(await site.state(), asBefore);
        // Never did a request go there.
        assert.deepEqual(callsAsText(site, calls).filter(call => call.startsWith("Modify")), []);
    });

    it("sends the requests back when an alarm fires", async () => {
        await using site = await openColours({ shiftPercents: [10, 100], bakeSeconds: 60 });
        const [alarm = ""] = site.stage.blueGreen.green.alarms;
        site.clock.meanwhile(async () => {
            if ((await site.state()).weights.green === 10) await site.clients.cloudWatch.send(new SetAlarmStateCommand({ AlarmName: alarm, StateValue: "ALARM", StateReason: "test" }));
        });
        const { end, calls } = await failing(site);
        assert.deepEqual([end?.result, end?.reason], ["rolledBack", `${alarm} is in ALARM`]);
        assert.deepEqual(callsAsText(site, calls).filter(call => call.startsWith("Modify")), [
            "ModifyListener WEIGHTS forward BLUE-TARGETS 90 GREEN-TARGETS 10 false", "ModifyListener WEIGHTS forward BLUE-TARGETS 100 GREEN-TARGETS 0 false",
        ]);
        assert.deepEqual(await site.state(), asBefore);
    });

    it("refuses to grow beyond what the idle colour may have", async () => {
        await using site = await openColours();
        await site.limit(site.stage.blueGreen.green.autoScalingGroup, 1);
        const { end } = await failing(site);
        assert.equal(end?.reason, "gapless-dev-green would need 2 instances to take over from gapless-dev, and may have 1. Set gapless:maxSize to 2 or more, then ./gapless up dev.");
        assert.deepEqual((await site.state()).weights, { blue: 100, green: 0 });
    });

    it("begins nothing where somebody has split the weights by hand", async () => {
        await using site = await openColours();
        const { blueGreen: { weights, blue, green } } = site.stage;
        await site.clients.loadBalancing.send(new ModifyListenerCommand({
            ListenerArn: "listenerArn" in weights ? weights.listenerArn : "",
            DefaultActions: [{ Type: "forward", ForwardConfig: { TargetGroups: [{ TargetGroupArn: blue.targetGroupArn, Weight: 1 }, { TargetGroupArn: green.targetGroupArn, Weight: 1 }] } }],
        }));
        await assert.rejects(failing(site), { kind: "needsPerson", message: /sends 50 % of the requests of dev to blue and 50 % to green/ });
    });

    it("goes back by a person's wish while it is watched", async () => {
        await using site = await openColours({ bakeSeconds: 60 });
        const stop = new AbortController();
        site.clock.meanwhile(async () => { if ((await site.state()).weights.green === 100) stop.abort(new Error("Ctrl-C")); });
        const driver = site.driver({ stop: stop.signal });
        const end = await rollColours(driver.clients, site.stage, versions.b, driver.options);
        assert.deepEqual([end?.result, end?.reason], ["stopped", "Ctrl-C"]);
        assert.deepEqual(await site.state(), asBefore);
    });

    it("ends at once when its lock is lost, and leaves the roll to whoever comes next", async () => {
        await using site = await openColours();
        const driver = site.driver();
        const lock = new StageLock(site.s3, site.stage.releaseBucket, driver.options.owner, site.clock);
        let sign = (): void => undefined;
        let lost = false;
        site.clock.meanwhile(async () => {
            const { holder } = await readLock(lock);
            if (lost || holder === null) return;
            lost = true;
            await breakLock(lock, holder);
            sign();
            await new Promise(resolve => { setTimeout(resolve, 100); });
        });
        const timer = { every: (_: number, task: () => void) => { sign = task; return () => undefined; } };
        await assert.rejects(rollColours(driver.clients, site.stage, versions.b, { ...driver.options, timer }), { kind: "needsPerson" });
        assert.deepEqual((await site.state()).weights, { blue: 100, green: 0 });
        const fresh = site.driver();
        assert.equal((await rollColours(fresh.clients, site.stage, versions.b, fresh.options))?.result, "succeeded");
    });

    it("is followed by others, who may ask its driver to go back", async () => {
        await using site = await openColours({ bakeSeconds: 60 });
        const [driver, follower, aborter] = [site.driver(), site.driver(), site.driver()];
        let followed: ReturnType<typeof followRoll> | undefined;
        let aborted: ReturnType<typeof abortRoll> | undefined;
        site.clock.meanwhile(async () => {
            const { roll } = await site.document();
            if (roll !== null) followed ??= followRoll(follower.clients.s3, site.stage, roll.roll.id, follower.options);
            if (aborted === undefined && (await site.state()).weights.green === 100) aborted = abortRoll(aborter.clients, site.stage, aborter.options);
        });
        const end = await rollColours(driver.clients, site.stage, versions.b, driver.options);
        assert.deepEqual([end?.result, end?.reason], ["stopped", "stopped by ann"]);
        assert.deepEqual([(await followed)?.result, (await aborted)?.result, (await followed)?.roll.id], ["stopped", "stopped", end?.roll.id]);
        assert.deepEqual(await site.state(), asBefore);
        assert.equal(rollUnderWay(await site.document()), undefined);
        assert.ok(follower.told.some(line => /^step \d+ of \d+: installing/.test(line)), follower.told.join("\n"));
    });

    it("has nothing to stop when none is under way", async () => {
        await using site = await openColours();
        const driver = site.driver();
        assert.equal(await abortRoll(driver.clients, site.stage, driver.options), undefined);
        assert.deepEqual(callsAsText(site, driver.calls), []);
    });

    it("waits for whoever holds the lock", async () => {
        await using site = await openColours();
        const [one, two] = [site.driver({ waitMinutes: 60 }), site.driver({ waitMinutes: 60 })];
        const [first, second] = await Promise.all([one, two].map(({ clients, options }) => rollColours(clients, site.stage, versions.b, options)));
        assert.deepEqual([first, second].map(end => end?.result).sort(), ["succeeded", undefined]);
        assert.equal(site.demo.codeDeploy.deployments.length, 2);
    });
});
