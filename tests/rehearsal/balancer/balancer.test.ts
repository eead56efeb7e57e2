import assert from "node:assert/strict";
import { Balancer } from "../../../rehearsal/balancer/balancer";
import { FakeDocker } from "../../support/fake-docker";
import { RuntimeDouble } from "./runtime-double";

const anHour = 3_600_000;
const there = { host: "172.18.0.5", port: 3000 };
const numbers = {
    path: "/up", matcher: "200", healthIntervalMs: 500, healthTimeoutMs: 450, healthyThreshold: 2, unhealthyThreshold: 2, idleTimeoutMs: 60_000,
};

describe("balancer", () => {
    let runtime: RuntimeDouble;
    let docker: FakeDocker;
    beforeEach(async () => {
        runtime = await RuntimeDouble.open(["i-1", "i-2"]);
        docker = new FakeDocker((command, args) => {
            if (command !== "port b") return "";
            return args[2] === "8080/tcp" ? "0.0.0.0:32768" : `127.0.0.1:${runtime.address.port}`;
        });
    });
    afterEach(() => runtime[Symbol.asyncDispose]());

    const { signal } = new AbortController();
    const start = (healthyWithinMs = anHour, port = 0): Promise<Balancer> => Balancer.start({
        docker, image: "haproxy", name: "b", network: "net", targets: ["i-1", "i-2"], numbers, healthyWithinMs, port,
    }, signal);

    /** Passes the check of a target when HAProxy has been asked for its state that many times. */
    function passAfter(questions: number, id: string): void {
        let asked = 0;
        runtime.onCommand = command => {
            if (command.startsWith("show stat") && ++asked === questions) runtime.check(id, "passed");
        };
    }

    it("lets clients in at a free port of this machine only, or at the one that was asked for", async () => {
        assert.equal((await start()).url, "http://127.0.0.1:32768");
        assert.ok(docker.only("run").includes("127.0.0.1::8080"));
        await start(anHour, 8000);
        assert.ok(docker.all("run")[1]?.includes("127.0.0.1:8000:8080"));
    });

    it("takes a target into rotation only when its health check has passed", async () => {
        const balancer = await serving();
        let asked = 0;
        let before: readonly string[] = [];
        runtime.onCommand = command => {
            if (!command.startsWith("show stat") || ++asked !== 3) return;
            before = runtime.takers;
            runtime.check("i-2", "passed");
        };
        await balancer.register("i-2", there, signal);
        assert.equal(runtime.commands[0], "set server targets/i-2 addr 172.18.0.5 port 3000");
        assert.deepEqual([before, runtime.takers], [["i-1"], ["i-1", "i-2"]]);
    });

    it("gives up on a target that does not become healthy in time, and keeps it out of rotation", async () => {
        const balancer = await start(0);
        await assert.rejects(balancer.register("i-1", there, signal), {
            name: "BalancerError", message: "i-1 did not become healthy within 0 ms",
        });
        assert.ok(!runtime.commands.includes("set server targets/i-1 state ready"));
    });

    it("stops waiting for a healthy target when it is told to", async () => {
        const balancer = await start();
        const stop = new AbortController();
        runtime.onCommand = command => { if (command.startsWith("show stat")) stop.abort(); };
        await assert.rejects(balancer.register("i-1", there, stop.signal), { name: "AbortError" });
        assert.ok(!runtime.commands.includes("set server targets/i-1 state ready"));
    });

    async function serving(): Promise<Balancer> {
        const balancer = await start();
        passAfter(1, "i-1");
        await balancer.register("i-1", there, signal);
        runtime.onCommand = () => undefined;
        runtime.forget();
        return balancer;
    }

    it("sends no new request to a leaving target, then ends it, then cuts what is still open", async () => {
        const balancer = await serving();
        await balancer.deregister("i-1", 1, signal);
        assert.deepEqual(runtime.commands, [
            "set server targets/i-1-unchecked state maint", "set server targets/i-1 state drain", "set server targets/i-1 state maint",
            "shutdown sessions server targets/i-1", "shutdown sessions server targets/i-1-unchecked",
        ]);
    });

    it("lets a leaving target drain for the whole delay", async () => {
        const balancer = await serving();
        const stop = new AbortController();
        // Without the wait nothing would be left to stop.
        runtime.onCommand = command => { if (command.endsWith("state drain")) stop.abort(); };
        await assert.rejects(balancer.deregister("i-1", anHour, stop.signal), { name: "AbortError" });
        assert.deepEqual([runtime.takers, runtime.commands.filter(command => command.includes("shutdown"))], [[], []]);
    });

    it("has nothing to wait for when a target was never registered, or has left", async () => {
        const balancer = await serving();
        await balancer.deregister("i-2", anHour, signal);
        assert.deepEqual(runtime.commands, []);
        await balancer.deregister("i-1", 0, signal);
        runtime.forget();
        await balancer.deregister("i-1", anHour, signal);
        assert.deepEqual(runtime.commands, []);
    });

    it("follows a target to another address and leaves it in rotation", async () => {
        const balancer = await serving();
        await balancer.readdress("i-1", { host: "172.18.0.9", port: 3000 });
        assert.deepEqual(runtime.commands, ["i-1", "i-1-unchecked"].map(server => `set server targets/${server} addr 172.18.0.9 port 3000`));
        assert.deepEqual(runtime.takers, ["i-1"]);
    });

    it("fails with HAProxy's words when it refuses a command", async () => {
        const balancer = await Balancer.start({
            docker, image: "haproxy", name: "b", network: "net", targets: ["i-9"], numbers, healthyWithinMs: anHour, port: 0,
        }, signal);
        await assert.rejects(balancer.register("i-9", there, signal), {
            name: "BalancerError", message: /refused 'set server targets\/i-9 addr 172\.18\.0\.5 port 3000': No such server\./,
        });
    });

    describe("health of a target", () => {
        const healthOf = async (balancer: Balancer, id: string): Promise<string | undefined> => (await balancer.health()).get(id);

        it("is unused before it is registered", async () => {
            const balancer = await start();
            assert.deepEqual([...(await balancer.health())], [["i-1", "unused"], ["i-2", "unused"]]);
        });

        it("is initial until it has passed a check, then healthy", async () => {
            const balancer = await start();
            let during: string | undefined;
            runtime.onCommand = async command => {
                if (!command.startsWith("show stat") || during !== undefined) return;
                during = "asked";
                during = await healthOf(balancer, "i-1");
                runtime.check("i-1", "passed");
            };
            await balancer.register("i-1", there, signal);
            assert.equal(during, "initial");
            assert.equal(await healthOf(balancer, "i-1"), "healthy");
            assert.equal(await healthOf(balancer, "i-2"), "unused");
        });

        it("stays healthy after one failed check and is unhealthy after as many as the threshold", async () => {
            const balancer = await serving();
            runtime.check("i-1", "wavering");
            assert.equal(await healthOf(balancer, "i-1"), "healthy");
            runtime.check("i-1", "failed");
            assert.equal(await healthOf(balancer, "i-1"), "unhealthy");
        });

        it("is draining for the whole delay and unused after it", async () => {
            const balancer = await serving();
            let during: string | undefined;
            runtime.onCommand = async command => {
                if (command.endsWith("state maint")) during = await healthOf(balancer, "i-1");
            };
            await balancer.deregister("i-1", 0, signal);
            assert.equal(during, "draining");
            assert.equal(await healthOf(balancer, "i-1"), "unused");
        });
    });
});
