import assert from "node:assert/strict";
import { changesBetween, describeChange, type EventState, isTold, newsOf, type Progress, type TargetState, wavesOf } from "../../release/deployment-progress";

describe("progress of a deployment", () => {
    it("tells events in the order in which they happened, across instances", () => {
        const before = [target("i-1", "InProgress", [event("ApplicationStart", "InProgress", 0)]), target("i-2", "Pending", [])];
        const after = [
            target("i-1", "Succeeded", [event("ApplicationStart", "Succeeded", 0, 12), event("ValidateService", "Succeeded", 12, 15)]),
            target("i-2", "InProgress", [event("ApplicationStart", "InProgress", 13)]),
        ];
        assert.deepEqual(changesBetween(before, after, false).map(describeChange), [
            "i-1 ApplicationStart succeeded in 12 s", "i-2 ApplicationStart …", "i-1 ValidateService succeeded in 3 s", "i-1 serves the release",
        ]);
    });

    it("tells script, code and message of an event that failed, and the instance after it", () => {
        const failed: EventState = { ...event("ValidateService", "Failed", 0, 60), script: "scripts/validate.sh", errorCode: "ScriptFailed", message: "exit code 1" };
        const after = [target("i-1", "Failed", [failed, event("AllowTraffic", "Skipped")])];
        assert.deepEqual(changesBetween([target("i-1", "InProgress", [])], after, false).map(describeChange), [
            "i-1 ValidateService FAILED in 60 s: scripts/validate.sh, ScriptFailed, exit code 1", "i-1 failed",
        ]);
    });

    it("tells nothing twice", () => {
        const seen = [target("i-1", "InProgress", [event("Install", "InProgress", 0)])];
        assert.deepEqual(changesBetween(seen, seen, false), []);
    });

    it("tells who came in, who is gone and who was left out, but nobody at the first look", () => {
        const [one, two] = [target("i-1", "Pending", []), target("i-2", "Pending", [])];
        assert.deepEqual(changesBetween([one], [two], false).map(describeChange), ["i-1 is not part of it any more", "i-2 came in"]);
        assert.deepEqual(changesBetween([], [one, two], true), []);
        assert.deepEqual(changesBetween([one], [target("i-1", "Skipped", [])], false).map(describeChange), ["i-1 was left out"]);
    });

    it("counts as a wave what was begun before all that was begun earlier had ended", () => {
        const done = (id: string, from: number, to: number): TargetState => target(id, "Succeeded", [event("Install", "Succeeded", from, to)]);
        const begun = (id: string, from: number): TargetState => target(id, "InProgress", [event("Install", "InProgress", from)]);
        assert.equal(wavesOf([target("i-1", "Pending", [])]), 0);
        assert.equal(wavesOf([begun("i-1", 0), begun("i-2", 1)]), 1);
        assert.equal(wavesOf([done("i-1", 0, 10), done("i-2", 1, 12), begun("i-3", 12)]), 2);
        assert.equal(wavesOf([done("i-1", 0, 10), done("i-2", 1, 12), begun("i-3", 11)]), 1, "one is replaced by the next: no second wave");
        assert.equal(wavesOf([begun("i-3", 12), done("i-1", 0, 10)]), 2, "whatever their order");
    });

    it("tells of a large fleet only what ends an instance or fails", () => {
        const begun = { instanceId: "i-1", what: "begun", event: "Install" } as const;
        const failed = { instanceId: "i-1", what: "failed", event: "Install" } as const;
        assert.deepEqual([isTold(begun, 20), isTold(begun, 21), isTold(failed, 21), isTold({ instanceId: "i-1", what: "done" }, 21)], [true, false, true, true]);
    });

    it("tells status, wave, changes and how many are done, and leaves the end to whoever knows why", () => {
        const first = progress("Created", 0, []);
        const second = progress("InProgress", 1, [target("i-1", "InProgress", [event("Install", "InProgress", 0)]), target("i-2", "Pending", [])]);
        const third = progress("Succeeded", 2, [target("i-1", "Succeeded", [event("Install", "Succeeded", 0, 2)]), target("i-2", "Succeeded", [event("Install", "Succeeded", 2, 4)])]);
        assert.deepEqual(newsOf(undefined, first), ["deployment d-1: Created"]);
        assert.deepEqual(newsOf(first, second), ["deployment d-1: InProgress", "wave 1", "i-1 Install …"]);
        assert.deepEqual(newsOf(second, third), [
            "wave 2", "i-1 Install succeeded in 2 s", "i-1 serves the release", "i-2 Install succeeded in 2 s", "i-2 serves the release", "2 of 2 instances done",
        ]);
        assert.deepEqual(newsOf(third, third), []);
    });
});

function progress(status: string, wave: number, targets: readonly TargetState[]): Progress {
    return { deploymentId: "d-1", status, since: at(0), now: at(0), wave, targets };
}

function target(instanceId: string, status: string, events: readonly EventState[]): TargetState {
    return { instanceId, status, events };
}

function event(name: string, status: string, from?: number, to?: number): EventState {
    return { name, status, startedAt: from === undefined ? undefined : at(from), endedAt: to === undefined ? undefined : at(to) };
}

function at(seconds: number): Date {
    return new Date(Date.UTC(2026, 0, 1) + seconds * 1000);
}
