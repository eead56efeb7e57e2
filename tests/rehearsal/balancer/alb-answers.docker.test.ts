import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { haproxyConfig } from "../../../rehearsal/balancer/haproxy-config";
import { TargetGroup } from "../../../rehearsal/balancer/target-group";
import { BalancerClient } from "./balancer-client";
import { openOverfullTarget } from "./overfull-target";
import { quick, RealHaproxy } from "./real-haproxy";
import { type Manner, manners, SmallTarget } from "./small-target";

const { signal } = new AbortController();
const nobody = { host: "127.0.0.1", port: 1 };
const says = (status: number): string => `${status} The load balancer says this, not a target.`;

describe("what a client sees of HAProxy as of an ALB", function () {
    // One of them takes an ALB's whole connection time-out.
    this.timeout(30_000);
    let haproxy: RealHaproxy;
    let group: TargetGroup;
    let target: SmallTarget;
    let client: BalancerClient;
    beforeEach(async () => {
        haproxy = await RealHaproxy.start(ports => haproxyConfig(quick, ["i-1", "i-2"], ports));
        group = new TargetGroup({ runtime: haproxy.runtime, backend: "targets", slots: ["i-1", "i-2"], healthyWithinMs: 10_000 });
        target = await SmallTarget.open();
        client = new BalancerClient(haproxy.door);
    });
    afterEach(async () => {
        client[Symbol.dispose]();
        await target[Symbol.asyncDispose]();
        await haproxy[Symbol.asyncDispose]();
    });

    // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html
    for (const [what, manner, seen] of [
        ["answers", manners.answers, "200 ok"],
        ["answers and closes", manners.answersAndCloses, "200 ok"],
        ["says itself that it is unavailable", manners.saysUnavailable, "503 busy"],
        ["closes without an answer", manners.closes, says(502)],
        ["resets the connection", manners.resets, says(502)],
        ["closes in the middle of the header", manners.closesInTheHeader, says(502)],
        ["does not talk HTTP", manners.talksNonsense, says(502)],
        ["does not answer within the idle time-out", manners.staysSilent, says(504)],
        ["closes in the middle of the body", manners.closesInTheBody, "200 cut"],
        ["stops in the middle of the body for the idle time-out", manners.stopsInTheBody, "200 cut"],
    ] as const satisfies readonly (readonly [string, Manner, string])[]) {
        it(`is "${seen}" when the target ${what}: in one try, and on a connection that is not new`, async () => {
            await group.register("i-1", target.address, signal);
            assert.equal(await client.get("/before"), "200 ok");
            target.manner = manner;
            assert.equal(await client.get("/"), seen);
            assert.deepEqual([target.asked, client.connections], [["/before", "/"], 1]);
        });
    }

    it("comes to the target as from an ALB, and so do checks: by HTTP/1.1, with the target's address, and with how the client came", async () => {
        await group.register("i-1", target.address, signal);
        await client.get("/", { "x-forwarded-for": "203.0.113.9", "x-forwarded-proto": "https", "x-forwarded-port": "443" });
        const [first, ...headers] = target.heads.check.trim().split("\r\n");
        assert.deepEqual([first, headers.map(line => line.toLowerCase()).sort()], ["GET /up HTTP/1.1", [
            "connection: close", `host: ${target.address.host}:${target.address.port}`, "user-agent: elb-healthchecker/2.0",
        ]]);
        const forwarded = target.heads.request.toLowerCase().split("\r\n").filter(line => line.startsWith("x-forwarded-")).sort();
        assert.deepEqual(forwarded, ["x-forwarded-for: 127.0.0.1", "x-forwarded-for: 203.0.113.9", "x-forwarded-port: 80", "x-forwarded-proto: http"]);
    });

    it("counts apart what the target says and what is said in its place", async () => {
        await group.register("i-1", target.address, signal);
        for (const manner of [manners.saysUnavailable, manners.closes, manners.answers]) {
            target.manner = manner;
            await client.get();
        }
        assert.deepEqual(await group.counted(), { requests: 3, errors: 2, errorsOfTargets: 1, healthy: 1 });
    });

    it("is 502 when the target refuses the connection", async () => {
        await group.enter("i-1", nobody);
        assert.deepEqual([await client.get(), await client.get(), client.connections], [says(502), says(502), 1]);
    });

    it("is 504 when the target does not take the connection in ten seconds", async () => {
        await using overfull = await openOverfullTarget();
        await group.enter("i-1", overfull);
        assert.equal(await client.get(), says(504));
    });

    it("is 503 when no target is registered, and when the only one drains", async () => {
        assert.equal(await client.get(), says(503));
        await group.register("i-1", target.address, signal);
        const draining = group.deregister("i-1", 400, signal);
        while ((await haproxy.runtime.statuses("targets")).get("i-1") !== "DRAIN");
        assert.equal(await client.get("/draining"), says(503));
        await draining;
        assert.equal(await client.get(), says(503));
        assert.deepEqual([target.asked, await group.answered()], [[], { requests: 3, errors: 3 }]);
    });

    it("is its connection's end when it sends nothing for the idle time-out", async () => {
        await group.register("i-1", target.address, signal);
        const socket = connect(haproxy.door.port, haproxy.door.host);
        await once(socket, "connect");
        socket.write("GET / HTTP/1.1\r\nHost: any\r\n\r\n");
        assert.match(await text(socket), /^HTTP\/1\.1 200 OK\r\n.*ok$/s);
    });

    it("is served over connections to targets that are kept, whoever asks", async () => {
        await group.register("i-1", target.address, signal);
        using other = new BalancerClient(haproxy.door);
        for (const each of [client, other, client]) assert.equal(await each.get(), "200 ok");
        assert.equal(target.askedOn.size, 1);
    });
});
