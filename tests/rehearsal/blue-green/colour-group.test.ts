import assert from "node:assert/strict";
import { ColourGroup } from "../../../rehearsal/blue-green/colour-group";
import { FakeClock } from "../../support/aws/fake-clock";
import { FakeHosts } from "./fake-hosts";

describe("group of a colour", () => {
    let clock: FakeClock;
    let hosts: FakeHosts;
    let group: ColourGroup;
    beforeEach(() => {
        clock = new FakeClock();
        hosts = new FakeHosts();
        group = new ColourGroup({
            colour: "green", maxSize: 4, bootSeconds: () => 40, clock, signal: new AbortController().signal,
            hostNamed: id => hosts.named(id), deployTo: (version, members) => hosts.deploy(version, members),
        });
    });

    describe("at a launch", () => {
        it("brings nothing before the first deployment", async () => {
            group.resize({ desired: 1 });
            await group.idle();
            assert.deepEqual(hosts.deployed, []);
        });

        it("brings the last deployed release before the instance enters the target group", async () => {
            group.lastDeployed = "v1";
            group.resize({ desired: 1 });
            await group.idle();
            assert.deepEqual(hosts.log, ["green-1 begins", "green-1 gets v1", "green-1 enters"]);
        });

        it("gives up an instance that does not become healthy with its release", async () => {
            group.lastDeployed = "v1";
            hosts.ill.add("green-1");
            group.resize({ desired: 1 });
            await group.idle();
            assert.deepEqual(group.inService.map(({ id }) => id), ["green-2"]);
        });

        it("tells what this machine cannot do, and launches no other for it", async () => {
            group.lastDeployed = "v1";
            hosts.noPlace = true;
            group.resize({ desired: 1 });
            await group.idle();
            assert.deepEqual(group.troubles, ["there is no place for green-1"]);
            assert.deepEqual(hosts.deployed, ["v1 on green-1"]);
        });

        it("brings nothing while the group is out of its deployment group", async () => {
            group.lastDeployed = "v1";
            group.inDeploymentGroup = false;
            group.resize({ desired: 1 });
            // The hook was or was not there at the launch.
            group.inDeploymentGroup = true;
            await group.idle();
            assert.deepEqual(hosts.deployed, []);
            assert.equal(group.inService.length, 1);
        });

        it("gives up an instance on which the release fails, and launches another", async () => {
            group.lastDeployed = "v1";
            hosts.failing.add("green-1");
            group.resize({ desired: 1 });
            await group.idle();
            assert.deepEqual(group.inService.map(({ id }) => id), ["green-2"]);
            assert.ok(hosts.log.includes("green-1 is removed"));
            assert.ok(!hosts.log.includes("green-1 enters"));
        });
    });

    describe("a deployment", () => {
        beforeEach(async () => {
            group.resize({ desired: 2 });
            await group.idle();
        });

        it("goes to all instances in service, and is what a later one gets", async () => {
            await group.deploy("v2").ended;
            await group.idle();
            assert.deepEqual(hosts.deployed, ["v2 on green-1, green-2"]);
            assert.equal(group.lastDeployed, "v2");
        });

        it("takes each instance out of the target group before its release, and puts it back when that runs", async () => {
            hosts.log.length = 0;
            await group.deploy("v2").ended;
            assert.deepEqual(hosts.log.filter(line => line.startsWith("green-1")), ["green-1 leaves", "green-1 gets v2", "green-1 enters"]);
        });

        it("fails on an instance that does not become healthy with the release", async () => {
            hosts.ill.add("green-2");
            assert.deepEqual((await group.deploy("v2").ended).failures, ["AllowTraffic failed on green-2: green-2 did not become healthy"]);
        });

        it("counts as brought when one instance got it, as AWS sees a deployment to all at once", async () => {
            hosts.failing.add("green-1");
            const { outcome, failures } = await group.deploy("v2").ended;
            await group.idle();
            assert.deepEqual([outcome, failures.length, group.lastDeployed], ["succeeded", 1, "v2"]);
        });

        it("that fails on all is not what a later instance gets", async () => {
            group.lastDeployed = "v1";
            for (const id of ["green-1", "green-2"]) hosts.failing.add(id);
            assert.equal((await group.deploy("v2").ended).outcome, "failed");
            await group.idle();
            assert.equal(group.lastDeployed, "v1");
        });

        it("is refused while the deployment group knows no instances", () => {
            group.inDeploymentGroup = false;
            assert.throws(() => group.deploy("v2"), { name: "ScalingGroupError", message: "the deployment group of green has no instances" });
        });
    });
});
