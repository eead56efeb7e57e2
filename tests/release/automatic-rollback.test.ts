import assert from "node:assert/strict";
import { type BadEnd, rollbackPatience } from "../../release/automatic-rollback";

const all = { enabled: true, events: ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"] };

describe("whether CodeDeploy rolls back", () => {
    const cases: readonly (readonly [string, BadEnd, number])[] = [
        ["a failure that the group rolls back", { status: "Failed", automatic: all }, 60],
        ["a failure where only alarms roll back", { status: "Failed", automatic: { enabled: true, events: ["DEPLOYMENT_STOP_ON_ALARM"] } }, 0],
        ["an alarm that the group rolls back", { status: "Failed", errorCode: "ALARM_ACTIVE", automatic: { enabled: true, events: ["DEPLOYMENT_STOP_ON_ALARM"] } }, 60],
        ["an alarm where only failures roll back", { status: "Failed", errorCode: "ALARM_ACTIVE", automatic: { enabled: true, events: ["DEPLOYMENT_FAILURE"] } }, 0],
        ["a group without roll backs", { status: "Failed", automatic: { enabled: false, events: all.events } }, 0],
        ["a stop, which may ask for one itself", { status: "Stopped", errorCode: "MANUAL_STOP", automatic: { enabled: false } }, 60],
        ["a group that is not known", { status: "Failed" }, 60],
        ["what rolls back itself", { status: "Stopped", creator: "codeDeployRollback", automatic: all }, 0],
    ];
    for (const [name, end, seconds] of cases) {
        it(`is waited for ${seconds} s after ${name}`, () => {
            assert.equal(rollbackPatience(end), seconds);
        });
    }
});
