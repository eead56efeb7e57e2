import assert from "node:assert/strict";
import { FakeFleet, type Ran } from "../rolling/fake-fleet";

type Fact = readonly [fact: string, about: ConstructorParameters<typeof FakeFleet>[0], seen: (fleet: FakeFleet) => Promise<unknown>];

const starting = (release: string) => ({ release: brought, event }: Ran): boolean => brought === release && event === "ApplicationStart";
/** Does something when a host first comes to an event of a release. */
const once = (release: string, event: string, what: () => void | Promise<void>) => {
    let done = false;
    return async (ran: Ran) => {
        if (done || ran.release !== release || ran.event !== event) return;
        done = true;
        await what();
    };
};

const rollback: readonly Fact[] = [
    ["a rollback is a new deployment with a new id, over all instances, failed ones first", {}, async fleet => {
        fleet.fails = starting("v2");
        assert.equal((await fleet.deploy("v2")).outcome, "rolledBack");
        assert.deepEqual([fleet.gotten("v2"), fleet.gotten("v1")], [["i-1", "i-2"], ["i-1", "i-2", "i-3", "i-4"]]);
        assert.equal(new Set(fleet.ran.map(({ deployment }) => deployment)).size, 2);
    }],
    ["without an earlier success there is nothing to go back to", {}, async () => {
        const fleet = new FakeFleet();
        await fleet.resize(2);
        fleet.fails = starting("v1");
        const { outcome, reason } = await fleet.deploy("v1");
        assert.equal(outcome, "failed");
        assert.match(reason, /there is no previous release to go back to$/);
    }],
    ["the last success is brought back also when it is what failed now", {}, async fleet => {
        fleet.fails = ({ event, deployment }) => event === "ApplicationStart" && deployment === fleet.ran[0]?.deployment;
        assert.equal((await fleet.deploy("v1")).outcome, "rolledBack");
    }],
    ["a deployment that a person stops goes back, whatever becomes of one that an alarm stops", { rollBackOnAlarm: false }, async fleet => {
        const deployment = fleet.group.deploy("v2");
        deployment.stop("a person asked for it");
        assert.deepEqual(await deployment.ended, { type: "end", outcome: "rolledBack", reason: "a person asked for it" });
    }],
    ["hosts that fail stay out of the target group, and the deployment may succeed all the same", {}, async fleet => {
        fleet.fails = ran => starting("v2")(ran) && ran.host === "i-4";
        assert.equal((await fleet.deploy("v2")).outcome, "succeeded");
        assert.deepEqual([...fleet.serving].sort(), ["i-1", "i-2", "i-3"]);
        assert.deepEqual([fleet.group.releaseOf("i-4"), fleet.group.lastDeployed], [undefined, "v2"]);
    }],
    ["a host on which the last deployment failed comes first in the next", { minimumHealthyHosts: { type: "HOST_COUNT", value: 3 } }, async fleet => {
        fleet.fails = ran => starting("v2")(ran) && ran.host === "i-4";
        await fleet.deploy("v2");
        await fleet.deploy("v3");
        assert.deepEqual(fleet.gotten("v3"), ["i-4", "i-1", "i-2", "i-3"]);
    }],
    ["a host counts as healthy by its last deployment, whatever the load balancer thinks of it", {}, async fleet => {
        fleet.serving.delete("i-4");
        await fleet.deploy("v2");
        assert.deepEqual(fleet.gotten("v2").slice(0, 2), ["i-1", "i-2"]);
    }],
    ["hosts with another release than the last success come before those that have it", { rollBackOnFailure: false }, async fleet => {
        // i-1 gets v2 and keeps it, i-2 fails, and so does i-3; nothing goes back.
        fleet.fails = ran => starting("v2")(ran) && ran.host !== "i-1";
        assert.equal((await fleet.deploy("v2")).outcome, "failed");
        fleet.fails = () => false;
        fleet.ran.length = 0;
        await fleet.deploy("v2");
        assert.deepEqual(fleet.gotten("v2"), ["i-2", "i-3", "i-1", "i-4"]);
    }],
    ["a host that was left with an older release comes before those that have the last success", { updatesOutdated: false }, async fleet => {
        fleet.meanwhile = once("v2", "Install", async () => { await launched(fleet, 5); });
        await fleet.deploy("v2");
        await fleet.deploy("v3");
        assert.deepEqual(fleet.gotten("v3").slice(0, 2), ["i-5", "i-1"]);
    }],
];

