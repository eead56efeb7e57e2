import assert from "node:assert/strict";
import { checkLoadPlan, lastRequest, type LoadPlan } from "../../../rehearsal/load/load-plan";
import { planFor } from "./service";

const here = { url: "http://127.0.0.1:8080" };

describe("The plan of a load", () => {
    for (const url of ["http://127.0.0.1:1", "http://localhost:8080", "http://[::1]:8080", "http://127.9.9.9", "http://127.1:80"]) {
        it(`may go to ${url}`, () => {
            checkLoadPlan(planFor({ url }));
        });
    }

    const elsewhere = "url must be on this machine (127.0.0.1, [::1] or localhost), so that nobody else gets the load; got";
    const refused: readonly (readonly [Partial<LoadPlan>, string])[] = [
        [{ url: "http://example.com" }, `${elsewhere} 'http://example.com'`],
        [{ url: "http://127.0.0.1.example.com" }, `${elsewhere} 'http://127.0.0.1.example.com'`],
        [{ url: "http://127.0.0.1@example.com" }, `${elsewhere} 'http://127.0.0.1@example.com'`],
        [{ url: "http://10.0.0.1" }, `${elsewhere} 'http://10.0.0.1'`],
        [{ url: "http://[::2]" }, `${elsewhere} 'http://[::2]'`],
        [{ url: "https://127.0.0.1" }, "url must start with http://, got 'https://127.0.0.1'"],
        [{ url: "8080" }, "url must be like http://127.0.0.1:8080, got '8080'"],
        [{ paths: { fast: "//example.com/" } }, "paths.fast must be a path of that service, like /health, got '//example.com/'"],
        [{ paths: { fast: "health" } }, "paths.fast must be a path of that service, like /health, got 'health'"],
        [{ paths: { fast: "/", slow: "" } }, "paths.slow must be a path of that service, like /health, got ''"],
        [{ ratePerSecond: 0 }, "ratePerSecond must be above 0, got 0"],
        [{ ratePerSecond: NaN, maxRequests: 1 }, "ratePerSecond must be above 0, got NaN"],
        [{ timeoutMs: 0 }, "timeoutMs must be above 0, got 0"],
        [{ slowShare: 10 }, "slowShare must be 0 to 1, got 10"],
        [{ newConnectionShare: -1 }, "newConnectionShare must be 0 to 1, got -1"],
        [{ seed: 0.5 }, "seed must be an integer, got 0.5"],
        [{ maxRequests: 0 }, "maxRequests must be at least 1, got 0"],
        [
            { ratePerSecond: 1000, timeoutMs: 60_000 },
            "ratePerSecond × timeoutMs lets 60000 requests be open at once, more than 20000: lower one of them",
        ],
    ];
    for (const [wrong, problem] of refused) {
        it(`is refused with ${JSON.stringify(wrong)}`, () => {
            assert.throws(() => {
                checkLoadPlan(planFor(here, wrong));
            }, new RegExp(`^LoadError: ${escaped(`The load cannot be sent: ${problem}.`)}$`));
        });
    }

    it("is refused with all that is wrong in one error", () => {
        assert.throws(() => {
            checkLoadPlan(planFor(here, { seed: 0.5, slowShare: 2 }));
        }, /slowShare must be 0 to 1, got 2; seed must be an integer, got 0.5\.$/);
    });

    it("ends after an hour unless it says when", () => {
        const plan = planFor(here, { ratePerSecond: 200 });
        assert.deepEqual([lastRequest(plan), lastRequest({ ...plan, maxRequests: 7 })], [720_000, 7]);
    });
});

function escaped(text: string): string {
    return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
