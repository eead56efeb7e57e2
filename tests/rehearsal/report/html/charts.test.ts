import assert from "node:assert/strict";
import { chartsOf } from "../../../../rehearsal/report/html/charts/charts";
import { instanceBars } from "../../../../rehearsal/report/html/charts/lanes";
import { light } from "../../../../rehearsal/report/html/charts/palette";
import { spanOf } from "../../../../rehearsal/report/html/charts/span";
import { stepBars } from "../../../../rehearsal/report/html/charts/steps";
import { makeReport, type Report } from "../../../../rehearsal/report/report";
import { flippedBackRehearsal } from "../material";
import { largeColours, largeColoursBack, largeFailing, largeGood, largeRolledBack } from "./large-material";

function coloursOf(report: Report, chart: string): readonly string[] {
    return chartsOf(report).find(({ id }) => id === chart)?.legend(light).map(({ colour }) => colour) ?? [];
}

describe("The charts of a report", () => {
    it("are those of its strategy, from the requests down to the instances", () => {
        assert.deepEqual(chartsOf(largeGood()).map(({ id }) => id), ["requests", "latency", "instances"]);
        assert.deepEqual(chartsOf(largeColours()).map(({ id }) => id), ["requests", "weights", "latency", "steps", "instances"]);
    });

    it("say what each colour of a bar is", () => {
        for (const report of [largeGood(), largeRolledBack(), largeColours(), largeColoursBack()]) {
            const bars = [["instances", instanceBars(report, spanOf(report))], ...(report.strategy === "blueGreen" ? [["steps", stepBars(report, spanOf(report))] as const] : [])] as const;
            for (const [chart, each] of bars) {
                const used = new Set(each.map(({ kind, problem }) => problem === undefined ? light.kinds[kind].fill : light.failed));
                assert.deepEqual([...used].filter(colour => !coloursOf(report, chart).includes(colour)), [], chart);
            }
        }
    });

    it("name failures only where there are some, and mark them by more than their colour", () => {
        const failures = (report: Report) => chartsOf(report)[0]?.legend(light).filter(({ colour }) => colour === light.failed);
        assert.deepEqual(failures(largeGood()), []);
        assert.deepEqual(failures(largeFailing()), [{ text: "failed", colour: light.failed, striped: true }]);
    });

    it("give a version the colour that it runs on", () => {
        assert.deepEqual(coloursOf(largeColours(), "requests"), [light.blue, light.green]);
        const report = makeReport(flippedBackRehearsal());
        assert.ok(report.strategy === "blueGreen");
        assert.deepEqual(coloursOf({ ...report, colours: { ...report.colours, from: "green", to: "blue" } }, "requests"), [light.green, light.blue]);
    });

    it("have a lane for each roll, and one for its way back", () => {
        const lanes = (report: Report): readonly string[] => report.strategy === "blueGreen" ? [...new Set(stepBars(report, spanOf(report)).map(({ lane }) => lane))] : [];
        assert.deepEqual(lanes(largeColours()), ["deploy", "flip back"]);
        assert.deepEqual(lanes(largeColoursBack()), ["deploy", "deploy: back"]);
    });
});
