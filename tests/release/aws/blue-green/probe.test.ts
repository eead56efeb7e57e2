import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { probe } from "../../../../release/aws/blue-green/probe";
import { colourHeader } from "../../../../release/blue-green/colour";
import { fakeWork, groupAnswer } from "./fake-work";

/** Paths that a probe asks for. */
async function probed(stage: { readonly distribution?: string }, probePath = "/orders", secondsLater = 0): Promise<readonly string[]> {
    const paths: string[] = [];
    const server = createServer(({ url = "" }, response) => { paths.push(url); response.end(); });
    await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve));
    const { work, clock } = fakeWork({
        stage: { ...stage, url: `http://shop.example:${(server.address() as AddressInfo).port}` }, blueGreen: { probePath },
        answers: {
            DescribeAutoScalingGroups: groupAnswer(2, "InService", "InService"),
            DescribeRules: { Rules: [{ Conditions: [{ HttpHeaderConfig: { HttpHeaderName: colourHeader, Values: ["green-secret"] } }] }] },
        },
    });
    clock.pass(secondsLater);
    await probe(work);
    server.closeAllConnections();
    server.close();
    return paths;
}

describe("path of a probe", () => {
    it("is the route itself before a load balancer", async () => {
        assert.deepEqual(await probed({}), ["/orders", "/orders", "/orders"]);
    });

    it("is never asked for twice through CloudFront, which would answer what it has kept, nor by a later driver", async () => {
        const [paths, later] = [await probed({ distribution: "E1" }), await probed({ distribution: "E1" }, "/orders", 1)];
        for (const path of [...paths, ...later]) assert.match(path, /^\/orders\?gapless-probe=bg-1-\d+$/);
        assert.equal(new Set([...paths, ...later]).size, 6);
    });

    it("keeps the query that a route has", async () => {
        const [path] = await probed({ distribution: "E1" }, "/orders?page=2");
        assert.match(path ?? "", /^\/orders\?page=2&gapless-probe=bg-1-\d+$/);
    });
});
