import assert from "node:assert/strict";
import { lateProblems, secondsInRotation } from "../../../rehearsal/faults/alarm-fires";
import { touchedProblems } from "../../../rehearsal/faults/registry-down";
import { slowProblems } from "../../../rehearsal/faults/registry-slow";
import { shortProblems } from "../../../rehearsal/faults/slow-boot";
import { milestones, type TimelineEvent } from "../../../rehearsal/report/report-input";

/** Events by a line each: second, what, instance, status. */
function events(...lines: readonly string[]): readonly TimelineEvent[] {
    return lines.map(line => {
        const [at, event = "", instance, status] = line.split(" ");
        return { atMs: Number(at) * 1000, event, ...(instance !== undefined && instance !== "-" && { instance }), ...(status !== undefined && { status }) };
    });
}

const { waveStarted, rollbackStarted } = milestones;

describe("A deployment whose image cannot come", () => {
    const pull = "1 BeforeInstall i-1 failed";

    for (const [name, seen, problems] of [
        ["touches no container", [pull, `2 ${rollbackStarted}`, "3 ApplicationStart i-1 started"], []],
        ["may be of another colour, which has no rollback", [pull], []],
        ["must not touch one", ["0 ApplicationStart i-2 started", pull], ["the container of i-2 was replaced although its image had not come"]],
        ["proves nothing when every pull worked", [`2 ${rollbackStarted}`, "3 BeforeInstall i-1 failed"], ["no pull failed, so nothing was tried"]],
        ["proves nothing when a pull only began", ["1 BeforeInstall i-1 started"], ["no pull failed, so nothing was tried"]],
    ] as const) {
        it(name, () => { assert.deepEqual(touchedProblems(events(...seen)), problems); });
    }
});

describe("A deployment whose image takes until second 8", () => {
    const waited = ["1 BeforeBlockTraffic i-1 started", "9 BeforeBlockTraffic i-1 succeeded"];
    const untried = "nobody waited for the registry, so nothing was tried";

    for (const [name, seen, serving, problems] of [
        ["waits where instances still serve", [...waited, "9 BlockTraffic i-1 started"], true, []],
        ["must not wait out of the load balancer", [...waited, "7 BlockTraffic i-2 started"], true, ["i-2 left the load balancer before its image had come"]],
        ["may wait there where nobody serves", ["1 BlockTraffic g-1 started", "2 BeforeInstall g-1 started", "9 BeforeInstall g-1 succeeded"], false, []],
        ["proves nothing when it was over before", ["1 BeforeBlockTraffic i-1 started", "2 BeforeBlockTraffic i-1 succeeded"], true, [untried]],
        ["proves nothing when it began after", ["8 BeforeBlockTraffic i-1 started", "9 BeforeBlockTraffic i-1 succeeded"], true, [untried]],
        ["proves nothing by another instance", ["1 BeforeBlockTraffic i-1 started", "9 BeforeBlockTraffic i-2 succeeded"], true, [untried]],
        ["proves nothing by an event that pulls nothing", waited, false, [untried]],
    ] as const) {
        it(name, () => { assert.deepEqual(slowProblems(events(...seen), 8000, serving), problems); });
    }
});

describe("A release that fails until the alarm has fired", () => {
    const first = [`0 ${waveStarted}`, "4 AllowTraffic i-1 started", "5 AfterAllowTraffic i-1 succeeded"];

    it("is in rotation from its first check until its instance leaves", () => {
        assert.equal(secondsInRotation(events(...first, "8 AllowTraffic i-2 started", `10 ${rollbackStarted}`, "11 BlockTraffic i-1 started", "20 BlockTraffic i-2 started")), 7 + 12);
    });

    it("is not when its instance left for it, or came back without it", () => {
        assert.equal(secondsInRotation(events("1 BlockTraffic i-1 started", ...first, `10 ${rollbackStarted}`, "11 BlockTraffic i-1 started", "15 AllowTraffic i-1 started")), 7);
    });

    it("is to the end where nothing is taken back", () => {
        assert.equal(secondsInRotation(events(...first, "30 AfterAllowTraffic i-2 succeeded")), 26);
        assert.equal(secondsInRotation([]), 0);
    });

    it("is taken back within the alarm's time and two waves", () => {
        assert.deepEqual(lateProblems(events(...first, `26 ${rollbackStarted}`), 12), []);
        assert.deepEqual(lateProblems(events(...first, `27 ${rollbackStarted}`), 12),
            ["the rollback began 23.0 s after the release had its first request, and 22.0 s is the longest that it may take"]);
        assert.deepEqual(lateProblems(events(...first), 12), ["no rollback began"]);
    });
});

describe("A service that boots for 3 s", () => {
    const untried = (seconds: string) => [`ValidateService took ${seconds} s at most, and the boot 3 s, so nothing was tried`];
    for (const [name, seen, problems] of [
        ["has been seen to when ValidateService took as long, on one instance", ["1 ValidateService i-1 started", "1 ValidateService i-2 started", "1.1 ValidateService i-2 succeeded", "3.6 ValidateService i-1 succeeded"], []],
        ["has not when all were quick", ["1 ValidateService i-1 started", "2 ValidateService i-1 succeeded"], untried("1.0")],
        ["has not by an event that failed", ["1 ValidateService i-1 started", "9 ValidateService i-1 failed"], untried("0.0")],
        ["has not by the time between two deployments", ["1 ValidateService i-1 started", "1.2 ValidateService i-1 succeeded", "9 ValidateService i-1 started", "9.2 ValidateService i-1 succeeded"], untried("0.2")],
    ] as const) {
        it(name, () => { assert.deepEqual(shortProblems(events(...seen)), problems); });
    }
});
