import assert from "node:assert/strict";
import { drawProgress, followView } from "../../cli/follow-view";
import type { EventState, Progress, TargetState } from "../../release/deployment-progress";
import { testContext } from "../support/aws/command-context";

const since = new Date("2026-01-01T00:00:00Z");
const now = new Date("2026-01-01T00:01:05Z");

describe("how a deployment is shown", () => {
    it("is a picture of the whole and of each instance", () => {
        assert.deepEqual(drawProgress(progress([
            target("i-1", "Succeeded", []), target("i-2", "Failed", [event("ValidateService", "Failed")]),
            target("i-3", "InProgress", [event("BeforeInstall", "Succeeded"), event("Install", "InProgress")]), target("i-4", "Pending", []), target("i-5", "Skipped", []),
        ])), [
            "deployment d-1   InProgress   wave 2   3 of 5 instances done   65 s",
            "  i-1  serves", "  i-2  FAILED ValidateService", "  i-3  Install 5 s", "  i-4  waits", "  i-5  left out",
        ]);
    });

    it("has room for twelve instances: those that failed and those that are out come first", () => {
        const targets = Array.from({ length: 100 }, (_, n) => target(`i-${n}`, n === 99 ? "Failed" : n > 89 ? "InProgress" : "Succeeded", []));
        const lines = drawProgress(progress(targets));
        assert.equal(lines.length, 14);
        assert.deepEqual([lines[1], lines[2], lines[11], lines[13]], ["  i-99  FAILED", "  i-90  waits", "  i-0  serves", "  … and 88 more"]);
    });

    it("moves on a terminal, and stands still in the end", () => {
        const { tell, pictures } = testContext({ live: true });
        const view = followView(tell);
        view.progress?.(progress([]));
        view.progress?.(undefined);
        assert.deepEqual(pictures, [["deployment d-1   InProgress   wave 2   0 of 0 instances done   65 s"], []]);
    });

    it("is plain lines elsewhere", () => {
        const { tell, told } = testContext();
        const view = followView(tell);
        assert.equal(view.progress, undefined);
        view.step("one");
        view.warn("two");
        assert.deepEqual(told, ["one", "warning: two"]);
    });
});

function progress(targets: readonly TargetState[]): Progress {
    return { deploymentId: "d-1", status: "InProgress", since, now, wave: 2, targets };
}

function target(instanceId: string, status: string, events: readonly EventState[]): TargetState {
    return { instanceId, status, events };
}

function event(name: string, status: string): EventState {
    return { name, status, startedAt: new Date("2026-01-01T00:01:00Z") };
}
