import assert from "node:assert/strict";
import { ColourBalancer } from "../../../rehearsal/balancer/colour-balancer";
import { FakeDocker, valuesOf } from "../../support/fake-docker";
import { RuntimeDouble } from "./runtime-double";

const numbers = {
    path: "/up", matcher: "200", healthIntervalMs: 500, healthTimeoutMs: 450, healthyThreshold: 2, unhealthyThreshold: 2, idleTimeoutMs: 60_000,
};

describe("balancer of two colours", () => {
    let runtime: RuntimeDouble;
    let docker: FakeDocker;
    let balancer: ColourBalancer;
    beforeEach(async () => {
        runtime = await RuntimeDouble.open(["s-1"], "green");
        docker = new FakeDocker((command, args) => {
            if (command !== "port b") return "";
            return args[2] === "8080/tcp" ? "0.0.0.0:32768" : `127.0.0.1:${runtime.address.port}`;
        });
        balancer = await ColourBalancer.start({
            docker, image: "haproxy", name: "b", network: "net", numbers, healthyWithinMs: 1000, port: 0,
            routing: { headerSecret: "0123456789abcdef", slots: { blue: ["s-1"], green: ["s-1"] } },
        }, new AbortController().signal);
        runtime.forget();
    });
    afterEach(() => runtime[Symbol.asyncDispose]());

    it("gives all requests to blue in the beginning", async () => {
        const files = valuesOf("--env", docker.only("run")).join("\n");
        assert.match(files, /=green 0\n/);
        assert.deepEqual(await balancer.weights(), { blue: 100, green: 0 });
    });

    it("moves requests by one command, of which it tells when and how long", async () => {
        await balancer.shift("green", 10);
        assert.deepEqual(runtime.commands, ["set map /tmp/weights.map green 10"]);
        assert.deepEqual(await balancer.weights(), { blue: 90, green: 10 });
        const [shift, ...more] = balancer.shifts;
        assert.deepEqual([shift?.weights, more], [{ blue: 90, green: 10 }, []]);
        assert.ok((shift?.tookMs ?? -1) >= 0);
    });

    it("gives green what a share of blue leaves", async () => {
        await balancer.shift("blue", 100);
        assert.deepEqual(runtime.commands, ["set map /tmp/weights.map green 0"]);
    });

    it("counts the targets of each colour that take requests", async () => {
        await balancer.targets.green.enter("green-1", undefined);
        assert.deepEqual(await balancer.healthy(), { blue: 0, green: 0 });
        runtime.check("s-1", "passed");
        await runtime.heard("set server green/s-1 state ready");
        assert.deepEqual(await balancer.healthy(), { blue: 0, green: 1 });
    });

    it("tells what a colour has answered", async () => {
        assert.deepEqual(await balancer.answered("green"), { requests: 140, errors: 7 });
    });
});
