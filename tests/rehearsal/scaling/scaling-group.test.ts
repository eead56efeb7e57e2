import assert from "node:assert/strict";
import { BalancerError } from "../../../rehearsal/balancer/runtime-socket";
import { InstanceFailure } from "../../../rehearsal/codedeploy/deployment";
import { type Host, type LaunchHook, ScalingGroup, ScalingGroupError, type TerminationHook } from "../../../rehearsal/scaling/scaling-group";
import { FakeClock } from "../../support/aws/fake-clock";

const anHour = 3600;

/** A group with the hooks that a test gives it. */
class TestGroup extends ScalingGroup {
    onLaunch: LaunchHook | undefined;
    onTermination: TerminationHook | undefined;

    protected override launchHook(): LaunchHook | undefined {
        return this.onLaunch;
    }

    protected override terminationHook(): TerminationHook | undefined {
        return this.onTermination;
    }
}

describe("Auto Scaling group", () => {
    let clock: FakeClock;
    let log: string[];
    /** What goes wrong on this machine, such as `i-1 begins`. */
    let trouble: string;
    let over: AbortController;
    let group: TestGroup;
    const note = (what: string): Promise<void> => {
        log.push(what);
        return what === trouble ? Promise.reject(new Error(`disk full when ${what}`)) : Promise.resolve();
    };
    const hostNamed = (id: string): Host => ({
        id,
        begin: () => note(`${id} begins`), enter: () => note(`${id} enters`), leave: () => note(`${id} leaves`), remove: () => note(`${id} is removed`),
        die: () => note(`${id} dies`), crashAgent: () => { log.push(`${id} crashes`); },
        address: () => assert.fail("nobody asks for it"), agent: { run: () => assert.fail("nobody asks it") },
    });
    beforeEach(() => {
        clock = new FakeClock();
        log = [];
        trouble = "";
        over = new AbortController();
        group = new TestGroup({ name: "i", maxSize: 4, bootSeconds: () => 40, clock, signal: over.signal, hostNamed });
    });

    it("launches as many instances as it shall have, which are in service when they have booted", async () => {
        group.resize({ min: 2, desired: 2 });
        assert.deepEqual(group.members.map(({ state }) => state), ["pending", "pending"]);
        assert.ok(!group.settled);
        await group.idle();
        assert.ok(group.settled);
        assert.deepEqual(group.inService.map(({ id }) => id), ["i-1", "i-2"]);
        assert.ok(clock.waits.includes(40));
        assert.deepEqual(log.filter(line => line.startsWith("i-1")), ["i-1 begins", "i-1 enters"]);
    });

    it("takes away the newest first, after they have left the target group", async () => {
        group.resize({ desired: 2 });
        await group.idle();
        group.resize({ desired: 1 });
        assert.deepEqual(group.inService.map(({ id }) => id), ["i-1"]);
        assert.ok(!group.settled, "one that leaves is still there");
        await group.idle();
        assert.ok(group.settled);
        assert.deepEqual(log.slice(-2), ["i-2 leaves", "i-2 is removed"]);
    });

    it("never gives two instances one name, so that nothing of an earlier one is left on a later", async () => {
        for (const desired of [1, 0, 1]) {
            group.resize({ desired });
            await group.idle();
        }
        assert.deepEqual(group.inService.map(({ id }) => id), ["i-2"]);
    });

    it("grows with its minimum, and keeps its size when that falls", () => {
        group.resize({ min: 3 });
        assert.deepEqual(group.size, { min: 3, desired: 3 });
        group.resize({ min: 1 });
        assert.deepEqual(group.size, { min: 1, desired: 3 });
    });

    for (const [what, change] of [["more than its maximum", { desired: 5 }], ["fewer than its minimum", { min: 2, desired: 1 }], ["fewer than none", { min: -1, desired: 0 }]] as const) {
        it(`refuses ${what}`, () => {
            assert.throws(() => { group.resize(change); }, { name: "ScalingGroupError", message: /^the group i takes -?\d to 4 instances; received \d$/ });
        });
    }

    it("scales by itself within its bounds", () => {
        group.resize({ min: 2, desired: 3 });
        group.scaleBy(9);
        assert.equal(group.size.desired, 4);
        group.scaleBy(-9);
        assert.equal(group.size.desired, 2);
    });

    it("ends an instance that is still booting, which never enters the target group", async () => {
        group.resize({ desired: 1 });
        group.resize({ desired: 0 });
        await group.idle();
        assert.ok(group.settled);
        assert.ok(!log.includes("i-1 enters"), log.join("\n"));
        assert.ok(log.includes("i-1 is removed"));
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

    describe("a launch hook", () => {
        it("does its work when the instance has booted, and the group does not register it", async () => {
            group.onLaunch = ({ id }) => note(`${id} gets v1`);
            group.resize({ desired: 1 });
            await group.idle();
            assert.deepEqual([log, clock.waits], [["i-1 begins", "i-1 gets v1"], [40]]);
        });

        for (const failure of [new InstanceFailure("v1 does not start"), new ScalingGroupError("ALARM_ACTIVE")]) it(`that fails with ${failure.name} ends the instance, and the group launches others until one comes`, async () => {
            group.onLaunch = ({ id }) => (id === "i-3" ? note(`${id} gets v1`) : Promise.reject(failure));
            group.resize({ desired: 1 });
            await group.idle();
            assert.deepEqual(group.inService.map(({ id }) => id), ["i-3"]);
            assert.deepEqual(log.filter(line => line.startsWith("i-2")), ["i-2 begins", "i-2 leaves", "i-2 is removed"]);
            assert.deepEqual(group.troubles, []);
        });

        it("that this machine cannot carry out launches nothing: it is told once", async () => {
            group.onLaunch = () => Promise.reject(new BalancerError("there is no place for i-1"));
            group.resize({ desired: 1 });
            await group.idle();
            assert.deepEqual([group.troubles, group.members.map(({ host, state }) => `${host.id} ${state}`)], [["there is no place for i-1"], ["i-1 pending"]]);
        });

        it("is the one that was there at the launch", async () => {
            group.onLaunch = ({ id }) => note(`${id} gets v1`);
            group.resize({ desired: 1 });
            group.onLaunch = undefined;
            await group.idle();
            assert.ok(log.includes("i-1 gets v1"));
        });

        it("hears when its instance is taken away", async () => {
            group.onLaunch = (_, giveUp) => {
                group.resize({ desired: 0 });
                return giveUp.aborted ? Promise.reject(new Error("given up")) : assert.fail("it was not told");
            };
            group.resize({ desired: 1 });
            await group.idle();
            assert.deepEqual([group.members, log.at(-1), group.troubles], [[], "i-1 is removed", []]);
        });
    });

    describe("a termination hook", () => {
        beforeEach(() => {
            group.onTermination = ({ id }) => note(`${id} is stopped`);
            group.resize({ desired: 1 });
        });

        it("does its work when the instance has drained, before it is gone", async () => {
            await group.idle();
            group.resize({ desired: 0 });
            await group.idle();
            assert.deepEqual(log.slice(-3), ["i-1 leaves", "i-1 is stopped", "i-1 is removed"]);
        });

        it("has nothing to do with an instance that never was in service", async () => {
            group.resize({ desired: 0 });
            await group.idle();
            assert.ok(!log.includes("i-1 is stopped"), log.join());
        });
    });

    describe("an instance that is gone by itself", () => {
        it("is taken away, and another is launched instead", async () => {
            group.resize({ desired: 2 });
            await group.idle();
            group.replace("i-1");
            group.replace("i-1");
            await group.idle();
            assert.deepEqual(group.inService.map(({ id }) => id), ["i-2", "i-3"]);
        });

        it("is nobody's when it is not in the group", async () => {
            group.replace("i-9");
            await group.idle();
            assert.deepEqual(log, []);
        });
    });

    for (const what of ["i-1 begins", "i-1 enters"]) {
        it(`tells a trouble of this machine instead of launching for ever: ${what}`, async () => {
            trouble = what;
            group.resize({ desired: 1 });
            await group.idle();
            assert.deepEqual([group.troubles, group.inService, group.members.length], [[`disk full when ${what}`], [], 1]);
            group.resize({ desired: 0 });
            await group.idle();
            assert.equal(group.members.length, 0);
        });
    }

    for (const what of ["i-1 leaves", "i-1 is stopped", "i-1 is removed"]) {
        it(`has no member that this machine had trouble to take away: ${what}`, async () => {
            group.onTermination = ({ id }) => note(`${id} is stopped`);
            group.resize({ desired: 1 });
            await group.idle();
            trouble = what;
            group.resize({ desired: 0 });
            await group.idle();
            assert.deepEqual([group.troubles, group.members, log.at(-1)], [[`disk full when ${what}`], [], "i-1 is removed"]);
        });
    }

    it("lets what is leaving when its time is over stand", async () => {
        group.onTermination = () => {
            over.abort();
            return Promise.reject(new DOMException("over", "AbortError"));
        };
        group.resize({ desired: 1 });
        await group.idle();
        group.resize({ desired: 0 });
        await group.idle();
        assert.deepEqual([group.members.length, group.troubles, log.at(-1)], [1, [], "i-1 leaves"]);
    });

    it("begins nothing when its time is over", async () => {
        over.abort();
        group.resize({ desired: 2 });
        await group.idle();
        assert.deepEqual([group.members, group.troubles], [[], []]);
    });

    it("leaves an instance that boots then where it is, and calls that no trouble", async () => {
        group.resize({ desired: 1 });
        over.abort();
        await group.idle();
        assert.deepEqual([group.members.map(({ state }) => state), group.troubles], [["pending"], []]);
    });
});
