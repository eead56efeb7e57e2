import assert from "node:assert/strict";
import { callsOf, CiHost, type CiRun, inTurn } from "./ci-host";

const execution = "11111111-2222-3333-4444-555555555555";
const ahead = "99999999-2222-3333-4444-555555555555";
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
    /** At each look into the list: the execution, `None` while it is not there, and the oldest that is under way or `None`. */
    readonly listed?: readonly string[];
    /** Approvals that the execution ahead waits for. */
    readonly approvalAhead?: string;
    /** Bash that comes first whenever AWS is called. */
    readonly first?: string;
    /** What a sleep does besides passing the time. */
    readonly asleep?: string;
}

function wait({ statuses, underWay = "Deploy/Roll", approval = "", failed = "[]", listed = [`${execution} ${execution}`], approvalAhead = "", first = ":", asleep = ":" }: Story, env: Record<string, string> = {}): CiRun & { clock: number } {
    using host = new CiHost();
    host.stub("sleep", `echo $(($(cat "$HOST/clock") + $1)) >"$HOST/clock"; ${asleep}`);
    host.stub("aws", `${first}; case "$*" in
        *list-pipeline-executions*) ${inTurn("listed", ...listed)} ;;
        *get-pipeline-execution*) ${inTurn("asked", ...statuses)} ;;
        *pipelineExecutionId=${ahead}*category==*) printf '%s' '${approvalAhead}' ;;
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
        const run = wait({ statuses: ["InProgress", "InProgress", "InProgress", "Succeeded"], listed: ["None None", `${execution} ${execution}`] });
        assert.equal(run.code, 0, run.output);
        assert.deepEqual(run.output.split("\n"), [
            "Waiting for pipeline web-deploy to take up version version-7", `Execution ${execution} of pipeline web-deploy`,
            "InProgress: Deploy/Roll", "Succeeded",
        ]);
        assert.match(run.calls.join("\n"), /--pipeline-name web-deploy [^]*\[\?sourceRevisions\[\?revisionId=='version-7'\]\]/);
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
        const run = wait({ statuses: [], listed: ["None None"] });
        assert.equal(run.code, 1);
        assert.ok(run.clock >= 600 && run.clock < 660, `${run.clock} s`);
        assert.deepEqual(run.output.split("\n").slice(-2), [
            "No execution of web-deploy has this version as its source. Does the rule that starts it work?",
            "Look: aws codepipeline list-pipeline-executions --pipeline-name web-deploy",
        ]);
    });

    it("waits behind an execution that waits for an approval, however long, and names it", () => {
        const run = wait({ statuses: ["Succeeded"], listed: [...Array<string>(60).fill(`None ${ahead}`), `${execution} ${execution}`], approvalAhead: "Approve/Approve" });
        assert.equal(run.code, 0, run.output);
        assert.ok(run.clock > 900, `${run.clock} s`);
        assert.deepEqual(run.output.split("\n").map(line => line.replace(/ Approve or.*/, "")), [
            `Waiting behind execution ${ahead}, which waits for an approval: Approve/Approve.`, `Execution ${execution} of pipeline web-deploy`, "Succeeded",
        ]);
    });

    it("gives an execution ten minutes to appear once the pipeline is idle", () => {
        const run = wait({ statuses: [], listed: [...Array<string>(60).fill(`None ${ahead}`), "None None"] });
        assert.equal(run.code, 1);
        assert.match(run.output, /^Waiting behind execution 9{8}\S+ of pipeline web-deploy\nWaiting for pipeline web-deploy to take up version version-7\nNo execution/);
        assert.ok(run.clock >= 60 * 25 + 600 && run.clock < 60 * 30 + 660, `${run.clock} s`);
    });

    for (const [what, approvalAhead, code] of [["works", "", 1], ["needs a person", "Approve/Approve", 4]] as const) {
        it(`ends with ${code} when the time is over and the execution ahead still ${what}`, () => {
            const run = wait({ statuses: [], listed: [`None ${ahead}`], approvalAhead }, { GAPLESS_WAIT_MINUTES: "20" });
            assert.equal(run.code, code);
            assert.ok(run.clock >= 1200 && run.clock < 1260, `${run.clock} s`);
            assert.deepEqual(run.output.split("\n").slice(-2), [
                `Execution ${ahead} is still under way after 20 minutes. Version version-7 comes after it.`,
                "Look: aws codepipeline list-pipeline-executions --pipeline-name web-deploy",
            ]);
        });
    }

    for (const call of ["list-pipeline-executions", "get-pipeline-execution", "list-action-executions"]) {
        it(`goes on when ${call} fails for a minute`, () => {
            const run = wait({
                statuses: ["InProgress", "Succeeded"],
                first: `if [[ "$*" == *${call}* ]] && [ "$(cat "$HOST/clock")" -lt 60 ]; then echo "Could not connect" >&2; exit 255; fi`,
                listed: [`${execution} ${execution}`],
            });
            assert.equal(run.code, 0, run.output);
            assert.equal(run.lastLine, "Succeeded");
        });
    }

    it("gives up when AWS does not answer for minutes, and says that the execution goes on and how to look", () => {
        const run = wait({ statuses: ["InProgress"], first: `if [[ "$*" == *get-pipeline-execution* ]]; then echo "Could not connect" >&2; exit 255; fi` });
        assert.equal(run.code, 1);
        assert.ok(run.clock >= 300 && run.clock < 360, `${run.clock} s`);
        assert.deepEqual(run.output.split("\n").slice(-3), [
            "Asked in vain, and asks again: Could not connect", "AWS has not answered for 5 minutes or the time is over. The pipeline goes on.", look,
        ]);
    });

    for (const signal of ["TERM", "INT"]) {
        it(`says at SIG${signal} that the execution goes on, and how to stop it`, () => {
            const run = wait({ statuses: ["InProgress"], asleep: `kill -${signal} $PPID` });
            assert.equal(run.code, 130);
            assert.equal(run.lastLine, "The execution goes on; to stop it: "
                + `aws codepipeline stop-pipeline-execution --pipeline-name web-deploy --pipeline-execution-id ${execution}`);
        });
    }

    it("says at SIGTERM that an execution will come which is not there yet", () => {
        const run = wait({ statuses: [], listed: ["None None"], asleep: "kill -TERM $PPID" });
        assert.equal(run.code, 130);
        assert.match(run.output, /\nThe pipeline takes up version version-7 all the same\.\nLook: aws codepipeline list-pipeline-executions/);
    });
});
