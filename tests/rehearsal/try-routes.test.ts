import assert from "node:assert/strict";
import type { RequestListener } from "node:http";
import { RouteError, tryRoutes } from "../../rehearsal/try-routes";
import { Service } from "./load/service";
import { sampleFacts } from "./sample-facts";

const { signal } = new AbortController();
const facts = sampleFacts({ release: { ...sampleFacts().release, probePath: "/shop" } });

describe("trying the routes of the load on version 1", () => {
    const { performance: clock } = globalThis;
    const timeout = AbortSignal.timeout.bind(AbortSignal);
    let nowMs = 0;
    beforeEach(() => {
        nowMs = 0;
        clock.now = () => nowMs;
    });
    afterEach(() => {
        Reflect.deleteProperty(clock, "now");
        AbortSignal.timeout = timeout;
    });

    /** A service whose routes take as long, in milliseconds, as the table says. */
    const taking = (times: Readonly<Record<string, number>>): RequestListener => ({ url = "" }, response) => {
        nowMs += times[url] ?? assert.fail(`nobody should ask for ${url}`);
        response.end("done");
    };

    for (const [slowest, times, expected] of [
        ["the slow path", { "/shop": 40, "/slow": 1200.2 }, 1201],
        ["the probe path", { "/shop": 300, "/slow": 20 }, 300],
    ] as const) {
        it(`returns how long the slowest took when that is ${slowest}`, async () => {
            await using service = await Service.serve(taking(times));
            assert.equal(await tryRoutes(service.url, facts, signal), expected);
        });
    }

    it("asks only for the probe path when the stage has no slow one", async () => {
        await using service = await Service.serve(taking({ "/shop": 40 }));
        assert.equal(await tryRoutes(service.url, { ...facts, slowPath: undefined }, signal), 40);
        assert.deepEqual(service.requests.map(({ url }) => url), ["/shop"]);
    });

    for (const [path, key, headers, to] of [["/shop", "probePath", { location: "/login" }, " to /login"], ["/slow", "slowPath", {}, ""]] as const) {
        it(`refuses a redirect${to} on ${path}, and does not follow it`, async () => {
            await using service = await Service.serve(({ url }, response) => response.writeHead(url === path ? 302 : 200, headers).end());
            await assert.rejects(tryRoutes(service.url, facts, signal), {
                name: "RouteError", message: `Version 1 answers GET ${path} with 302, a redirect${to}. Set gapless:${key} to a route that answers itself.`,
            });
            assert.ok(!service.requests.some(({ url }) => url === "/login"));
        });
    }

    for (const [key, path, status] of [["probePath", "/shop", 404], ["slowPath", "/slow", 500], ["probePath", "/shop", 400]] as const) {
        it(`refuses ${status} on ${path}, naming the setting`, async () => {
            await using service = await Service.serve((request, response) => {
                response.statusCode = request.url === path ? status : 200;
                response.end();
            });
            await assert.rejects(tryRoutes(service.url, facts, signal), (error: unknown) => {
                assert.ok(error instanceof RouteError);
                assert.equal(error.message, `Version 1 answers GET ${path} with ${status}. Set gapless:${key} to a route that works${key === "slowPath" ? ", or to nothing where none is slow (--set slowPath=)" : ""}.`);
                return true;
            });
        });
    }

    describe("when one takes too long", () => {
        const late = (): AbortController => {
            const controller = new AbortController();
            AbortSignal.timeout = () => controller.signal;
            return controller;
        };
        const refusal = { name: "RouteError", message: /^Version 1 does not answer GET \/slow within 30 s \(Th(e|is) operation was aborted\.?\)\. Set gapless:slowPath\.$/ };

        it("refuses it, naming the setting", async () => {
            const limit = late();
            await using service = await Service.serve((request, response) => {
                if (request.url === "/slow") limit.abort();
                else response.end();
            });
            await assert.rejects(tryRoutes(service.url, facts, signal), refusal);
        });

        it("refuses it the same when its answer has begun", async () => {
            const limit = late();
            await using service = await Service.serve((request, response) => {
                if (request.url === "/slow") response.writeHead(200).write("a part");
                else response.end();
            });
            const { fetch } = globalThis;
            globalThis.fetch = async (...request) => {
                const response = await fetch(...request);
                if (response.url.endsWith("/slow")) limit.abort();
                return response;
            };
            try {
                await assert.rejects(tryRoutes(service.url, facts, signal), refusal);
            } finally {
                globalThis.fetch = fetch;
            }
        });
    });

    it("stops when it is told to, and does not blame the route", async () => {
        const stop = new AbortController();
        await using service = await Service.serve(() => { stop.abort(); });
        await assert.rejects(tryRoutes(service.url, facts, stop.signal), { name: "AbortError" });
    });
});
