import assert from "node:assert/strict";
import * as http from "node:http";
import { now } from "../../../rehearsal/load/clock";
import { failed, type RequestRecord } from "../../../rehearsal/load/request-record";
import { send } from "../../../rehearsal/load/send";
import { Service } from "./service";

describe("One request of a load", () => {
    it("tells status, version, instance and connection of a good answer", async () => {
        await using service = await Service.serve((_, response) => {
            response.writeHead(200, { "X-Release": "v1", "X-Instance": "i-1" }).end("hello");
        });

        const { dueMs, lagMs, latencyMs, ...rest } = await sendTo(service.url);

        assert.deepEqual(rest, { status: 200, version: "v1", instance: "i-1", slow: false, reusedConnection: false });
        assert.ok(dueMs > 0 && lagMs >= 0 && latencyMs >= lagMs);
    });

    it("leaves version and instance out for an app that does not say them", async () => {
        await using service = await Service.serve((_, response) => response.end());

        const { dueMs, lagMs, latencyMs, ...rest } = await sendTo(service.url);

        assert.deepEqual(rest, { status: 200, slow: false, reusedConnection: false });
        assert.ok(dueMs > 0 && lagMs >= 0 && latencyMs >= lagMs);
    });

    it("counts its latency from when it was due, not from when it was sent", async () => {
        await using service = await Service.serve((_, response) => response.end());

        const { lagMs, latencyMs } = await sendTo(service.url, { dueMs: now() - 5000 });

        assert.ok(lagMs >= 5000 && latencyMs > lagMs, `lag ${lagMs} ms, latency ${latencyMs} ms`);
    });

    const statuses: readonly (readonly [number, boolean])[] = [[200, false], [302, false], [404, true], [500, true], [503, true]];
    for (const [status, lost] of statuses) {
        it(`is ${lost ? "lost" : "not lost"} when answered with ${status}`, async () => {
            await using service = await Service.serve((_, response) => response.writeHead(status).end());

            const record = await sendTo(service.url);

            assert.deepEqual([record.status, record.error, failed(record)], [status, undefined, lost]);
        });
    }

    const broken: readonly (readonly [string, http.RequestListener, Partial<RequestRecord>])[] = [
        ["the connection is dropped", request => request.socket.destroy(), { error: "ECONNRESET" }],
        ["the connection is reset", request => request.socket.resetAndDestroy(), { error: "ECONNRESET" }],
        [
            "the body is cut short",
            (request, response) => {
                response.writeHead(200, { "Content-Length": 100 }).write("ten bytes!", () => request.socket.destroy());
            },
            { status: 200, error: "ECONNRESET" },
        ],
        ["the answer never comes", () => undefined, { error: "ETIMEDOUT" }],
        [
            "the body never ends",
            (_, response) => response.writeHead(200, { "Content-Length": 100 }).write("ten bytes!"),
            { status: 200, error: "ETIMEDOUT" },
        ],
        ["the answer is not HTTP", request => request.socket.end("220 mail ready\r\n\r\n"), { error: "HPE_INVALID_CONSTANT" }],
    ];
    for (const [what, answer, seen] of broken) {
        it(`is lost when ${what}`, async () => {
            await using service = await Service.serve(answer);

            const record = await sendTo(service.url, { timeoutMs: 200 });

            assert.deepEqual({ status: record.status, error: record.error }, { status: undefined, ...seen });
            assert.ok(failed(record));
        });
    }

    it("is lost when nobody listens", async () => {
        const service = await Service.serve(() => undefined);
        const { url } = service;
        await service[Symbol.asyncDispose]();

        assert.equal((await sendTo(url)).error, "ECONNREFUSED");
    });

    it("is not sent again when a kept connection breaks under it", async () => {
        await using service = await Service.serve((request, response) => {
            if (service.requests.length === 1) {
                response.end();
            } else {
                request.socket.destroy();
            }
        });
        const agent = new http.Agent({ keepAlive: true });

        const [before, broke] = [await sendTo(service.url, { agent }), await sendTo(service.url, { agent })];
        agent.destroy();

        assert.deepEqual([before.error, before.reusedConnection], [undefined, false]);
        assert.deepEqual([broke.error, broke.reusedConnection], ["ECONNRESET", true]);
        assert.equal(service.requests.length, 2);
    });
});

interface About {
    readonly dueMs?: number;
    readonly timeoutMs?: number;
    readonly agent?: http.Agent;
}

async function sendTo(url: string, { dueMs = now(), timeoutMs = 10_000, agent = new http.Agent() }: About = {}): Promise<RequestRecord> {
    return send({ url: new URL(url), slow: false, newConnection: false }, dueMs, timeoutMs, agent);
}
