import assert from "node:assert/strict";
import { after, type Check, runChecks } from "../../../cli/doctor/check";
import { exitCodeOfReport, renderReport, reportOf } from "../../../cli/doctor/report";
import { DeliveryError } from "../../../release/aws/error";
import { systemClock } from "../../../release/clock";
import { ok, skipped, warn } from "../../../release/doctor";
import { FakeClock } from "../../support/aws/fake-clock";

const never = new AbortController().signal;
const hanging: Check = { name: "hanging", deadlineSeconds: 7, look: () => new Promise(() => undefined) };

describe("the doctor's checks", () => {
    it("are all told, in their order, whatever becomes of the others", async () => {
        const checks: Check[] = [
            hanging,
            { name: "throwing", look: () => { throw new DeliveryError("There is no bucket. Make it with ./gapless up dev."); } },
            { name: "sound", look: () => ok("well") },
            { name: "late", look: () => Promise.reject(new DeliveryError("all is lost")) },
        ];
        // Real time for what settles at once, fake for the deadline: it passes as soon as the others are done.
        const results = await runChecks(checks, new FakeClock(), never);
        assert.deepEqual(results.map(({ name, verdict }) => [name, verdict]), [["hanging", "fail"], ["throwing", "fail"], ["sound", "ok"], ["late", "fail"]]);
        assert.deepEqual(results[0], { name: "hanging", verdict: "fail", text: "no answer within 7 s", fix: "look whether the network and the proxy let it through, and try again" });
        assert.deepEqual(results[1], { name: "throwing", verdict: "fail", text: "There is no bucket.", fix: "Make it with ./gapless up dev." });
        assert.deepEqual(results[3], { name: "late", verdict: "fail", text: "all is lost", fix: "mend what the text names, and run this again" });
    });

    it("are stopped at their deadline, and leave no clock running", async () => {
        let stopped: AbortSignal | undefined;
        await runChecks([{ name: "a", look: signal => { stopped = signal; return ok("well"); } }], systemClock, never);
        assert.equal(stopped?.aborted, true);
    });

    it("end with Ctrl-C", async () => {
        const stop = new AbortController();
        const results = runChecks([hanging], systemClock, stop.signal);
        stop.abort();
        await assert.rejects(results, { name: "AbortError" });
    });

    it("that need what another has not found out are left out, with the reason", async () => {
        assert.deepEqual(await after(Promise.resolve(2), "unknown", two => ok(`${two}`)), ok("2"));
        assert.deepEqual(await after(Promise.reject(new Error("no")), "unknown", () => ok("never")), skipped("unknown"));
        await assert.rejects(after(Promise.resolve(2), "unknown", () => { throw new Error("of its own"); }), /^Error: of its own$/);
    });
});

describe("the doctor's report", () => {
    const checks = [{ name: "node", ...ok("v20") }, { name: "docker disk", ...warn("2 GiB\nfree", "make room") }, { name: "git", ...skipped("no reason") }];

    it("is a line a check, with the fix below", () => {
        assert.equal(renderReport(reportOf("dev", checks), false), [
            "ok       node         v20",
            "warn     docker disk  2 GiB",
            "                      free",
            "                      fix: make room",
            "skipped  git          no reason",
            "",
            "dev: nothing fails, 1 of 3 checks warn.",
        ].join("\n"));
    });

    it("is healthy with warnings, and not with a failure", () => {
        assert.deepEqual(reportOf("dev", checks), { stack: "dev", healthy: true, checks });
        assert.equal(exitCodeOfReport(reportOf("dev", checks)), 0);
        const failing = reportOf("dev", [...checks, { name: "disk", verdict: "fail", text: "full", fix: "make room" }]);
        assert.equal(exitCodeOfReport(failing), 1);
        assert.match(renderReport(failing, false), /\n\ndev: 1 of 4 checks failed\.$/);
        assert.match(renderReport(reportOf("dev", checks.slice(0, 1)), false), /\n\ndev: all is well\.$/);
    });
});
