import assert from "node:assert/strict";
import fc from "fast-check";
import { failed } from "../../../rehearsal/load/request-record";
import { type Advice, type Losses } from "../../../rehearsal/report/cause";
import { adviceOn } from "../../../rehearsal/report/advice";
import type { Stop } from "../../../rehearsal/stops/describe-stops";
import { anyRequest, at, lostRequest, request, sampleSettings, unsignedRequest } from "./material";

/** Half of a second in 10 s to 12 s: a drain, then the start of the new release. */
const events = [
    at(10, "RolloutStarted"),
    at(10, "BlockTraffic", { instance: "i-1", status: "started" }),
    at(11, "BlockTraffic", { instance: "i-1", status: "succeeded" }),
    at(11.5, "ApplicationStart", { instance: "i-1", status: "started" }),
    at(12, "ApplicationStart", { instance: "i-1", status: "succeeded" }),
    at(20, "RolloutEnded"),
];
const blind = { ...sampleSettings, trafficControl: false };

function stop(about: Partial<Stop> = {}): Stop {
    return { instance: "i-1", version: "v1", atMs: 11_600, seconds: 0.02, exitCode: 143, manner: "atOnce", ...about };
}

/** Requests that were cut, each from a time to a time in milliseconds. */
function cut(...times: readonly (readonly [sentMs: number, failedMs: number])[]) {
    return times.map(([sentMs, failedMs]) => lostRequest({ dueMs: sentMs - 1, lagMs: 1, latencyMs: failedMs - sentMs + 1 }));
}

function adviceFor(about: Partial<Losses>): readonly Advice[] {
    return adviceOn({ lost: [], stops: [], events, settings: sampleSettings, ...about });
}

function only(about: Partial<Losses>): Advice {
    const [advice, ...more] = adviceFor(about);
    assert.deepEqual(more, []);
    return advice ?? assert.fail("nobody advises");
}