const atOnce: readonly Fact[] = [
    ["a group has one deployment at a time", {}, async fleet => {
        const { ended } = fleet.group.deploy("v2");
        assert.throws(() => fleet.group.deploy("v3"), { name: "ScalingGroupError", message: "DeploymentLimitExceeded: the deployment group already has a deployment, of release v2" });
        await ended;
    }],
    ["the rollback is part of it", {}, async fleet => {
        fleet.fails = starting("v2");
        fleet.meanwhile = once("v1", "Install", () => { assert.throws(() => fleet.group.deploy("v3"), /DeploymentLimitExceeded/); });
        assert.equal((await fleet.deploy("v2")).outcome, "rolledBack");
    }],
    ["instances are launched beside it, with the last success, and get the new release after it", {}, async fleet => {
        fleet.meanwhile = once("v2", "Install", async () => { await launched(fleet, 5); });
        await fleet.deploy("v2");
        assert.deepEqual([fleet.gotten("v1"), fleet.gotten("v2").at(-1), fleet.group.releaseOf("i-5")], [["i-5"], "i-5", "v2"]);
    }],
    ["so does one whose launch takes longer than the deployment", {}, async fleet => {
        let over: Promise<unknown> = Promise.resolve();
        fleet.meanwhile = ran => (ran.host === "i-5" && ran.release === "v1" && ran.event === "Install" ? over.then(() => undefined) : undefined);
        fleet.group.resize({ desired: 5 });
        over = fleet.group.deploy("v2").ended;
        await fleet.idle();
        assert.equal(fleet.group.releaseOf("i-5"), "v2");
        assert.deepEqual(fleet.gotten("v1"), ["i-5"]);
    }],
    ["with outdatedInstancesStrategy IGNORE it keeps the older release", { updatesOutdated: false }, async fleet => {
        fleet.meanwhile = once("v2", "Install", async () => { await launched(fleet, 5); });
        await fleet.deploy("v2");
        assert.equal(fleet.group.releaseOf("i-5"), "v1");
    }],
    ["no follow-on deployment comes after one that failed: what it brought stays", { rollBackOnFailure: false }, async fleet => {
        fleet.fails = ran => starting("v2")(ran) && ran.host !== "i-1";
        await fleet.deploy("v2");
        await fleet.resize(5);
        await fleet.idle();
        assert.deepEqual([fleet.group.releaseOf("i-1"), fleet.group.releaseOf("i-5")], ["v2", "v1"]);
    }],
];

const scaling: readonly Fact[] = [
    ["before the first success an instance is in service without a release, and the first deployment takes all at once", {}, async () => {
        const fleet = new FakeFleet();
        await fleet.resize(4);
        assert.deepEqual([fleet.ran, [...fleet.serving]], [[], ["i-1", "i-2", "i-3", "i-4"]]);
        assert.equal((await fleet.deploy("v1")).outcome, "succeeded");
        assert.equal(fleet.timeline.events.filter(({ event }) => event === "WaveStarted").length, 1);
    }],
    ["a group without an instance in service has nothing to deploy to", {}, async () => {
        const { outcome, reason } = await new FakeFleet().deploy("v1");
        assert.deepEqual([outcome, reason], ["failed", "NO_INSTANCES: there is no host to deploy to"]);
    }],
    ["an instance whose launch deployment fails ends, and another is launched, again and again", {}, async fleet => {
        fleet.fails = ran => starting("v1")(ran) && ["i-5", "i-6", "i-7"].includes(ran.host);
        await fleet.resize(5);
        assert.deepEqual(fleet.group.inService.map(({ id }) => id), ["i-1", "i-2", "i-3", "i-4", "i-8"]);
        assert.deepEqual(fleet.of("i-7").slice(-2), ["leaves", "is removed"]);
        assert.deepEqual(fleet.group.troubles, []);
    }],
    ["an instance that scaling takes away during a deployment fails in it, and counts against its success", {}, async fleet => {
        const gone = new Set<string>();
        fleet.fails = ({ host }) => gone.has(host);
        fleet.meanwhile = once("v2", "Install", async () => {
            gone.add("i-4");
            fleet.group.replace("i-4");
            await settled(() => fleet.of("i-4").includes("is removed"));
        });
        const { outcome, reason } = await fleet.group.deploy("v2").ended;
        assert.equal(outcome, "succeeded");
        assert.match(reason, /^3 of 4 hosts run v2; i-4: BeforeBlockTraffic failed on i-4/);
    }],
    ["a rollback goes to the instances that the group has by then", {}, async fleet => {
        fleet.fails = starting("v2");
        fleet.meanwhile = once("v2", "Install", async () => {
            fleet.group.replace("i-4");
            await settled(() => fleet.group.inService.some(({ id }) => id === "i-5"));
        });
        assert.equal((await fleet.deploy("v2")).outcome, "rolledBack");
        // The first time at its launch.
        assert.deepEqual(fleet.gotten("v1"), ["i-5", "i-1", "i-2", "i-3", "i-5"]);
    }],
];

