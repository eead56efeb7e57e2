import assert from "node:assert/strict";
import type { LoadPlan } from "../../../rehearsal/load/load-plan";
import { traffic, type Turn } from "../../../rehearsal/load/traffic";
import { planFor } from "./service";

describe("The traffic of a load", () => {
    it("is the same for the same seed, and another for another", () => {
        assert.deepEqual(first(500), first(500));
        assert.notDeepEqual(first(500, { seed: 2 }), first(500));
    });

    it("has about the slow requests and new connections that were asked for, not always together", () => {
        const turns = first(10_000, { slowShare: 0.1, newConnectionShare: 0.05 });
        const share = (of: (turn: Turn) => boolean): number => turns.filter(of).length / turns.length;

        assertNear(share(turn => turn.slow), 0.1);
        assertNear(share(turn => turn.newConnection), 0.05);
        assertNear(share(turn => turn.slow && turn.newConnection), 0.005);
    });

    it("keeps its slow requests when the share of new connections changes", () => {
        const slow = (newConnectionShare: number): readonly boolean[] => first(500, { newConnectionShare }).map(turn => turn.slow);
        assert.deepEqual(slow(0.5), slow(0));
    });

    it("asks for the slow path when slow and for the fast one else", () => {
        for (const { slow, url } of first(500)) {
            assert.equal(url.href, slow ? "http://127.0.0.1/slow?ms=1200" : "http://127.0.0.1/");
        }
    });

    it("has no slow requests without a slow path", () => {
        assert.ok(first(500, { paths: { fast: "/" } }).every(turn => !turn.slow));
    });
});

function first(count: number, about: Partial<LoadPlan> = {}): readonly Turn[] {
    const turns = traffic(planFor({ url: "http://127.0.0.1" }, about));
    return Array.from({ length: count }, () => turns.next().value);
}

function assertNear(measured: number, wanted: number): void {
    assert.ok(Math.abs(measured - wanted) < wanted / 5, `${measured} is not near ${wanted}`);
}
