import assert from "node:assert/strict";
import { instanceBars, lanesOf } from "../../../../rehearsal/report/html/charts/lanes";
import { spanOf } from "../../../../rehearsal/report/html/charts/span";
import { makeReport, type Report } from "../../../../rehearsal/report/report";
import { at, goodRehearsal } from "../material";

function reportOf(...events: Parameters<typeof at>[]): Report {
    return makeReport(goodRehearsal({ events: [...goodRehearsal().events, ...events.map(words => at(...words))] }));
}

const started = (instance: string) => ({ instance, status: "started" });

describe("The lanes of the instances", () => {
    it("have a bar from the beginning of each event to its end, in seconds of the load", () => {
        const report = reportOf([11, "ApplicationStop", started("i-1")], [11.5, "Install", started("i-2")], [12, "ApplicationStop", { instance: "i-1", status: "succeeded" }], [14, "Install", { instance: "i-2", status: "succeeded" }]);
        assert.deepEqual(instanceBars(report, spanOf(report)).map(({ lane, name, kind, from, until }) => [lane, name, kind, from, until]), [
            ["i-1", "ApplicationStop", "stop", 11, 12], ["i-2", "Install", "install", 11.5, 14],
        ]);
    });

    it("tell why an event failed", () => {
        const report = reportOf([11, "Install", started("i-1")], [12, "Install", { instance: "i-1", status: "failed", detail: "disk full" }]);
        assert.equal(instanceBars(report, spanOf(report))[0]?.problem, "disk full");
    });

    it("let an event that nobody ended last until the next one or the end of the load", () => {
        const report = reportOf([11, "Install", started("i-1")], [12, "AfterInstall", started("i-1")]);
        assert.deepEqual(instanceBars(report, spanOf(report)).map(({ from, until }) => [from, until]), [[11, 12], [12, 30]]);
    });

    it("are not concerned by what happens to the fleet, nor by an end without a beginning", () => {
        const report = reportOf([11, "Step", { status: "started" }], [12, "Install", { instance: "i-1", status: "succeeded" }]);
        assert.deepEqual(instanceBars(report, spanOf(report)), []);
    });

    it("stand in the order of their numbers", () => {
        const report = reportOf(...["i-10", "i-9", "i-2"].map((instance): Parameters<typeof at> => [11, "Install", started(instance)]));
        assert.deepEqual(lanesOf(instanceBars(report, spanOf(report))), ["i-2", "i-9", "i-10"]);
    });

    for (const [event, onAws] of [
        ["BlockTraffic", /^lifecycle event 2 of 13 .* deregisters the target/],
        ["ApplicationStop", /hook script of the revision that was installed last/],
        ["DownloadBundle", /done by the agent/],
        ["ApplicationStart", /hook script of the new revision/],
        ["AllowTraffic", /registers the target/],
        ["Boot", /no lifecycle event of CodeDeploy/],
    ] as const) {
        it(`tell what ${event} is on AWS`, () => {
            const report = reportOf([11, event, started("i-1")]);
            assert.match(instanceBars(report, spanOf(report))[0]?.onAws ?? "", onAws);
        });
    }
});
