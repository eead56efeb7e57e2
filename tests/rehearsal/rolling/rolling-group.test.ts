import assert from "node:assert/strict";
import { BalancerError } from "../../../rehearsal/balancer/runtime-socket";
import { FakeFleet } from "./fake-fleet";

// What AWS is known to do with such a group is held in tests/rehearsal/codedeploy.
describe("group of a rolling stage", () => {
    it("keeps what it knows of each host, and which deployment is under way", async () => {
        const fleet = new FakeFleet();
        await fleet.resize(2);
        const deployment = fleet.group.deploy("v1");
        assert.equal(fleet.group.deployment, deployment);
        assert.deepEqual([fleet.group.releaseOf("i-1"), fleet.group.lastDeployed], [undefined, undefined]);
        await deployment.ended;
        await fleet.idle();
        assert.equal(fleet.group.deployment, undefined);
        assert.deepEqual([fleet.group.releaseOf("i-1"), fleet.group.releaseOf("i-3"), fleet.group.lastDeployed], ["v1", undefined, "v1"]);
    });

    it("has a deployment go by another minimum than its own when it is told to", async () => {
        const fleet = await FakeFleet.serving(4);
        await fleet.group.deploy("v2", { minimumHealthyHosts: { type: "HOST_COUNT", value: 0 } }).ended;
        assert.deepEqual(fleet.timeline.events.filter(({ event }) => event === "WaveStarted").map(({ detail }) => detail).slice(1), ["1: i-1, i-2, i-3, i-4"]);
    });

    it("has a follow-on deployment reach only those that were launched meanwhile", async () => {
        const fleet = await FakeFleet.serving(2);
        fleet.meanwhile = async ran => {
            if (fleet.group.size.desired > 2 || ran.release !== "v2") return;
            fleet.group.resize({ desired: 4 });
            while (fleet.group.inService.length < 4) await new Promise(resolve => setImmediate(resolve));
        };
        await fleet.deploy("v2");
        assert.deepEqual(fleet.gotten("v2"), ["i-1", "i-2", "i-3", "i-4"]);
        assert.deepEqual(fleet.timeline.events.filter(({ event }) => event === "WaveStarted").map(({ detail }) => detail).slice(-1), ["1: i-3, i-4"]);
    });

    it("tells the trouble of a deployment that this machine could not carry out", async () => {
        const fleet = await FakeFleet.serving(2, { bundleOf: release => { if (release === "v2") throw new Error("the bucket has no v2"); return { bucket: "b", key: release }; } });
        await assert.rejects(fleet.group.deploy("v2").ended, { message: "the bucket has no v2" });
        await fleet.idle();
        assert.deepEqual([fleet.group.troubles, fleet.group.deployment], [["the bucket has no v2"], undefined]);
    });

    it("tells once that the balancer has no place for an instance that is launched, and launches no other", async () => {
        const fleet = await FakeFleet.serving(2);
        fleet.balancerSays = id => (id === "i-3" ? new BalancerError("there is no place for i-3") : undefined);
        await fleet.resize(3);
        assert.deepEqual([fleet.group.troubles, fleet.group.members.map(({ host }) => host.id)], [["there is no place for i-3"], ["i-1", "i-2", "i-3"]]);
    });

    it("tells that the balancer failed in a termination hook, and keeps no instance for that", async () => {
        const fleet = await FakeFleet.serving(2, { terminationHook: true });
        fleet.balancerSays = () => new BalancerError("HAProxy did not take it");
        await fleet.resize(1);
        assert.deepEqual([fleet.group.troubles, fleet.group.settled, fleet.of("i-2").at(-1)], [["HAProxy did not take it"], true, "is removed"]);
    });

    it("ends a launch deployment when the instance is taken away in the middle of it", async () => {
        const fleet = await FakeFleet.serving(2);
        fleet.meanwhile = ({ host, event }) => { if (host === "i-3" && event === "Install") fleet.group.resize({ desired: 2 }); };
        await fleet.resize(3);
        assert.deepEqual(fleet.of("i-3"), ["begins", "DownloadBundle", "BeforeInstall", "Install", "leaves", "is removed"]);
        assert.deepEqual([fleet.group.settled, fleet.group.troubles], [true, []]);
    });
});
