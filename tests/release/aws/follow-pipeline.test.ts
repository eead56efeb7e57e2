import assert from "node:assert/strict";
import { CodeDeployClient } from "@aws-sdk/client-codedeploy";
import { CodePipelineClient, PutApprovalResultCommand } from "@aws-sdk/client-codepipeline";
import { followPipeline, type PipelineEnd, type PipelineSource } from "../../../release/aws/follow-pipeline";
import { startBuild, startRelease } from "../../../release/aws/pipelines";
import { CodeDeployDouble, scripts } from "../../support/aws/code-deploy-double";
import { type Build, CodePipelineDouble } from "../../support/aws/code-pipeline-double";
import { FakeClock } from "../../support/aws/fake-clock";

interface SiteArgs {
    readonly approval?: boolean;
    readonly record?: Build;
    readonly build?: Build;
    /** @default 1 */
    readonly actionsPerPoll?: number;
}

/** A deploy pipeline `web` and a build pipeline `build` of doubles, and who follows them. */
class Site implements AsyncDisposable {
    readonly told: string[] = [];
    readonly stop = new AbortController();

    private constructor(readonly clock: FakeClock, readonly codeDeploy: CodeDeployDouble, readonly codePipeline: CodePipelineDouble) {}

    static async open({ approval = false, record = () => undefined, build = () => undefined, actionsPerPoll = 1 }: SiteArgs = {}): Promise<Site> {
        const clock = new FakeClock();
        const now = (): Date => clock.now();
        const codeDeploy = await CodeDeployDouble.start({ now });
        codeDeploy.addGroup({ application: "web", group: "dev", instances: ["i-1", "i-2"], autoRollback: false });
        const codePipeline = await CodePipelineDouble.start({ now, codeDeploy, actionsPerPoll });
        codePipeline.addDeployPipeline({ name: "web", bucket: "releases", application: "web", group: "dev", approval, record });
        codePipeline.addBuildPipeline({ name: "build", source: { connectionArn: "arn:c", repository: "acme/web", branch: "main" }, build });
        return new Site(clock, codeDeploy, codePipeline);
    }

    get client(): CodePipelineClient {
        return new CodePipelineClient(this.codePipeline.access);
    }

    follow(pipeline: string, source: PipelineSource, waitMinutes = 60, deadline?: number): Promise<PipelineEnd> {
        const tell = { step: (text: string) => void this.told.push(text), warn: (text: string) => void this.told.push(`warning: ${text}`) };
        const clients = { codePipeline: this.client, codeDeploy: new CodeDeployClient(this.codeDeploy.access) };
        return followPipeline(clients, pipeline, source, { stack: "dev", clock: this.clock, signal: this.stop.signal, tell, waitMinutes, ...(deadline !== undefined && { deadline }) });
    }

    /** Id of the pipeline's nth execution. */
    executionId(n = 0, pipeline = "web"): string {
        return this.codePipeline.pipeline(pipeline).executions[n]?.args.id ?? "";
    }

    get deploymentId(): string {
        return this.codeDeploy.deployments[0]?.args.id ?? "";
    }

    async [Symbol.asyncDispose](): Promise<void> {
        await this.codePipeline[Symbol.asyncDispose]();
        await this.codeDeploy[Symbol.asyncDispose]();
    }
}

const view = "https://eu-central-1.console.aws.amazon.com/codesuite/codepipeline/pipelines/web/view?region=eu-central-1";
const link = (id: string, pipeline = "web") => `https://eu-central-1.console.aws.amazon.com/codesuite/codepipeline/pipelines/${pipeline}/executions/${id}/timeline?region=eu-central-1`;

