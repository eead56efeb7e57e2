import assert from "node:assert/strict";
import { RuntimeSocket } from "../../../rehearsal/balancer/runtime-socket";
import { TargetGroup } from "../../../rehearsal/balancer/target-group";
import { RuntimeDouble } from "./runtime-double";

const there = { host: "172.18.0.5", port: 3000 };
const { signal } = new AbortController();
const anHour = 3_600_000;

describe("target group of a colour", () => {
    let runtime: RuntimeDouble;
    let group: TargetGroup;
    beforeEach(async () => {
        runtime = await RuntimeDouble.open(["s-1", "s-2"], "green");
        const { host, port } = runtime.address;
        group = new TargetGroup({ runtime: new RuntimeSocket(host, port), backend: "green", slots: ["s-1", "s-2"], healthyWithinMs: 10_000 });
    });
    afterEach(() => runtime[Symbol.asyncDispose]());

    const healthOf = async (target: string): Promise<string | undefined> => (await group.health()).get(target);
    const shutDown = (): readonly string[] => runtime.commands.filter(command => command.startsWith("shutdown"));

    /** Has targets in service, in the places of their numbers. */
    async function inService(...targets: readonly string[]): Promise<void> {
        for (const [index, target] of targets.entries()) {
            await group.enter(target, there);
            runtime.check(`s-${index + 1}`, "passed");
            await runtime.heard(`set server green/s-${index + 1} state ready`);
            assert.equal(await healthOf(target), "healthy");
        }
        runtime.forget();
    }

    it("counts what clients were answered, what of it targets said themselves, and who is healthy", async () => {
        await inService("green-1", "green-2");
        runtime.check("s-2", "failed");
        assert.deepEqual(await group.counted(), { requests: 140, errors: 7, errorsOfTargets: 6, healthy: 1 });
    });

    it("takes in an instance on which nothing runs, and gives it no request beside a healthy one", async () => {
        await inService("green-1");
        await group.enter("green-2", undefined);
        assert.ok(runtime.commands.includes("set server green/s-2 addr 127.0.0.1 port 1"));
        assert.equal(await healthOf("green-2"), "initial");
        assert.deepEqual(runtime.takers, ["s-1"]);
    });

    it("gives an instance requests from its first check on when that passes", async () => {
        await group.enter("green-1", there);
        assert.equal(await healthOf("green-1"), "initial");
        runtime.check("s-1", "passed");
        await runtime.heard("set server green/s-1 state ready");
        assert.deepEqual([await healthOf("green-1"), runtime.takers], ["healthy", ["s-1"]]);
    });

    it("leaves it to the thresholds when the first check fails", async () => {
        await inService("green-1");
        await group.enter("green-2", there);
        runtime.check("s-2", "failed");
        await runtime.heard("set server green/s-2 state ready");
        assert.deepEqual([await healthOf("green-2"), runtime.takers], ["initial", ["s-1"]]);
        runtime.check("s-2", "passed");
        assert.deepEqual([await healthOf("green-2"), runtime.takers], ["healthy", ["s-1", "s-2"]]);
    });

    it("takes requests from who becomes unhealthy, and gives them to all again when nobody is healthy", async () => {
        await inService("green-1", "green-2");
        runtime.check("s-1", "failed");
        assert.deepEqual([await healthOf("green-1"), runtime.takers], ["unhealthy", ["s-2"]]);
        runtime.check("s-2", "failed");
        assert.deepEqual([...(await group.health()).values()], ["unhealthy", "unhealthy"]);
        assert.deepEqual(runtime.takers, ["s-1-unchecked", "s-2-unchecked"]);
    });

    it("gives who drains no requests, though nobody is healthy", async () => {
        await inService("green-1", "green-2");
        runtime.check("s-1", "failed");
        const draining = group.deregister("green-2", anHour, AbortSignal.timeout(60)).catch(() => undefined);
        await runtime.heard("set server green/s-2 state drain");
        assert.deepEqual(runtime.takers, ["s-1-unchecked"]);
        await draining;
    });

    it("follows an instance to the container that a release has brought", async () => {
        await group.enter("green-1", undefined);
        await group.readdress("green-1", there);
        for (const server of ["s-1", "s-1-unchecked"]) assert.ok(runtime.commands.includes(`set server green/${server} addr 172.18.0.5 port 3000`));
    });

    it("has no address for an instance that it was not given", async () => {
        await group.readdress("green-1", there);
        assert.deepEqual(runtime.commands, []);
    });

    it("leaves who is registered a second time as it is", async () => {
        await inService("green-1");
        await group.enter("green-1", undefined);
        assert.equal(runtime.commands.length, 0);
        await group.register("green-1", { host: "172.18.0.9", port: 3000 }, signal);
        assert.deepEqual(runtime.takers, ["s-1"]);
        assert.ok(runtime.commands.includes("set server green/s-1 addr 172.18.0.9 port 3000"));
    });

    it("gives each instance a place of its own, and that of one that has gone to a later one", async () => {
        await group.enter("green-1", there);
        await group.enter("green-2", there);
        await assert.rejects(group.enter("green-3", there), { name: "BalancerError", message: "there is no place for green-3 among the 2 of green" });
        await group.deregister("green-1", 0, signal);
        await group.enter("green-3", there);
        assert.deepEqual([...(await group.health()).keys()], ["green-2", "green-3"]);
    });

    it("gives who left before its first check nothing", async () => {
        await group.enter("green-1", there);
        const draining = group.deregister("green-1", anHour, AbortSignal.timeout(200)).catch(() => undefined);
        runtime.check("s-1", "passed");
        await draining;
        assert.ok(!runtime.commands.includes("set server green/s-1 state ready"));
        assert.equal(await healthOf("green-1"), "draining");
    });

    it("asks no more about who left before its first check", async () => {
        await inService("green-1");
        await group.enter("green-2", there);
        await group.deregister("green-2", 0, signal);
        runtime.forget();
        await group.deregister("green-1", 150, signal);
        // One question may have been on its way.
        assert.deepEqual(runtime.commands.filter(command => command.startsWith("show")).slice(1), []);
    });

    describe("that is to drain again", () => {
        it("waits for the rest of the delay only, and ends once", async () => {
            await inService("green-1");
            await Promise.all([group.deregister("green-1", 50, signal), group.deregister("green-1", anHour, signal)]);
            assert.deepEqual(shutDown(), ["shutdown sessions server green/s-1", "shutdown sessions server green/s-1-unchecked"]);
        });

        it("ends though who began has stopped waiting", async () => {
            await inService("green-1");
            await assert.rejects(group.deregister("green-1", 50, AbortSignal.abort()), { name: "AbortError" });
            assert.deepEqual([await healthOf("green-1"), shutDown()], ["draining", []]);
            await group.deregister("green-1", 50, signal);
            assert.equal(await healthOf("green-1"), undefined);
        });
    });

    it("begins anew with who is registered while it drains, in the same place, and cuts nothing of it", async () => {
        await inService("green-1");
        const draining = group.deregister("green-1", 150, signal);
        await runtime.heard("set server green/s-1 state drain");
        await group.enter("green-1", there);
        assert.equal(await healthOf("green-1"), "initial");
        await draining;
        assert.deepEqual(runtime.takers, ["s-1-unchecked"]);
        runtime.check("s-1", "passed");
        await runtime.heard("set server green/s-1 state ready");
        assert.deepEqual([await healthOf("green-1"), runtime.takers, shutDown()], ["healthy", ["s-1"], []]);
    });

    describe("of which not all nodes hear at once", () => {
        beforeEach(async () => {
            await inService("green-1", "green-2");
            group.strayMs = anHour;
        });

        it("gives who drains a few requests more, and tells that it drains", async () => {
            const draining = group.deregister("green-1", anHour, AbortSignal.timeout(60)).catch(() => undefined);
            await runtime.heard("set server green/s-1 weight 10%");
            assert.deepEqual(runtime.takers, ["s-1 10%", "s-2"]);
            assert.equal(await healthOf("green-1"), "draining");
            await draining;
        });

        it("gives it some after the delay, too, when that is shorter, and cuts what is open then", async () => {
            await group.deregister("green-1", 1, signal);
            await runtime.heard("shutdown sessions server green/s-1-unchecked");
            assert.deepEqual(runtime.takers, ["s-1 10%", "s-2"]);
            assert.equal(await healthOf("green-1"), "draining");
        });

        it("cuts nothing of it before the delay is over", async () => {
            const draining = group.deregister("green-1", anHour - 1, AbortSignal.timeout(60)).catch(() => undefined);
            await runtime.heard("set server green/s-1 weight 10%");
            await draining;
            assert.deepEqual(shutDown(), []);
        });

        it("gives it none when all nodes have heard, after a delay that is shorter, too", async () => {
            group.strayMs = 30;
            await group.deregister("green-1", 1, signal);
            await runtime.heard("set server green/s-1 state maint");
            assert.deepEqual([runtime.takers, runtime.commands.indexOf("set server green/s-1 state drain") > runtime.commands.indexOf(shutDown()[0] ?? "")], [["s-2"], true]);
        });

        it("gives it none when all nodes have heard, and cuts what is open after the delay", async () => {
            group.strayMs = 1;
            await group.deregister("green-1", 30, signal);
            assert.deepEqual(runtime.takers, ["s-2"]);
            assert.equal(shutDown().length, 2);
        });

        it("gives it its whole share when it is registered again", async () => {
            const draining = group.deregister("green-1", 200, signal);
            await runtime.heard("set server green/s-1 weight 10%");
            await group.enter("green-1", there);
            runtime.check("s-1", "passed");
            await draining;
            assert.deepEqual(runtime.takers, ["s-1", "s-2"]);
        });

        it("gives who was never healthy nothing", async () => {
            group.strayMs = 0;
            await group.deregister("green-1", 0, signal);
            group.strayMs = anHour;
            await group.enter("green-3", there);
            const draining = group.deregister("green-3", anHour, AbortSignal.timeout(60)).catch(() => undefined);
            await runtime.heard("set server green/s-1 weight 10%");
            assert.deepEqual(runtime.takers, ["s-2"]);
            await draining;
        });
    });
});
