import assert from "node:assert/strict";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { probe } from "../../../../release/aws/blue-green/probe";
import { probeOnce } from "../../../../release/aws/blue-green/probe-request";
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

describe("answer to a probe", () => {
    async function asked(answer: (response: ServerResponse) => void, signal = new AbortController().signal) {
        const server = createServer((_, response) => { answer(response); });
        await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve));
        try {
            return await probeOnce({ url: `http://shop.example:${(server.address() as AddressInfo).port}`, dnsTarget: "127.0.0.1", path: "/", headers: {} }, signal);
        } finally {
            server.closeAllConnections();
            server.close();
        }
    }

    it("is read no further than a person is quoted, though it has no end", async () => {
        const { status, body } = await asked(response => { response.writeHead(200).write("x".repeat(100_000)); });
        assert.deepEqual([status, body.length], [200, 500]);
    });

    it("is judged by its status, though it breaks off", async () => {
        assert.deepEqual(await asked(response => {
            response.writeHead(200, { "content-length": 100 }).write("half", () => { response.destroy(); });
        }), { status: 200, body: "half" });
    });
});
