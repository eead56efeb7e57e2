import assert from "node:assert/strict";
import { stripVTControlCharacters } from "node:util";
import type { FaultVerdict } from "../../../rehearsal/faults/judge-fault";
import { renderFaults } from "../../../rehearsal/report/fault-table";

const kept: FaultVerdict = {
    fault: "scale-out", onAws: "The load grows.", promise: "the new colour is as large", happened: "the release took over", seconds: 23.4,
    requests: { total: 4570, failed: 0, mayFail: 0 }, kept: true, broken: [],
};
const lossy: FaultVerdict = {
    ...kept, fault: "green-dies", happened: "rolled back", requests: { total: 4000, failed: 130, mayFail: 400, because: "200 requests a second for 2.0 s" },
};
const broken: FaultVerdict = { ...kept, fault: "driver-killed", kept: false, broken: ["green serves, and its end is scheduled"] };

describe("The table of faults", () => {
    it("tells what happened, what it cost, what was promised and that it was kept", () => {
        const [verdict, ...lines] = render([kept]);
        assert.equal(verdict, "PASSED  1 of 1 promises were kept.");
        assert.match(lines.join("\n"), /│ scale-out │ the release took over +│ 0 of 4,570 │ +23 │ the new colour is as large +│ yes +│/);
    });

    it("tells the bound of what may be lost, and why it cannot be less", () => {
        const text = render([lossy]).join("\n");
        assert.match(text, /130 of 4,000 │[\s\S]*\(400 may\)/);
        assert.match(text, /^green-dies: 400 may fail: 200 requests a second for 2\.0 s$/m);
    });

    it("tells which promise was not kept, and why", () => {
        const text = render([kept, broken]);
        assert.equal(text[0], "FAILED  1 of 2 promises were kept.");
        assert.match(text.join("\n"), /│ driver-killed │.*│ NO +│/);
        assert.equal(text.at(-1), "driver-killed: green serves, and its end is scheduled");
    });
});

function render(verdicts: readonly FaultVerdict[]): readonly string[] {
    return stripVTControlCharacters(renderFaults(verdicts)).split("\n");
}