describe("following a pipeline", () => {
    it("finds the execution of a release, tells its stages and its deployment, and ends with the pipeline", async () => {
        await using site = await Site.open();
        site.codePipeline.sourceChanged("web", "v1", 2);
        const end = await site.follow("web", { objectVersion: "v1" });
        const id = site.executionId();
        assert.deepEqual(end, {
            result: "succeeded", executionId: id, variables: {}, deployment: { deploymentId: site.deploymentId, result: "succeeded", failedInstances: [] },
        });
        assert.equal(site.told[0], "waiting for pipeline web to take up the release");
        assert.ok(site.told.includes(`execution ${id}: ${link(id)}`), site.told.join("\n"));
        assert.deepEqual(site.told.filter(line => /^(Source|Deploy|Record) /.test(line)), [
            "Source is done", `Deploy runs (${site.deploymentId})`, "Deploy is done", "Record is done",
        ]);
    });

    it("asks no faster than every two seconds, and ever more rarely while nothing changes", async () => {
        await using site = await Site.open({ approval: true });
        site.codePipeline.sourceChanged("web", "v1");
        await site.follow("web", { objectVersion: "v1" }, 1);
        assert.ok(site.clock.waits.every(seconds => seconds >= 2 && seconds <= 10), site.clock.waits.join());
        assert.equal(site.clock.waits.at(-1), 10);
    });

    it("ends as waiting when nobody agrees in time, and says where to", async () => {
        await using site = await Site.open({ approval: true });
        site.codePipeline.sourceChanged("web", "v1");
        const end = await site.follow("web", { objectVersion: "v1" }, 30);
        const id = site.executionId();
        assert.deepEqual(end, {
            result: "waiting", executionId: id, variables: {},
            reason: `Approve still waits for a person after 30 minutes. Approve or reject it, and the pipeline goes on by itself: ${link(id)}`,
        });
        assert.ok(site.told.includes(`Approve waits for a person to approve it: ${link(id)}`), site.told.join("\n"));
        assert.equal(site.codeDeploy.deployments.length, 0);
    });

    it("goes on when somebody agrees", async () => {
        await using site = await Site.open({ approval: true });
        site.codePipeline.sourceChanged("web", "v1");
        site.clock.meanwhile(async waits => { if (waits === 5) await answer(site, "Approved"); });
        assert.equal((await site.follow("web", { objectVersion: "v1" })).result, "succeeded");
    });

    it("ends as failed when somebody rejects", async () => {
        await using site = await Site.open({ approval: true });
        site.codePipeline.sourceChanged("web", "v1");
        site.clock.meanwhile(async waits => { if (waits === 5) await answer(site, "Rejected"); });
        const { result, reason = "", deployment } = await site.follow("web", { objectVersion: "v1" });
        assert.deepEqual([result, deployment], ["failed", undefined]);
        assert.match(reason, /^Approve: a person has rejected the release/);
    });

    it("hands on how a failed deployment ended", async () => {
        await using site = await Site.open();
        site.codeDeploy.next(scripts.fails());
        site.codePipeline.sourceChanged("web", "v1");
        const { result, deployment, reason } = await site.follow("web", { objectVersion: "v1" });
        assert.deepEqual([result, deployment?.result, deployment?.failedInstances.map(({ event }) => event)], ["failed", "failed", ["ValidateService"]]);
        assert.match(reason ?? "", new RegExp(`^Deploy failed: Deployment ${site.deploymentId} failed`));
    });

    it("is a failure when the release serves and could not be recorded", async () => {
        await using site = await Site.open({ record: () => { throw new Error("no permission"); } });
        site.codePipeline.sourceChanged("web", "v1");
        const { result, deployment, reason } = await site.follow("web", { objectVersion: "v1" });
        assert.deepEqual([result, deployment?.result], ["failed", "succeeded"]);
        assert.match(reason ?? "", /^Record failed: /);
    });

    it("hands on what a build exports, and where its log is when it fails", async () => {
        await using site = await Site.open({ build: ({ revision }) => ({ GAPLESS_OBJECT_VERSION: `of ${revision}` }) });
        const commit = "c".repeat(40);
        const good = await startBuild(site.client, "build", commit, site.stop.signal);
        assert.deepEqual(site.codePipeline.inputsOf("StartPipelineExecution"), [
            { name: "build", sourceRevisions: [{ actionName: "Source", revisionType: "COMMIT_ID", revisionValue: commit }], clientRequestToken: requestToken(site) },
        ]);
        assert.deepEqual(await site.follow("build", { executionId: good }), { result: "succeeded", executionId: good, variables: { GAPLESS_OBJECT_VERSION: `of ${commit}` } });

        await using broken = await Site.open({ build: () => { throw new Error("npm ci failed"); } });
        const bad = await broken.follow("build", { executionId: await startBuild(broken.client, "build", commit, broken.stop.signal) });
        assert.equal(bad.result, "failed");
        assert.match(bad.reason ?? "", /^Build failed: .*\n {4}https:\/\//);
    });

    it("waits behind other releases, and says so when the time is over", async () => {
        await using site = await Site.open({ approval: true });
        site.codePipeline.sourceChanged("web", "v1");
        site.codePipeline.sourceChanged("web", "v2");
        // The first waits for a person in the only place there is; v3 has not even got its source.
        const end = await site.follow("web", { objectVersion: "unseen" }, 20);
        const ahead = site.executionId();
        assert.deepEqual(site.told, ["waiting for pipeline web to take up the release", `waiting behind execution ${ahead} of pipeline web`]);
        assert.deepEqual(end, {
            result: "waiting", variables: {},
            reason: `Execution ${ahead}, which is ahead, still waits for a person at Approve after 20 minutes: ${link(ahead)}\nThis release comes after it by itself.`,
        });
    });

    it("gives an idle pipeline ten minutes to hear of a release, and then asks whether its rule works", async () => {
        await using site = await Site.open();
        const end = await site.follow("web", { objectVersion: "v1" });
        assert.deepEqual(end, {
            result: "notStarted", variables: {},
            reason: `No execution of pipeline web has version v1 of the release as its source. Does the rule that starts it work? Look: ${view}`,
        });
        assert.ok(site.clock.waited >= 600 && site.clock.waited < 620, String(site.clock.waited));
    });

    it("does not take an idle pipeline for a broken one while executions ahead took their time", async () => {
        await using site = await Site.open({ approval: true });
        site.codePipeline.sourceChanged("web", "v1");
        let ended = false;
        site.clock.meanwhile(() => {
            const [ahead] = site.codePipeline.pipeline("web").executions;
            if (!ended && site.clock.waited >= 660) {
                ended = true;
                ahead?.current?.fail("JobFailed", "not this one");
            }
            if (site.clock.waited >= 960 && site.codePipeline.pipeline("web").executions.length === 1) site.codePipeline.sourceChanged("web", "v2");
        });
        const { result, executionId } = await site.follow("web", { objectVersion: "v2" }, 30);
        assert.deepEqual([result, executionId], ["waiting", site.executionId(1)]);
    });

    it("does not blame the rule when the time is over before it may have worked", async () => {
        await using site = await Site.open();
        const { result, reason } = await site.follow("web", { objectVersion: "v1" }, 5);
        assert.deepEqual([result, reason], ["unfinished", `Pipeline web has not taken up version v1 of the release after 5 minutes. It still may: ${view}`]);
    });

    it("watches a deployment and what comes after it past the time that it may wait", async () => {
        let recorded = (): void => undefined;
        await using site = await Site.open({ record: () => new Promise(resolve => { recorded = () => { resolve(undefined); }; }) });
        site.codePipeline.sourceChanged("web", "v1");
        let late = 0;
        site.clock.meanwhile(() => {
            if (site.codeDeploy.deployments.length === 0) return;
            if (late === 0) site.clock.pass(120);
            late += 1;
            if (late > 60) recorded();
        });
        assert.equal((await site.follow("web", { objectVersion: "v1" }, 1)).result, "succeeded");
    });

    it("waits no longer than until the command's own deadline", async () => {
        await using site = await Site.open({ approval: true });
        site.codePipeline.sourceChanged("web", "v1");
        const { reason } = await site.follow("web", { objectVersion: "v1" }, 30, site.clock.now().getTime() + 5 * 60_000);
        assert.match(reason ?? "", /^Approve still waits for a person after 30 minutes/);
        assert.ok(site.clock.waited < 320, String(site.clock.waited));
    });

    it("starts a pipeline for a release that it had before, and follows that execution", async () => {
        await using site = await Site.open();
        const executionId = await startRelease(site.client, "web", "v1", site.stop.signal);
        assert.deepEqual(site.codePipeline.inputsOf("StartPipelineExecution"), [
            { name: "web", sourceRevisions: [{ actionName: "Source", revisionType: "S3_OBJECT_VERSION_ID", revisionValue: "v1" }], clientRequestToken: requestToken(site) },
        ]);
        assert.equal((await site.follow("web", { executionId })).executionId, executionId);
    });

    it("starts nothing more after Ctrl-C", async () => {
        await using site = await Site.open();
        site.stop.abort();
        await assert.rejects(startBuild(site.client, "build", "c".repeat(40), site.stop.signal), { name: "AbortError" });
        await assert.rejects(startRelease(site.client, "web", "v1", site.stop.signal), { name: "AbortError" });
        assert.deepEqual(site.codePipeline.calls, []);
    });

    it("is stopped with the pipeline, which is no success", async () => {
        await using site = await Site.open({ approval: true });
        site.codePipeline.sourceChanged("web", "v1");
        site.clock.meanwhile(waits => { if (waits === 4) site.codePipeline.pipeline("web").executions[0]?.enter("Superseded"); });
        const { result, reason } = await site.follow("web", { objectVersion: "v1" });
        assert.deepEqual([result, reason], ["stopped", `Execution ${site.executionId()} ended as Superseded: a newer release has overtaken this one.`]);
    });

    it("bears it when AWS cannot be asked for a while, and reports no success that it has not seen", async () => {
        await using site = await Site.open();
        site.codePipeline.sourceChanged("web", "v1");
        site.codePipeline.faults.drop(3, "GetPipelineExecution");
        assert.equal((await site.follow("web", { objectVersion: "v1" })).result, "succeeded");
        assert.ok(site.told.some(line => line.startsWith("warning: AWS cannot be asked now")), site.told.join("\n"));

        await using cut = await Site.open();
        cut.codePipeline.sourceChanged("web", "v1");
        cut.codePipeline.faults.throttle(10_000);
        await assert.rejects(cut.follow("web", { objectVersion: "v1" }), (error: Error) => {
            assert.match(error.message, /^AWS could not be asked for 10 minutes.* Pipeline web takes up the release all the same \(version v1 of its source\)\. To see what comes of it: \.\/gapless status dev$/);
            return true;
        });
    });

    it("says at Ctrl-C that the pipeline goes on, and how to stop it", async () => {
        await using site = await Site.open({ approval: true });
        site.codePipeline.sourceChanged("web", "v1");
        site.clock.meanwhile(waits => { if (waits === 5) site.stop.abort(); });
        await assert.rejects(site.follow("web", { objectVersion: "v1" }), { name: "AbortError" });
        const id = site.executionId();
        assert.equal(site.told.at(-1), `warning: Execution ${id} of pipeline web goes on: ${link(id)}\nTo see what comes of it: ./gapless status dev. To stop its deployment: ./gapless abort dev`);
    });
});

function requestToken(site: Site): unknown {
    return (site.codePipeline.inputsOf("StartPipelineExecution")[0] as { readonly clientRequestToken?: unknown }).clientRequestToken;
}

async function answer(site: Site, status: "Approved" | "Rejected"): Promise<void> {
    const token = site.codePipeline.pipeline("web").executions[0]?.current?.token;
    await site.client.send(new PutApprovalResultCommand({ pipelineName: "web", stageName: "Approve", actionName: "Approve", token, result: { status, summary: "by a test" } }));
}
