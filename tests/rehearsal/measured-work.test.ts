import assert from "node:assert/strict";
import { measuredWork } from "../../rehearsal/measured-work";
import type { TimelineEvent } from "../../rehearsal/report/report-input";
import { typicalWork } from "../../release/rollout";

/** An event that took so long on an instance, from a second on. */
function took(instance: string, event: string, seconds: number, { status = "succeeded", from = 5 } = {}): readonly TimelineEvent[] {
    return [{ atMs: from * 1000, instance, event, status: "started" }, { atMs: (from + seconds) * 1000, instance, event, status }];
}

const alone = { atOnce: 1, processors: 1 };

describe("measured work", () => {
    it("is the median of the instances, event by event", () => {
        const events = [
            ...took("i-1", "ApplicationStart", 3), ...took("i-2", "ApplicationStart", 1, { from: 10 }), ...took("i-3", "ApplicationStart", 9, { from: 20 }),
            ...took("i-1", "ValidateService", 0.5), ...took("i-1", "DownloadBundle", 0.1), ...took("i-1", "Install", 0.2), ...took("i-1", "BeforeInstall", 0.3),
        ];
        assert.deepEqual(measuredWork(events, alone), { ...typicalWork, pull: 0.3, run: 3, validate: 0.5, download: 0.1, install: 0.2 });
    });

    it("stays typical where nothing was measured", () => {
        assert.deepEqual(measuredWork(took("i-1", "ApplicationStart", 3, { status: "failed" }), alone), typicalWork);
    });

    for (const [processors, atOnce, run] of [
        [2, 2, 2], [2, 4, 4], [2, 1, 2], [1, 1, 1], [8, 2, 4],
    ] as const) {
        it(`takes ${run} s for what took four at a time 4 s, when ${atOnce} share ${processors} processors`, () => {
            const events = ["i-1", "i-2", "i-3", "i-4"].flatMap(instance => took(instance, "ApplicationStart", 4));
            assert.equal(measuredWork(events, { atOnce, processors }).run, run);
        });
    }

    it("does not take those for four at a time that came one after the other", () => {
        const events = [0, 4, 8, 12].flatMap(from => took(`i-${from}`, "ApplicationStart", 4, { from }));
        assert.equal(measuredWork(events, { atOnce: 2, processors: 1 }).run, 8);
    });
});
