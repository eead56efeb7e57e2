import assert from "node:assert/strict";
import { callsOf, CiHost, type CiRun, inTurn } from "./ci-host";

const execution = "11111111-2222-3333-4444-555555555555";
const failedAction = JSON.stringify([{
    stageName: "Deploy", actionName: "Roll", status: "Failed",
    output: { executionResult: { externalExecutionUrl: "https://console.test/d-1", errorDetails: { message: "Deployment d-1 failed" } } },
}]);

interface Story {
    /** Statuses of the execution, one each time it is asked. */
    readonly statuses: readonly string[];
    /** Names of actions under way, and of approvals among them. */
    readonly underWay?: string;
    readonly approval?: string;
    readonly failed?: string;
    /** The execution at each look into the list; `None` while it is not there. */
    readonly listed?: readonly string[];
}

function wait({ statuses, underWay = "Deploy/Roll", approval = "", failed = "[]", listed = [execution] }: Story, env: Record<string, string> = {}): CiRun & { clock: number } {
    using host = new CiHost();
    host.stub("aws", `case "$*" in
        *list-pipeline-executions*) ${inTurn("listed", ...listed)} ;;
        *get-pipeline-execution*) ${inTurn("asked", ...statuses)} ;;
        *category==*) printf '%s' '${approval}' ;;
        *"status=='InProgress'"*) echo '${underWay}' ;;
        *"status=='Failed'"*) echo '${failed}' ;;
        *) exit 252 ;;
    esac`);
    const run = host.script("await-pipeline", ["version-7"], env);
    return { ...run, clock: host.clockSeconds };
}

const look = `Look: aws codepipeline list-action-executions --pipeline-name web-deploy --filter pipelineExecutionId=${execution}`;

describe("waiting for the pipeline", () => {
    it("ends well when the execution of this version succeeds, and tells each change once", () => {
        const run = wait({ statuses: ["InProgress", "InProgress", "InProgress", "Succeeded"], listed: ["None", execution] });
        assert.equal(run.code, 0, run.output);
        assert.deepEqual(run.output.split("\n"), [
            "Waiting for pipeline web-deploy to take up version version-7", `Execution ${execution} of pipeline web-deploy`,
            "InProgress: Deploy/Roll", "Succeeded",
        ]);
        assert.match(callsOf(run, "aws")[0] ?? "", /--pipeline-name web-deploy .*\[\?sourceRevisions\[\?revisionId=='version-7'\]\]/);
    });

    it("asks no more often than every 5 seconds, and less often the longer nothing happens", () => {
        const run = wait({ statuses: [...Array<string>(10).fill("InProgress"), "Succeeded"] });
        const pauses = callsOf(run, "sleep").map(call => Number(call.split(" ")[1]));
        assert.deepEqual(pauses, [5, 10, 15, 20, 25, 30, 30, 30, 30, 30]);
    });

    it("says once that a person must approve", () => {
        const run = wait({ statuses: ["InProgress", "InProgress", "Succeeded"], underWay: "Approve/Approve", approval: "Approve/Approve" });
        assert.equal(run.code, 0, run.output);
        assert.equal(run.output.match(/Waiting for an approval: Approve\/Approve/g)?.length, 1);
    });

    it("fails with the action, its reason and where to look when the execution fails", () => {
        const run = wait({ statuses: ["InProgress", "Failed"], failed: failedAction });
        assert.equal(run.code, 1);
        assert.deepEqual(run.output.split("\n").slice(-4), [
            "Deploy/Roll failed: Deployment d-1 failed", "    https://console.test/d-1", "The execution ended as Failed.", look,
        ]);
    });

    it("takes the summary, or says that there is none, when an action gives no error", () => {
        const actions = [{ stageName: "A", actionName: "Approve", output: { executionResult: { externalExecutionSummary: "Rejected: not today" } } }, { stageName: "B", actionName: "C" }];
        const { output } = wait({ statuses: ["Failed"], failed: JSON.stringify(actions) });
        assert.match(output, /A\/Approve failed: Rejected: not today\nB\/C failed: no reason given\n/);
    });

    for (const status of ["Stopped", "Superseded", "Cancelled"]) {
        it(`takes ${status} for a failure`, () => {
            const run = wait({ statuses: ["InProgress", status] });
            assert.equal(run.code, 1);
            assert.deepEqual(run.output.split("\n").slice(-2), [`The execution ended as ${status}.`, look]);
        });
    }

    it("fails when the time is over", () => {
        const run = wait({ statuses: ["InProgress"] }, { GAPLESS_WAIT_MINUTES: "10" });
        assert.equal(run.code, 1);
        assert.ok(run.clock >= 600 && run.clock < 660, `${run.clock} s`);
        assert.deepEqual(run.output.split("\n").slice(-2), ["The execution is still InProgress after 10 minutes, and goes on.", look]);
    });

    it("fails with the code that asks for a person when the time is over and the approval missing", () => {
        const run = wait({ statuses: ["InProgress"], approval: "Approve/Approve" }, { GAPLESS_WAIT_MINUTES: "1" });
        assert.equal(run.code, 4);
        assert.match(run.output, /Approve\/Approve waits for an approval\.\nThe execution is still/);
    });

    it("fails after ten minutes when no execution appears", () => {
        const run = wait({ statuses: [], listed: ["None"] });
        assert.equal(run.code, 1);
        assert.ok(run.clock >= 600 && run.clock < 660, `${run.clock} s`);
        assert.deepEqual(run.output.split("\n").slice(-2), [
            "No execution of web-deploy has this version as its source. Does the rule that starts it work?",
            "Look: aws codepipeline list-pipeline-executions --pipeline-name web-deploy",
        ]);
    });

    it("fails when AWS does not answer", () => {
        using host = new CiHost();
        host.stub("aws", "echo AccessDenied >&2; exit 254");
        const { code, output } = host.script("await-pipeline", ["version-7"]);
        assert.notEqual(code, 0);
        assert.match(output, /AccessDenied/);
    });
});
