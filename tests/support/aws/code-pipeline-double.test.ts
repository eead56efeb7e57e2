import assert from "node:assert/strict";
import {
    CodePipelineClient, GetPipelineStateCommand, ListActionExecutionsCommand, ListPipelineExecutionsCommand, PutApprovalResultCommand,
} from "@aws-sdk/client-codepipeline";
import { CodeDeployDouble, scripts } from "./code-deploy-double";
import { CodePipelineDouble, type CodePipelineDoubleArgs, type DeployPipelineArgs } from "./code-pipeline-double";

describe("the double of CodePipeline", () => {
    it("takes a release from its source to its deployment, and records it when it serves", async () => {
        const recorded: unknown[] = [];
        await using site = await open({ record: about => void recorded.push(about.revision, about.deploymentId) });
        site.pipeline.sourceChanged("web", "version-1");
        const [execution] = await site.executions();
        assert.deepEqual(execution?.sourceRevisions, [], "nobody knows before the source is there");
        await site.pipeline.advance("web");
        const [deployment] = site.codeDeploy.deployments;
        assert.equal(deployment?.args.revision.s3Location?.version, "copy-of-version-1");
        site.codeDeploy.advance(deployment.args.id);
        await site.pipeline.advance("web", 3);
        const [end] = await site.executions();
        assert.deepEqual([end?.status, end?.sourceRevisions?.[0]?.revisionId], ["Succeeded", "version-1"]);
        assert.deepEqual(recorded, ["version-1", deployment.args.id]);
    });

    it("fails with its deployment", async () => {
        await using site = await open();
        site.codeDeploy.next(scripts.fails());
        site.pipeline.sourceChanged("web", "version-1");
        await site.pipeline.advance("web");
        site.codeDeploy.advance("d-TEST00001");
        await site.pipeline.advance("web");
        const { actionExecutionDetails: [action] = [] } = await site.client.send(new ListActionExecutionsCommand({ pipelineName: "web" }));
        assert.deepEqual([action?.stageName, action?.status, action?.output?.executionResult?.externalExecutionId], ["Deploy", "Failed", "d-TEST00001"]);
        assert.deepEqual((await site.executions()).map(({ status }) => status), ["Failed"]);
    });

    it("waits for a person, and lets the next release wait behind", async () => {
        await using site = await open({ approval: true }, { actionsPerPoll: 0 });
        site.pipeline.sourceChanged("web", "version-1");
        await site.pipeline.advance("web");
        site.pipeline.sourceChanged("web", "version-2");
        await site.pipeline.advance("web", 5);
        const approve = await site.stage("Approve");
        assert.equal(approve?.inboundExecutions?.length, 1);
        const token = approve.actionStates?.[0]?.latestExecution?.token;
        const answer = { pipelineName: "web", stageName: "Approve", actionName: "Approve", result: { status: "Approved", summary: "fine" } } as const;
        await assert.rejects(site.client.send(new PutApprovalResultCommand({ ...answer, token: "another" })), { name: "InvalidApprovalTokenException" });
        await site.client.send(new PutApprovalResultCommand({ ...answer, token }));
        await site.pipeline.advance("web");
        assert.deepEqual(site.codeDeploy.deployments.map(({ args }) => args.revision.s3Location?.version), ["copy-of-version-1"]);
    });

    it("shows an execution only some reads after its source has changed, as EventBridge takes its time", async () => {
        await using site = await open();
        site.pipeline.sourceChanged("web", "version-1", 2);
        assert.deepEqual([(await site.executions()).length, (await site.executions()).length, (await site.executions()).length], [0, 0, 1]);
    });

    it("lists executions by pages, the newest first", async () => {
        await using site = await open({}, { pageSize: 2, actionsPerPoll: 0 });
        for (const version of ["1", "2", "3"]) site.pipeline.sourceChanged("web", version);
        await site.pipeline.advance("web", 3);
        const first = await site.client.send(new ListPipelineExecutionsCommand({ pipelineName: "web" }));
        const second = await site.client.send(new ListPipelineExecutionsCommand({ pipelineName: "web", nextToken: first.nextToken }));
        const revisions = [first, second].map(page => page.pipelineExecutionSummaries?.map(({ sourceRevisions }) => sourceRevisions?.[0]?.revisionId));
        assert.deepEqual([revisions, second.nextToken], [[["3", "2"], ["1"]], undefined]);
    });
});

async function open(about: Partial<DeployPipelineArgs> = {}, args: CodePipelineDoubleArgs = {}) {
    const codeDeploy = await CodeDeployDouble.start();
    codeDeploy.addGroup({ application: "web", group: "dev", instances: ["i-1", "i-2"] });
    const pipeline = await CodePipelineDouble.start({ codeDeploy, ...args });
    pipeline.addDeployPipeline({ name: "web", bucket: "releases", application: "web", group: "dev", ...about });
    const client = new CodePipelineClient(pipeline.access);
    return {
        codeDeploy, pipeline, client,
        executions: async () => (await client.send(new ListPipelineExecutionsCommand({ pipelineName: "web" }))).pipelineExecutionSummaries ?? [],
        stage: async (name: string) =>
            (await client.send(new GetPipelineStateCommand({ name: "web" }))).stageStates?.find(({ stageName }) => stageName === name),
        [Symbol.asyncDispose]: async () => {
            client.destroy();
            await pipeline[Symbol.asyncDispose]();
            await codeDeploy[Symbol.asyncDispose]();
        },
    };
}
