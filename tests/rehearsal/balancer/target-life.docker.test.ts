import assert from "node:assert/strict";
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { haproxyConfig } from "../../../rehearsal/balancer/haproxy-config";
import { TargetGroup, type TargetHealth } from "../../../rehearsal/balancer/target-group";
import { BalancerClient } from "./balancer-client";
import { quick, RealHaproxy } from "./real-haproxy";
import { manners, SmallTarget } from "./small-target";

const { signal } = new AbortController();
const onlyOnce = { ...quick, healthyThreshold: 1000 };

describe("life of a target behind HAProxy as behind an ALB", () => {
    let haproxy: RealHaproxy;
    let group: TargetGroup;
    let first: SmallTarget;
    let second: SmallTarget;
    let client: BalancerClient;
    async function start(numbers = quick): Promise<void> {
        haproxy = await RealHaproxy.start(ports => haproxyConfig(numbers, ["i-1", "i-2"], ports));
        group = new TargetGroup({ runtime: haproxy.runtime, backend: "targets", slots: ["i-1", "i-2"], healthyWithinMs: 10_000 });
        client = new BalancerClient(haproxy.door);
    }
    beforeEach(async () => {
        first = await SmallTarget.open();
        second = await SmallTarget.open();
    });
    afterEach(async () => {
        client[Symbol.dispose]();
        await haproxy[Symbol.asyncDispose]();
        await first[Symbol.asyncDispose]();
        await second[Symbol.asyncDispose]();
    });

    async function until(health: TargetHealth, ...targets: readonly string[]): Promise<void> {
        for (;;) {
            const now = await group.health();
            if (targets.every(target => now.get(target) === health)) return;
            await sleep(20);
        }
    }

    async function bothServe(): Promise<void> {
        await start();
        await group.register("i-1", first.address, signal);
        await group.register("i-2", second.address, signal);
    }

    /** Who takes so many requests, one after the other. */
    async function share(requests: number): Promise<readonly [first: number, second: number]> {
        const before = [first.asked.length, second.asked.length] as const;
        for (let asked = 0; asked < requests; asked++) await client.get();
        return [first.asked.length - before[0], second.asked.length - before[1]];
    }

    /** Asks the only target that serves, which holds its answer back until it is told to give it. */
    async function inFlight(target: SmallTarget): Promise<{ readonly seen: Promise<string>; readonly answer: () => void }> {
        let held: Socket | undefined;
        target.manner = socket => { held = socket; };
        const asked = target.asked.length;
        const seen = client.get("/held");
        await target.askedTimes(asked + 1);
        target.manner = manners.answers;
        return { seen, answer: () => { if (held) manners.answers(held); } };
    }

    it("begins with one passed check, whatever the threshold", async () => {
        await start(onlyOnce);
        await group.register("i-1", first.address, signal);
        assert.equal(await client.get(), "200 ok");
        await group.enter("i-2", second.address);
        await until("healthy", "i-2");
        assert.deepEqual(await share(4), [2, 2]);
    });

    it("needs as many passed checks as the threshold once the first has failed", async () => {
        await start();
        await group.register("i-1", first.address, signal);
        second.healthy = false;
        await group.enter("i-2", second.address);
        while (second.checks.failed === 0) await sleep(5);
        second.healthy = true;
        assert.deepEqual(await share(4), [4, 0]);
        await until("healthy", "i-2");
        assert.ok(second.checks.passed >= quick.healthyThreshold, String(second.checks.passed));
    });

    it("is unhealthy after as many failed checks as the threshold, keeps what is in flight, and comes back after as many passed ones", async () => {
        await start();
        await group.register("i-1", first.address, signal);
        const { seen, answer } = await inFlight(first);
        await group.register("i-2", second.address, signal);
        first.healthy = false;
        await until("unhealthy", "i-1");
        assert.ok(first.checks.failed >= quick.unhealthyThreshold, String(first.checks.failed));
        assert.deepEqual(await share(4), [0, 4]);
        answer();
        assert.equal(await seen, "200 ok");
        const passed = first.checks.passed;
        first.healthy = true;
        await until("healthy", "i-1");
        assert.ok(first.checks.passed - passed >= quick.healthyThreshold, String(first.checks.passed - passed));
    });

    it("takes requests though unhealthy when all others are too, and tells that it is unhealthy", async () => {
        await bothServe();
        first.healthy = second.healthy = false;
        await until("unhealthy", "i-1", "i-2");
        assert.deepEqual(await share(4), [2, 2]);
        second.healthy = true;
        await until("healthy", "i-2");
        assert.deepEqual(await share(4), [0, 4]);
        assert.deepEqual(await group.answered(), { requests: 8, errors: 0 });
    });

    it("drains for the whole delay though nothing is in flight", async () => {
        await bothServe();
        const begun = performance.now();
        await group.deregister("i-1", 300, signal);
        assert.ok(performance.now() - begun >= 299);
        assert.deepEqual(await share(4), [0, 4]);
    });

    it("finishes within the delay what is in flight, and answers no more", async () => {
        await start();
        await group.register("i-1", first.address, signal);
        const { seen, answer } = await inFlight(first);
        const draining = group.deregister("i-1", 500, signal);
        while ((await client.get()) !== "503 The load balancer says this, not a target.");
        answer();
        assert.equal(await seen, "200 ok");
        await draining;
    });

    // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html#http-502-issues
    it("ends for who still waits with 502, and in the middle of a body with a cut", async () => {
        await start();
        await group.register("i-1", first.address, signal);
        const { seen } = await inFlight(first);
        first.manner = manners.stopsInTheBody;
        const cut = client.get();
        await first.askedTimes(2);
        await group.deregister("i-1", 100, signal);
        assert.deepEqual([await seen, await cut], ["502 The load balancer says this, not a target.", "200 cut"]);
    });

    it("begins anew when it is registered while it drains, and keeps what is in flight", async () => {
        await start();
        await group.register("i-1", first.address, signal);
        const { seen, answer } = await inFlight(first);
        const draining = group.deregister("i-1", 300, signal);
        await until("draining", "i-1");
        await group.register("i-1", first.address, signal);
        await draining;
        assert.equal(await client.get(), "200 ok");
        answer();
        assert.equal(await seen, "200 ok");
    });

    it("gets a few requests more after it has begun to drain where not all nodes hear of it at once", async () => {
        await bothServe();
        group.strayMs = 60_000;
        const stop = new AbortController();
        const draining = group.deregister("i-1", 60_000, stop.signal).catch(() => undefined);
        while (!(await haproxy.runtime.ask("get weight targets/i-1")).startsWith("10 "));
        const [stray, rest] = await share(110);
        assert.ok(stray >= 5 && stray <= 15 && stray + rest === 110, `${stray} of ${stray + rest}`);
        stop.abort();
        await draining;
    });
});