describe("The advice of a rehearsal", () => {
    it("is none when nothing was lost and every stop was graceful", () => {
        assert.deepEqual(adviceFor({ stops: [stop({ exitCode: 0, manner: "graceful" })] }), []);
    });

    it("tells of a process that exits at once how many requests that cut", () => {
        const lost = cut([11_000, 11_610], [11_500, 11_615]);
        assert.deepEqual(only({ lost, stops: [stop(), stop({ instance: "i-2", seconds: 0.24 })] }), {
            requests: 2,
            what: "Your process exits at once on SIGTERM (2 stops, within 240 ms, exit code 143): 2 requests were cut.",
            fix: "Handle SIGTERM: stop accepting, finish the open requests, then exit. Write CMD as a list, [\"program\", \"argument\"]: as a line it starts a shell, which gets the signal in your process's place.",
        });
    });

    it("parts what such a process cut from what came to it afterwards, where it was still in rotation", () => {
        const lost = [...cut([11_000, 11_610], [11_700, 11_701]), unsignedRequest({ dueMs: 11_800, status: 503 }), unsignedRequest({ dueMs: 11_900, status: 502 })];
        const advice = adviceFor({ lost, stops: [stop()], settings: blind });
        assert.deepEqual(advice.map(({ requests }) => requests), [3, 1]);
        assert.equal(advice[0]?.what, "3 requests were refused or cut by instances that were replaced while the load balancer still sent them requests.");
        assert.match(advice[0].fix, /WITH_TRAFFIC_CONTROL.*leave out --without-draining/);
        assert.match(advice[1]?.what ?? "", /exits at once on SIGTERM .*: 1 request was cut\.$/);
    });

    it("warns of an end by the signal that cost nothing, and says how to see what it may cost", () => {
        const { requests, what, fix } = only({ stops: [stop()] });
        assert.equal(requests, 0);
        assert.equal(what, "Your process ended by SIGTERM itself (1 stop, within 20 ms, exit code 143); no request was cut, since none was open.");
        assert.match(fix, /--without-draining/);
    });

    it("tells of a process that ignores SIGTERM, though it costs time alone", () => {
        const killed = stop({ seconds: 30.04, exitCode: 137, manner: "killed" });
        assert.deepEqual(only({ stops: [stop({ exitCode: 0, manner: "graceful" }), killed] }), {
            requests: 0,
            what: "Your process did not end on SIGTERM: 1 of 2 stops took 30.0 s and ended with SIGKILL; no request was cut, but each such stop holds up the rollout.",
            fix: "Handle SIGTERM: stop accepting, finish the open requests, then exit. Write CMD as a list, [\"program\", \"argument\"]: as a line it starts a shell, which gets the signal in your process's place."
                + " If it does, a request takes longer than stopGraceSeconds (30 s): make that larger.",
        });
        // It served on until it was killed, so what it cut had come at any time before.
        const lost = cut([40_000, 41_630], [41_500, 41_640], [20_000, 20_100]);
        assert.deepEqual(adviceFor({ lost, stops: [killed], settings: blind }).map(({ requests }) => requests), [2, 1]);
        assert.match(adviceFor({ lost, stops: [killed] })[0]?.what ?? "", /SIGKILL; 2 requests were cut\.$/);
    });

    it("tells of a drain that is shorter than a request", () => {
        const advice = only({ lost: cut([9_900, 11_050]) });
        assert.deepEqual([advice.requests, advice.what], [1, "1 request was still open when a drain was over, and cut."]);
        assert.match(advice.fix, /^Set drainSeconds \(20 s\) above the slowest request/);
        // Sent after the drain had begun, it was another instance's.
        assert.match(only({ lost: cut([10_100, 11_050]) }).what, /does not know/);
        assert.match(only({ lost: cut([9_900, 10_050]) }).what, /does not know/);
    });

    it("does not take requests for the rollout's that failed before or after it", () => {
        for (const times of [[5_000, 5_010], [25_000, 25_010]] as const) {
            assert.match(only({ lost: cut(times), settings: blind }).what, /^1 request was cut while nothing was done to any instance\./);
        }
        assert.match(only({ lost: cut([20_500, 20_510]), settings: blind }).what, /still sent them requests/);
        assert.match(only({ lost: cut([12_500, 12_510]), settings: { ...sampleSettings, here: { ...sampleSettings.here, drainMs: 0 } } }).what, /still sent them requests/);
    });

    it("tells of idle connections that the service closes too soon", () => {
        const { what, fix } = only({ lost: [unsignedRequest({ dueMs: 15_000, status: 502 }), ...cut([16_000, 16_002])] });
        assert.match(what, /^2 requests were cut while nothing was done to any instance\. .*sooner than the load balancer does \(60 s\)/);
        assert.match(fix, /above idleTimeoutSeconds \(60 s\), such as 75 s/);
        // While an event runs, or just has, it may be that.
        assert.match(only({ lost: cut([11_700, 11_710]) }).what, /does not know/);
        assert.match(only({ lost: cut([12_900, 12_910]) }).what, /does not know/);
    });

    it("tells of a release whose health check passes and whose routes fail", () => {
        const lost = [
            request({ version: "v2", status: 500 }), request({ version: "v2", status: 500 }), request({ version: "v2", status: 503 }), unsignedRequest({ status: 404 }),
        ];
        const { requests, what, fix } = only({ lost });
        assert.equal(requests, 4);
        assert.equal(what, "The service (version v2) answered 4 requests with 500, 503, 404, although its health check passes.");
        assert.match(fix, /^Let \/health answer 200 only when/);
        assert.equal(only({ lost: [unsignedRequest({ status: 500 })] }).what, "The service itself answered 1 request with 500, although its health check passes.");
    });

    it("tells of answers that did not come in time, and whether fewer instances had to give them", () => {
        const late = lostRequest({ dueMs: 10_500, latencyMs: 10_000, error: "ETIMEDOUT" });
        assert.match(only({ lost: [late] }).what, /^1 request got no answer in time, all while instances were being replaced/);
        assert.match(only({ lost: [late] }).fix, /--rate.*deploymentConfig, now HalfAtATime/);
        const { what, fix } = only({ lost: [late, unsignedRequest({ dueMs: 1_000, status: 504 })] });
        assert.equal(what, "2 requests got no answer in time.");
        assert.match(fix, /within idleTimeoutSeconds \(60 s\)/);
    });

    it("tells of requests that no instance took", () => {
        const { what, fix } = only({ lost: [unsignedRequest({ dueMs: 11_700, status: 503 })] });
        assert.equal(what, "1 request found no instance that took it (503).");
        assert.match(fix, /minSize/);
    });

    it("takes for cut only what nobody answered", () => {
        const answered = request({ dueMs: 11_000, latencyMs: 612, status: 500 });
        const late = unsignedRequest({ dueMs: 11_000, latencyMs: 612, status: 504 });
        const refused = unsignedRequest({ dueMs: 11_000, latencyMs: 612, status: 503 });
        for (const manner of ["atOnce", "killed"] as const) {
            const advice = adviceFor({ lost: [answered, late, refused], stops: [stop({ manner })] });
            assert.deepEqual(advice.map(({ requests }) => requests), [1, 1, 1, 0]);
        }
        const drained = { dueMs: 9_900, latencyMs: 1_100 };
        assert.match(only({ lost: [unsignedRequest({ ...drained, status: 503 })] }).what, /found no instance/);
        assert.match(only({ lost: [unsignedRequest({ ...drained, status: 502 })] }).what, /still open when a drain was over/);
    });

    it("does not blame a process for what came only after its end had begun", () => {
        const advice = adviceFor({ lost: cut([11_605, 11_615]), stops: [stop()], settings: blind });
        assert.deepEqual(advice.map(({ requests, what }) => [requests, what.slice(0, 21)]), [[1, "1 request was refused"], [0, "Your process ended by"]]);
    });

    it("owns up to what it cannot explain", () => {
        assert.deepEqual(only({ lost: cut([11_700, 11_710], [11_710, 11_720]) }), {
            requests: 2,
            what: "2 requests failed for a reason that the rehearsal does not know.",
            fix: "Look at the failures and at what ran at that time in the report, and rehearse again with --keep to read the service's own log: "
                + "that of this run went with its containers, unless they were kept.",
        });
    });

    it("explains each failed request once, whatever happened", () => {
        const anyStop = fc.record({
            instance: fc.constantFrom("i-1", "i-2"), atMs: fc.nat(30_000), seconds: fc.nat(30), exitCode: fc.constantFrom(0, 137, 143),
            manner: fc.constantFrom("graceful" as const, "atOnce" as const, "killed" as const),
        });
        fc.assert(fc.property(fc.array(anyRequest), fc.array(anyStop), fc.boolean(), (records, stops, trafficControl) => {
            const lost = records.filter(failed);
            const advice = adviceFor({ lost, stops, settings: { ...sampleSettings, trafficControl } });
            assert.equal(advice.reduce((sum, { requests }) => sum + requests, 0), lost.length);
            assert.deepEqual(advice.map(({ requests }) => requests), advice.map(({ requests }) => requests).sort((a, b) => b - a));
        }));
    });
});
