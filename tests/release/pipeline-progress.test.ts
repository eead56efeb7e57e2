import assert from "node:assert/strict";
import {
    type ActionState, deploymentOf, findRevision, goingOnOf, newsOf, outcomeOf, type PipelineState, reasonOf, variablesOf, waitingApproval,
} from "../../release/pipeline-progress";

const action = (about: Partial<ActionState>): ActionState => ({ stage: "Build", action: "Build", category: "Build", provider: "CodeBuild", status: "InProgress", variables: {}, ...about });
const approval = (about: Partial<ActionState> = {}) => action({ stage: "Approve", action: "Approve", category: "Approval", provider: "Manual", ...about });
const state = (status: string, ...actions: readonly ActionState[]): PipelineState => ({ executionId: "e-1", status, actions });

describe("progress of a pipeline", () => {
    for (const [status, outcome] of [
        ["InProgress", undefined], ["Stopping", undefined], ["Succeeded", "succeeded"], ["Failed", "failed"],
        ["Stopped", "stopped"], ["Superseded", "stopped"], ["Cancelled", "stopped"], ["", undefined],
    ] as const) {
        it(`is ${outcome ?? "not over"} when AWS says '${status}'`, () => {
            assert.equal(outcomeOf(state(status)), outcome);
        });
    }

    it("is told from the first look on, and then only where it has changed", () => {
        const first = state("InProgress", action({ stage: "Source", action: "Source", status: "Succeeded" }), approval());
        assert.deepEqual(newsOf(undefined, first, "LINK"), ["execution e-1: LINK", "Source is done", "Approve waits for a person to approve it: LINK"]);
        assert.deepEqual(newsOf(first, first, "LINK"), []);
        const next = state("InProgress", ...first.actions.slice(0, 1), approval({ status: "Succeeded" }), action({ stage: "Deploy", action: "Roll", externalId: "d-1" }));
        assert.deepEqual(newsOf(first, next, "LINK"), ["Approve is done", "Deploy/Roll runs (d-1)"]);
        assert.deepEqual(newsOf(next, state("Stopping", ...next.actions), "LINK"), ["somebody stops the pipeline"]);
        assert.deepEqual(newsOf(state("Stopping"), state("Stopping", action({ status: "Abandoned" }), approval({ status: "Failed" })), "LINK"), ["Build was abandoned", "Approve failed"]);
    });

    it("waits for a person only while it goes on", () => {
        assert.equal(waitingApproval(state("InProgress", action({}), approval()))?.stage, "Approve");
        assert.equal(waitingApproval(state("Stopped", approval())), undefined);
        assert.equal(waitingApproval(state("InProgress", action({}), approval({ status: "Succeeded" }))), undefined);
    });

    it("has a deployment when CodeDeploy has given it a name", () => {
        const deploy = action({ provider: "CodeDeploy" });
        assert.equal(deploymentOf(state("InProgress", action({ externalId: "build:1" }), deploy)), undefined);
        assert.equal(deploymentOf(state("InProgress", action({ externalId: "build:1" }), { ...deploy, externalId: "d-1" })), "d-1");
    });

    it("hands on what its actions do", () => {
        assert.deepEqual(variablesOf(state("Succeeded", action({ variables: { A: "1" } }), action({ variables: { B: "2" } }))), { A: "1", B: "2" });
    });

    for (const [what, ended, reason] of [
        ["of what failed, with the log", state("Failed", action({ status: "Failed", message: "Build terminated", url: "https://log" })), "Build failed: Build terminated\n    https://log"],
        ["of all that failed", state("Failed", action({ status: "Failed" }), action({ stage: "Other", status: "Failed", message: "no" })),
            "Build failed: CodePipeline gives no reason\nOther/Build failed: no"],
        ["of a rejection", state("Failed", approval({ status: "Failed", message: "not today" })), "Approve: a person has rejected the release: not today"],
        ["of a silent rejection", state("Failed", approval({ status: "Failed" })), "Approve: a person has rejected the release"],
        ["of having been overtaken", state("Superseded"), "Execution e-1 ended as Superseded: a newer release has overtaken this one."],
        ["of having been stopped", state("Stopped", action({ status: "Abandoned" })), "Execution e-1 ended as Stopped: somebody has stopped it."],
        ["of what nobody explains", state("Cancelled"), "Execution e-1 ended as Cancelled."],
    ] as const) {
        it(`gives the reason ${what}`, () => {
            assert.equal(reasonOf(ended), reason);
        });
    }
});

describe("a source revision among a pipeline's executions", () => {
    const execution = (executionId: string, status: string, ...revisions: readonly string[]) => ({ executionId, status, revisions });

    it("is in the newest execution that names it", () => {
        assert.deepEqual(findRevision("v2", [execution("e-3", "Succeeded", "v3"), execution("e-2b", "InProgress", "v2"), execution("e-2", "Failed", "v2")]), { executionId: "e-2b" });
    });

    it("may be behind the oldest one that goes on with another", () => {
        const executions = [execution("e-5", "InProgress"), execution("e-4", "InProgress", "v1b"), execution("e-3", "Stopping", "v1"), execution("e-2", "Succeeded", "v0")];
        assert.deepEqual(findRevision("v2", executions), { behind: "e-3" });
    });

    it("may be that of one that has not said what it is of", () => {
        assert.equal(findRevision("v2", [execution("e-3", "InProgress"), execution("e-2", "Succeeded", "v0")]), "starting");
    });

    it("is worked at by the execution that goes on, not by one that has ended", () => {
        const executions = [execution("e-3", "Succeeded", "v2"), execution("e-2", "InProgress", "v2"), execution("e-1", "InProgress", "v1")];
        assert.deepEqual([goingOnOf("v2", executions), goingOnOf("v1", executions), goingOnOf("v2", executions.slice(0, 1))], ["e-2", "e-1", undefined]);
    });

    it("is not in an idle pipeline", () => {
        assert.equal(findRevision("v2", [execution("e-1", "Failed", "v1"), execution("e-0", "Superseded")]), "idle");
        assert.equal(findRevision("v2", []), "idle");
    });
});
