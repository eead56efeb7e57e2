import assert from "node:assert/strict";
import { type ExplainedInstance, type Failure, renderFailure } from "../../release/failure-page";

const validate: ExplainedInstance = {
    instanceId: "i-1", event: "ValidateService", script: "scripts/validate.sh", errorCode: "ScriptFailed",
    message: "Script at specified location: scripts/validate.sh run as user root failed with exit code 1",
    logTail: "LifecycleEvent - ValidateService\nScript - scripts/validate.sh\n[stdout]/healthz answered 503 instead of 200 for 60 s (000: no answer).\n[stderr]bye\n",
};

const failure: Failure = {
    deploymentId: "d-1", result: "rolledBack", version: "bbbbbbbbbbbb", rollbackDeploymentId: "d-2", rollbackResult: "succeeded",
    errorCode: "HEALTH_CONSTRAINTS", message: "The overall deployment failed.", instances: [validate], otherInstances: [], alarms: [],
    serving: { version: "aaaaaaaaaaaa", deploymentId: "d-2" }, missing: [],
};

describe("the failure page", () => {
    it("says what failed, where, why, what serves, and what to type next", () => {
        const health = { state: "unhealthy", reason: "Target.ResponseCodeMismatch", description: "Health checks failed with these codes: [503]" };
        const page = renderFailure({ ...failure, instances: [{ ...validate, health, container: { version: "bbbbbbbbbbbb", lines: ["listening on 3000"] } }] }, "prod");
        assert.equal(page, [
            "Deployment d-1 of release bbbbbbbbbbbb failed and was rolled back.",
            "why        too many instances failed (HEALTH_CONSTRAINTS): The overall deployment failed.",
            "",
            "i-1  ValidateService, scripts/validate.sh, exit code 1, the script failed",
            "  last lines:",
            "    | /healthz answered 503 instead of 200 for 60 s (000: no answer).",
            "    | bye",
            "  load balancer now: unhealthy, Target.ResponseCodeMismatch, Health checks failed with these codes: [503]",
            "  container now, of release bbbbbbbbbbbb:",
            "    | listening on 3000",
            "",
            "serves     release aaaaaaaaaaaa",
            "next       ./gapless logs prod --since 1h --instance i-1, mend it, then ./gapless deploy prod",
        ].join("\n"));
    });

    it("does not pass the container that a roll back has brought for the one that failed", () => {
        const page = renderFailure({ ...failure, instances: [{ ...validate, container: { version: "aaaaaaaaaaaa", lines: ["fine"] } }] }, "prod");
        assert.ok(page.includes([
            "  container now, of release aaaaaaaaaaaa:", "    | fine",
            "  The container of release bbbbbbbbbbbb is gone; what it wrote: ./gapless logs prod --since 1h --instance i-1",
        ].join("\n")), page);
    });

    it("says which instances may differ and how to bring them together where nothing was rolled back", () => {
        const { rollbackDeploymentId, rollbackResult, ...alone } = failure;
        assert.deepEqual([rollbackDeploymentId, rollbackResult], ["d-2", "succeeded"]);
        const page = renderFailure({ ...alone, result: "failed", instances: [], otherInstances: ["i-4", "i-5"], alarms: ["web-errors"], missing: ["the container's log: AWS denies it."] }, "prod");
        assert.equal(page, [
            "Deployment d-1 of release bbbbbbbbbbbb failed.",
            "why        too many instances failed (HEALTH_CONSTRAINTS): The overall deployment failed.",
            "",
            "2 more failed: i-4, i-5",
            "",
            "alarm      web-errors is in ALARM",
            "not known  the container's log: AWS denies it.",
            "serves     release aaaaaaaaaaaa, but not on instances that the failed one has reached",
            "next       ./gapless roll prod aaaaaaaaaaaa   puts all instances onto one release",
            "           ./gapless status prod",
        ].join("\n"));
    });

    it("names at most ten of many instances", () => {
        const page = renderFailure({ ...failure, otherInstances: Array.from({ length: 40 }, (_, n) => `i-${n}`) }, "prod");
        assert.ok(page.includes("40 more failed: i-0, i-1, i-2, i-3, i-4, i-5, i-6, i-7, i-8, i-9, …"), page);
    });

    it("shows at most fifteen lines of a log, the last ones", () => {
        const page = renderFailure({ ...failure, instances: [{ ...validate, logTail: Array.from({ length: 20 }, (_, n) => `[stdout]line ${n + 1}`).join("\n") }] }, "prod");
        assert.ok(!page.includes("line 5\n") && page.includes("| line 6\n") && page.includes("| line 20\n"), page);
    });

    it("stays whole when nothing is known", () => {
        assert.equal(renderFailure({ deploymentId: "d-1", result: "stopped", instances: [{ instanceId: "i-1" }], otherInstances: [], alarms: [], missing: [] }, "dev"), [
            "Deployment d-1 was stopped.",
            "why        CodeDeploy does not say",
            "",
            "i-1  before its first event",
            "",
            "serves     not known",
            "next       ./gapless rollback dev   puts all instances onto one release",
            "           ./gapless logs dev --since 1h --instance i-1",
        ].join("\n"));
    });

    it("tells what a person has stopped as stopped, and what serves since", () => {
        assert.equal(renderFailure({ ...failure, result: "stopped", errorCode: "MANUAL_STOP", message: "Stopped.", instances: [] }, "dev"), [
            "Deployment d-1 of release bbbbbbbbbbbb was stopped and rolled back.",
            "why        somebody stopped it (MANUAL_STOP): Stopped.",
            "",
            "serves     release aaaaaaaaaaaa",
            "next       nothing to do: requests go where they went before",
        ].join("\n"));
    });

    const ends = (about: Partial<Failure>): readonly string[] => renderFailure({ ...failure, instances: [], ...about }, "dev").split("\n").slice(-2);
    const roll = { kind: "deploy", from: "blue", to: "green", left: [] } as const;

    it("has who wanted back try it again, and not deploy", () => {
        assert.deepEqual(ends({ by: "rollback" })[1], "next       ./gapless rollback dev   tries it again");
        assert.deepEqual(ends({ roll: { ...roll, kind: "flip" } })[1], "next       ./gapless flip dev   tries it again");
        assert.deepEqual(ends({ roll: { ...roll, kind: "flip" }, by: "rollback" })[1], "next       ./gapless rollback dev   tries it again");
        assert.deepEqual(ends({ by: "roll" })[1], "next       ./gapless status dev, mend it, then ./gapless deploy dev");
    });

    it("says that nothing serves yet where a first roll went back", () => {
        const serves = "serves     nothing yet: the load balancer answers every request with 503";
        assert.deepEqual(ends({ roll, serving: null }), [serves, "next       ./gapless status dev, mend it, then ./gapless deploy dev"]);
        assert.deepEqual(ends({ roll, serving: null, result: "stopped" }), [serves, "next       ./gapless deploy dev"]);
        assert.equal(ends({ serving: null })[0], "serves     nothing yet");
    });

    it("says of a way back that is blocked where the requests go", () => {
        const { rollbackResult, ...stuck } = failure;
        assert.equal(rollbackResult, "succeeded");
        const page = (requests: Failure["requests"]) => renderFailure({ ...stuck, result: "failed", instances: [], roll, ...(requests && { requests }) }, "dev").split("\n").slice(-2);
        assert.deepEqual(page([{ colour: "green", percent: 100, version: "bbbbbbbbbbbb" }]), [
            "serves     the load balancer sends 100 % of the requests to green, release bbbbbbbbbbbb", "next       ./gapless abort dev   tries the way back again",
        ]);
        assert.equal(page([{ colour: "blue", percent: 90 }, { colour: "green", percent: 10 }])[0], "serves     the load balancer sends 90 % of the requests to blue, and 10 % of the requests to green");
        assert.equal(page([])[0], "serves     nothing: the load balancer sends no requests to either colour");
        assert.equal(page(undefined)[0], "serves     release aaaaaaaaaaaa on blue, as far as its way back has come");
    });

    it("says that the roll back failed as well", () => {
        assert.match(renderFailure({ ...failure, result: "failed", rollbackResult: "failed" }, "dev"), /^Deployment d-1 of release bbbbbbbbbbbb failed, and so did its roll back d-2\.\n/);
    });

    for (const [errorCode, message, words] of [
        ["ScriptTimedOut", "timed out", "ValidateService, scripts/validate.sh, timed out, the script took longer than appspec.yml allows"],
        ["UnknownError", "CodeDeploy agent was not able to receive the lifecycle event.", "ValidateService, scripts/validate.sh, CodeDeploy agent was not able to receive the lifecycle event., the agent does not say why"],
        ["Brandnew", "x", "ValidateService, scripts/validate.sh, x, Brandnew"],
    ] as const) {
        it(`says ${errorCode} in words`, () => {
            assert.ok(renderFailure({ ...failure, instances: [{ ...validate, errorCode, message }] }, "dev").includes(`i-1  ${words}\n`));
        });
    }
});
