import assert from "node:assert/strict";
import { rm, writeFile } from "node:fs/promises";
import { colourHaproxyConfig, weightsMap } from "../../../rehearsal/balancer/haproxy-config";
import { TargetGroup } from "../../../rehearsal/balancer/target-group";
import { type Colour, colourHeader, colourHeaderValue, colours } from "../../../release/blue-green/colour";
import { BalancerClient } from "./balancer-client";
import { quick, RealHaproxy } from "./real-haproxy";
import { manners, SmallTarget } from "./small-target";

const { signal } = new AbortController();
const headerSecret = "0123456789abcdef";

describe("two colours behind HAProxy as behind an ALB", () => {
    let haproxy: RealHaproxy;
    let client: BalancerClient;
    let targets: Readonly<Record<Colour, SmallTarget>>;
    let groups: Readonly<Record<Colour, TargetGroup>>;
    beforeEach(async () => {
        await writeFile(weightsMap, "green 0\n");
        haproxy = await RealHaproxy.start(ports => colourHaproxyConfig(quick, { headerSecret, slots: { blue: ["s-1"], green: ["s-1"] } }, ports));
        client = new BalancerClient(haproxy.door);
        targets = { blue: await SmallTarget.open(), green: await SmallTarget.open() };
        const group = (backend: Colour) => new TargetGroup({ runtime: haproxy.runtime, backend, slots: ["s-1"], healthyWithinMs: 10_000 });
        groups = { blue: group("blue"), green: group("green") };
        for (const colour of colours) await groups[colour].register(`${colour}-1`, targets[colour].address, signal);
    });
    afterEach(async () => {
        client[Symbol.dispose]();
        await haproxy[Symbol.asyncDispose]();
        for (const colour of colours) await targets[colour][Symbol.asyncDispose]();
        await rm(weightsMap);
    });

    const askFor = (colour: Colour): Promise<string> => client.get("/", { [colourHeader]: colourHeaderValue(colour, headerSecret) });
    const asked = (): readonly number[] => [targets.blue.asked.length, targets.green.asked.length];

    it("get each request by its header or the weights, on one connection of a client", async () => {
        assert.deepEqual([await client.get(), await askFor("green"), await askFor("blue")], ["200 ok", "200 ok", "200 ok"]);
        assert.deepEqual(asked(), [2, 1]);
        await haproxy.runtime.tell(`set map ${weightsMap} green 100`);
        await client.get();
        assert.deepEqual([asked(), client.connections], [[2, 2], 1]);
    });

    it("fail open each by itself, and count what clients saw", async () => {
        targets.green.healthy = false;
        while ((await groups.green.health()).get("green-1") !== "unhealthy");
        assert.equal(await askFor("green"), "200 ok");
        targets.green.manner = manners.resets;
        assert.match(await askFor("green"), /^502 /);
        await groups.green.deregister("green-1", 0, signal);
        assert.match(await askFor("green"), /^503 /);
        assert.deepEqual([asked(), await groups.green.answered(), await groups.blue.answered()], [[0, 2], { requests: 3, errors: 2 }, { requests: 0, errors: 0 }]);
    });
});
