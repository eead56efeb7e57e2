import assert from "node:assert/strict";
import { assertCalibrated } from "../support/calibration";
import { rehearse } from "../support/rehearse";

// One rehearsal a test: what is asked of it, and all that its verdict rests on. The last two are the controls: the same
// measurement must lose requests when draining is off, and must go back from a release that is no good. More of them: ./gapless test --soak.
describe("rehearsal", () => {
    it("loses no request when version 2 replaces version 1 on four instances", async () => {
        const { code, report, left } = await rehearse();
        assert.equal(report.requests.failed, 0, report.reason);
        assert.equal(report.verdict, "passed", report.reason);
        assert.equal(code, 0);
        assert.equal(report.instances, 4);
        assert.equal(report.waves, 2);
        assert.ok(report.requests.total >= 2000, `only ${report.requests.total} requests`);
        assert.notEqual(report.versions.before, report.versions.after);
        // What makes the zero mean something: slow requests, and load before, during and after.
        assert.ok(report.requests.slow > report.requests.total * 0.05, `only ${report.requests.slow} slow requests`);
        for (const [phase, { total }] of Object.entries(report.requests.byPhase)) assert.ok(total >= 600, `only ${total} requests ${phase}`);
        // Version 1 answered everything before, version 2 everything after.
        assert.deepEqual(Object.keys(report.seconds[0]?.answered ?? {}), [report.versions.before]);
        assert.deepEqual(Object.keys(report.seconds.at(-1)?.answered ?? {}), [report.versions.after]);
        assertCalibrated(report);
        assert.deepEqual(left, []);
    });

    it("loses requests without draining, and says so", async () => {
        const { code, report, left } = await rehearse("--without-draining");
        assert.ok(report.requests.failed > 0, "the control lost nothing, so the measurement proves nothing");
        assert.equal(report.verdict, "failed", report.reason);
        assert.equal(code, 1);
        assert.deepEqual(left, []);
    });

    it("rolls back a version 2 that answers 500 on its real route, and loses nothing", async () => {
        const { code, report, left } = await rehearse("--release", "failing");
        assert.equal(report.verdict, "rolledBack", report.reason);
        assert.equal(report.requests.failed, 0, report.reason);
        assert.equal(code, 3);
        assert.match(report.reason, /ValidateService/);
        // Nobody ever saw version 2.
        assert.ok(report.seconds.every(second => !(report.versions.after in second.answered)));
        assert.deepEqual(left, []);
    });
});
