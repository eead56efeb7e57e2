import assert from "node:assert/strict";
import { RuntimeSocket } from "../../../rehearsal/balancer/runtime-socket";
import { TargetGroup } from "../../../rehearsal/balancer/target-group";
import { RuntimeDouble } from "./runtime-double";

const there = { host: "172.18.0.5", port: 3000 };
const { signal } = new AbortController();

describe("target group of a colour", () => {
    let runtime: RuntimeDouble;
    let group: TargetGroup;
    beforeEach(async () => {
        runtime = await RuntimeDouble.open(["s-1", "s-2"], "green");
        const { host, port } = runtime.address;
        group = new TargetGroup({ runtime: new RuntimeSocket(host, port), backend: "green", slots: ["s-1", "s-2"], healthyWithinMs: 1000 });
    });
    afterEach(() => runtime[Symbol.asyncDispose]());

    it("takes in an instance on which nothing runs, and gives it no request before its checks pass", async () => {
        await group.enter("green-1", undefined);
        assert.deepEqual(runtime.commands, [
            "set server green/s-1 addr 127.0.0.1 port 1",
            "set server green/s-1 state drain", "set server green/s-1 health down", "set server green/s-1 state ready",
        ]);
        assert.equal((await group.health()).get("green-1"), "initial");
        runtime.check("s-1", "passed");
        assert.equal((await group.health()).get("green-1"), "healthy");
        runtime.check("s-1", "failed");
        assert.equal((await group.health()).get("green-1"), "unhealthy");
    });

    it("follows an instance to the container that a release has brought", async () => {
        await group.enter("green-1", undefined);
        await group.readdress("green-1", there);
        assert.equal(runtime.commands.at(-1), "set server green/s-1 addr 172.18.0.5 port 3000");
    });

    it("has no address for an instance that it was not given", async () => {
        await group.readdress("green-1", there);
        assert.deepEqual(runtime.commands, []);
    });

    it("gives each instance a place of its own, and that of one that has gone to a later one", async () => {
        await group.enter("green-1", there);
        await group.enter("green-2", there);
        await assert.rejects(group.enter("green-3", there), { name: "BalancerError", message: "there is no place for green-3 among the 2 of green" });
        await group.deregister("green-1", 0, signal);
        await group.enter("green-3", there);
        assert.deepEqual([...(await group.health()).keys()], ["green-2", "green-3"]);
        assert.equal(runtime.commands.filter(command => command === "set server green/s-1 state ready").length, 2);
    });
});
