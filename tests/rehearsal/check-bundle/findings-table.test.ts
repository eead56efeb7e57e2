import assert from "node:assert/strict";
import type { Finding } from "../../../rehearsal/check-bundle/finding";
import { renderFindings } from "../../../rehearsal/check-bundle/findings-table";

const error: Finding = { severity: "error", file: "appspec.yml", line: 7, event: "Install", errorCode: 5, happens: "It fails.", fix: "Mend it." };
const warning: Finding = { severity: "warning", file: "run.sh", happens: "It waits.", fix: "Redirect it." };
const unseen: Finding = { severity: "notChecked", file: "run.sh", happens: "It is not seen.", fix: "Show it." };

function wordsOf(findings: readonly Finding[]): string {
    return renderFindings("one.zip", findings).replaceAll(/[│─┌┬┐├┼┤└┴┘]/g, " ").replaceAll(/\s+/g, " ").trim();
}

describe("the table of findings", () => {
    it("tells where, at which event and how to mend it, and the verdict last", () => {
        const told = wordsOf([error, warning]);
        assert.match(told, /error appspec\.yml:7 Install fails with code 5, when traffic is blocked: It fails\. fix: Mend it\. warning/);
        assert.match(told, /warning run\.sh It waits\. fix: Redirect it\. one\.zip: a deployment would fail: 1 error, 1 warning\.$/);
    });

    for (const [event, traffic] of [["ApplicationStop", "at the next deployment"], ["AfterAllowTraffic", "when it serves again"], ["DownloadBundle", "when traffic is blocked"]] as const) {
        it(`says of a failure in ${event}: ${traffic}`, () => {
            assert.ok(wordsOf([{ ...error, event }]).includes(`${event} fails with code 5, ${traffic}: It fails.`));
        });
    }

    for (const [findings, verdict] of [
        [[], "one.zip: found nothing that would fail."],
        [[warning], "one.zip: found nothing that would fail, 1 warning."],
        [[warning, warning], "one.zip: found nothing that would fail, 2 warnings."],
        [[unseen], "one.zip: not all of it could be looked at: 1 not checked."],
        [[unseen, warning], "one.zip: not all of it could be looked at: 1 not checked, 1 warning."],
        [[error, unseen], "one.zip: a deployment would fail: 1 error, 1 not checked."],
        [[error, error], "one.zip: a deployment would fail: 2 errors."],
    ] as const) {
        it(`ends with "${verdict}"`, () => {
            assert.ok(wordsOf(findings).endsWith(verdict), wordsOf(findings));
        });
    }
});
