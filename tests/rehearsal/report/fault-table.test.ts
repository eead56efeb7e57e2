import assert from "node:assert/strict";
import { stripVTControlCharacters } from "node:util";
import type { FaultsReport } from "../../../rehearsal/faults/faults-report";
import type { FaultVerdict } from "../../../rehearsal/faults/judge-fault";
import { renderFaults } from "../../../rehearsal/report/fault-table";

const kept: FaultVerdict = {
    fault: "instance-dies-serving", onAws: "The load grows.", promise: "the new colour is as large", happened: "the release took over", seconds: 23.4,
    requests: { total: 4570, failed: 0, mayFail: 0 }, kept: true, broken: [],
};
const lossy: FaultVerdict = {
    ...kept, fault: "green-dies", happened: "rolled back", requests: { total: 4000, failed: 130, mayFail: 400, because: "200 requests a second for 2.0 s" },
};
const broken: FaultVerdict = { ...kept, fault: "driver-killed", kept: false, broken: ["green serves, and its end is scheduled"] };

describe("The table of faults", () => {
    it("tells what happened, below it what was promised, what it cost, and that it was kept", () => {
        const [verdict, ...lines] = render([kept]);
        assert.equal(verdict, "PASSED  1 of 1 promises were kept.");
        assert.match(lines.join("\n"), /│ instance-dies-serving │ the release took over +│ +0 of 4,570 │ +23 │ yes +│\n│ +│ promise: the new colour is as large +│/);
        assert.equal(lines.at(-1), "repeat with ./gapless rehearse dev --faults all");
    });

    it("tells the bound of what may be lost, and why it cannot be less", () => {
        const text = render([lossy]).join("\n");
        assert.match(text, /130 of 4,000 │[\s\S]*\(400 may\)/);
        assert.match(text, /^green-dies: 400 may fail: 200 requests a second for 2\.0 s$/m);
    });

    it("tells which promise was not kept, and why", () => {
        const text = render([kept, broken], { verdict: "failed" });
        assert.equal(text[0], "FAILED  1 of 2 promises were kept.");
        assert.match(text.join("\n"), /│ driver-killed +│.*│ NO +│/);
        assert.equal(text.at(-2), "driver-killed: green serves, and its end is scheduled");
    });

    it("names what was not reached, and what speaks against the whole", () => {
        const text = render([kept], { verdict: "failed", unfinished: ["two-deploys", "scale-in"], problems: ["it was interrupted"] });
        assert.equal(text[0], "FAILED  1 of 1 promises were kept.");
        assert.deepEqual(text.slice(-3, -1), ["it was interrupted", "not brought to an end: two-deploys, scale-in"]);
        assert.doesNotMatch(render([], { verdict: "failed", unfinished: ["scale-in"] }).join("\n"), /what happened/);
    });

    it("cuts what happened between two words, and is never wider than 100 columns", () => {
        const happened = "word ".repeat(120).trim();
        const large = { total: 1_234_567, failed: 123_456, mayFail: 123_456, because: "it is so" };
        const lines = render([kept, { ...lossy, happened, promise: happened, requests: large, seconds: 4321 }]);
        const table = lines.filter(line => /^[│┌├└]/.test(line));
        assert.deepEqual([...new Set(table.map(line => line.length))], [100]);
        const cells = table.map(line => line.split("│")[2] ?? "").join(" ");
        assert.equal(/(?:word +)*(?=…)/.exec(cells)?.[0].match(/word/g)?.length, 31);
        assert.equal(table.some(line => line.includes("4321")), true);
        assert.equal(render([{ ...kept, happened: "x".repeat(40) + " " + "y".repeat(119) }]).join("").includes(" …"), false);
    });
});

function render(faults: readonly FaultVerdict[], about: Partial<FaultsReport> = {}): readonly string[] {
    return stripVTControlCharacters(renderFaults({
        schemaVersion: 1, verdict: "passed", stage: "dev", strategy: "blueGreen", instances: 4, ratePerSecond: 200, timeScale: 0.1, seed: 1,
        reproduce: "./gapless rehearse dev --faults all", faults, unfinished: [], problems: [], ...about,
    })).split("\n");
}
