import assert from "node:assert/strict";
import { ColourGroup } from "../../../rehearsal/blue-green/colour-group";
import { FakeClock } from "../../support/aws/fake-clock";
import { FakeHosts } from "./fake-hosts";

const anHour = 3600;

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

    it("launches as many instances as it shall have, which are in service when they have booted", async () => {
        group.resize({ min: 2, desired: 2 });
        assert.deepEqual(group.members.map(({ state }) => state), ["pending", "pending"]);
        assert.ok(!group.settled);
        await group.idle();
        assert.ok(group.settled);
        assert.deepEqual(group.inService.map(({ id }) => id), ["green-1", "green-2"]);
        assert.ok(clock.waits.includes(40));
        assert.deepEqual(hosts.log.filter(line => line.startsWith("green-1")), ["green-1 begins", "green-1 enters"]);
    });

    it("takes away the newest first, after they have left the target group", async () => {
        group.resize({ desired: 2 });
        await group.idle();
        group.resize({ desired: 1 });
        assert.deepEqual(group.inService.map(({ id }) => id), ["green-1"]);
        assert.ok(!group.settled, "one that leaves is still there");
        await group.idle();
        assert.ok(group.settled);
        assert.deepEqual(hosts.log.slice(-2), ["green-2 leaves", "green-2 is removed"]);
    });

    it("never gives two instances one name, so that nothing of an earlier one is left on a later", async () => {
        for (const desired of [1, 0, 1]) {
            group.resize({ desired });
            await group.idle();
        }
        assert.deepEqual(group.inService.map(({ id }) => id), ["green-2"]);
    });

    it("grows with its minimum, and keeps its size when that falls", () => {
        group.resize({ min: 3 });
        assert.deepEqual(group.size, { min: 3, desired: 3 });
        group.resize({ min: 1 });
        assert.deepEqual(group.size, { min: 1, desired: 3 });
    });

    for (const [what, change] of [["more than its maximum", { desired: 5 }], ["fewer than its minimum", { min: 2, desired: 1 }], ["fewer than none", { min: -1, desired: 0 }]] as const) {
        it(`refuses ${what}`, () => {
            assert.throws(() => { group.resize(change); }, { name: "ScalingGroupError", message: /^the group green takes -?\d to 4 instances; received \d$/ });
        });
    }

    it("scales by itself within its bounds", () => {
        group.resize({ min: 2, desired: 3 });
        group.scaleBy(9);
        assert.equal(group.size.desired, 4);
        group.scaleBy(-9);
        assert.equal(group.size.desired, 2);
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

    it("ends an instance that is still booting, which never enters the target group", async () => {
        group.resize({ desired: 1 });
        group.resize({ desired: 0 });
        await group.idle();
        assert.ok(group.settled);
        assert.ok(!hosts.log.includes("green-1 enters"), hosts.log.join("\n"));
        assert.ok(hosts.log.includes("green-1 is removed"));
    });

    describe("a scheduled end", () => {
        it("empties the group at its time, whatever its minimum", async () => {
            group.resize({ min: 2, desired: 2 });
            group.scheduleEnd(new Date(clock.now().getTime() + anHour * 1000));
            assert.ok(group.endsAt);
            await group.idle();
            assert.ok(clock.waits.includes(anHour));
            assert.deepEqual([group.size, group.endsAt, group.members.length], [{ min: 0, desired: 0 }, undefined, 0]);
        });

        it("does nothing when it was taken back", async () => {
            group.resize({ min: 1, desired: 1 });
            group.scheduleEnd(new Date(clock.now().getTime() + anHour * 1000));
            group.cancelEnd();
            await group.idle();
            assert.deepEqual([group.size, group.endsAt], [{ min: 1, desired: 1 }, undefined]);
        });

        it("is the later one when another was set before", async () => {
            group.resize({ min: 1, desired: 1 });
            const at = new Date(clock.now().getTime() + 2 * anHour * 1000);
            group.scheduleEnd(new Date(clock.now().getTime() + anHour * 1000));
            group.scheduleEnd(at);
            assert.deepEqual(group.endsAt, at);
            // Were the earlier one still there, it would come.
            group.cancelEnd();
            await group.idle();
            assert.equal(group.size.desired, 1);
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
