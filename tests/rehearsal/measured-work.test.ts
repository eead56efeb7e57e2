import assert from "node:assert/strict";
import { measuredWork } from "../../rehearsal/measured-work";
import type { TimelineEvent } from "../../rehearsal/report/report-input";
import { typicalWork } from "../../release/rollout";

/** An event that took so long on an instance. */
function took(instance: string, event: string, seconds: number, status = "succeeded"): readonly TimelineEvent[] {
    return [{ atMs: 5000, instance, event, status: "started" }, { atMs: 5000 + seconds * 1000, instance, event, status }];
}

describe("measured work", () => {
    it("is the median of the instances, event by event", () => {
        const events = [
            ...took("i-1", "ApplicationStart", 3), ...took("i-2", "ApplicationStart", 1), ...took("i-3", "ApplicationStart", 9),
            ...took("i-1", "ValidateService", 0.5), ...took("i-1", "DownloadBundle", 0.1), ...took("i-1", "Install", 0.2),
        ];
        assert.deepEqual(measuredWork(events), { ...typicalWork, run: 3, validate: 0.5, download: 0.1, install: 0.2 });
    });

    it("stays typical where nothing was measured", () => {
        assert.deepEqual(measuredWork(took("i-1", "ApplicationStart", 3, "failed")), typicalWork);
    });
});