const alarms: readonly Fact[] = [
    ["an alarm that fires already lets no deployment begin", {}, async fleet => {
        fleet.alarm.fire();
        assert.deepEqual(await fleet.deploy("v2"), { type: "end", outcome: "failed", reason: "ALARM_ACTIVE: no deployment begins while the alarm fires: too many errors" });
        assert.deepEqual(fleet.ran, []);
    }],
    ["nor that of an instance that is launched, which ends, and is launched again until the alarm is over", {}, async fleet => {
        fleet.alarm.fire();
        fleet.clock.meanwhile(waits => { if (waits % 4 === 0) fleet.alarm.firing = undefined; });
        await fleet.resize(5);
        assert.ok(fleet.of("i-5").includes("is removed"));
        assert.equal(fleet.gotten("v1").length, 1);
    }],
    ["an alarm stops a deployment under way, which goes back, though the alarm fires on", {}, async fleet => {
        fleet.meanwhile = once("v2", "AfterAllowTraffic", () => { fleet.alarm.fire(); });
        assert.deepEqual(await fleet.deploy("v2"), { type: "end", outcome: "rolledBack", reason: "the alarm fires: too many errors" });
        assert.deepEqual(fleet.gotten("v2"), ["i-1", "i-2"]);
    }],
    ["without DEPLOYMENT_STOP_ON_ALARM it stops, and nothing goes back", { rollBackOnAlarm: false }, async fleet => {
        fleet.meanwhile = once("v2", "AfterAllowTraffic", () => { fleet.alarm.fire(); });
        assert.deepEqual(await fleet.deploy("v2"), { type: "end", outcome: "failed", reason: "the alarm fires: too many errors" });
        assert.deepEqual([fleet.gotten("v2"), fleet.gotten("v1")], [["i-1", "i-2"], []]);
        fleet.alarm.firing = undefined;
        fleet.fails = starting("v3");
        assert.equal((await fleet.deploy("v3")).outcome, "rolledBack");
    }],
    ["with it alone an alarm brings the last success back, and a failure does not", { rollBackOnFailure: false, rollBackOnAlarm: true }, async fleet => {
        fleet.meanwhile = once("v2", "AfterAllowTraffic", () => { fleet.alarm.fire(); });
        assert.equal((await fleet.deploy("v2")).outcome, "rolledBack");
        fleet.alarm.firing = undefined;
        fleet.fails = starting("v3");
        assert.equal((await fleet.deploy("v3")).outcome, "failed");
    }],
    ["an alarm while nothing is deployed changes nothing", {}, async fleet => {
        await fleet.deploy("v2");
        fleet.alarm.fire();
        await fleet.idle();
        assert.deepEqual([fleet.group.lastDeployed, fleet.gotten("v1")], ["v2", []]);
    }],
    ["a follow-on deployment that the alarm refuses is not begun over and over", {}, async fleet => {
        fleet.meanwhile = async ran => {
            if (ran.release === "v2" && ran.event === "Install" && fleet.group.size.desired === 4) await launched(fleet, 5);
            // The last wave is stopped by nobody any more.
            if (ran.release === "v2" && ran.event === "AfterAllowTraffic" && fleet.gotten("v2").length === 4) fleet.alarm.firing = "too many errors";
        };
        assert.equal((await fleet.deploy("v2")).outcome, "succeeded");
        assert.deepEqual([fleet.group.releaseOf("i-5"), fleet.group.deployment], ["v1", undefined]);
    }],
];

describe("What CodeDeploy is known to do with a deployment group", () => {
    for (const [fact, about, seen] of [...rollback, ...atOnce, ...scaling, ...alarms]) {
        it(fact, async () => { await seen(await FakeFleet.serving(4, about)); });
    }
});

async function launched(fleet: FakeFleet, desired: number): Promise<void> {
    fleet.group.resize({ desired });
    await settled(() => fleet.group.inService.length === desired);
}

async function settled(what: () => boolean): Promise<void> {
    while (!what()) await new Promise(resolve => setImmediate(resolve));
}
