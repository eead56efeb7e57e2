import assert from "node:assert/strict";
import { abortCommand } from "../../../cli/commands/abort";
import { trigger } from "../../../release/aws/releases";
import { StageJournal } from "../../../release/aws/stage-journal";
import { scripts } from "../../support/aws/code-deploy-double";
import { openStored, versions } from "../../support/aws/stored-releases";

type Stored = Awaited<ReturnType<typeof openStored>>;

async function abort(site: Stored, context = site.context()) {
    return { code: await site.demo.here(() => abortCommand("dev", { wait: 30 }, context)), context };
}

function begin({ demo }: Stored): string {
    const { codeDeployApplication: application, deploymentGroup: group, releaseBucket: bucket } = demo.stage;
    const revision = { revisionType: "S3", s3Location: { bucket, key: `releases/${versions.b}.zip`, bundleType: "zip" } } as const;
    return demo.codeDeploy.create({ application, group, revision, description: `release ${versions.b} by bob` });
}

describe("./gapless abort", () => {
    it("stops the deployment that runs, and watches the roll back", async () => {
        await using site = await openStored({ serves: versions.a });
        site.demo.codeDeploy.next(scripts.stuck());
        const id = begin(site);
        const { code, context } = await abort(site);
        assert.equal(code, 0);
        assert.deepEqual(site.demo.codeDeploy.inputsOf("StopDeployment"), [{ deploymentId: id, autoRollbackEnabled: true }]);
        assert.equal(context.printed[0]?.text, `Deployment ${id} was stopped and rolled back: the release before serves in dev again.`);
        assert.equal(context.told[0], `stopping deployment ${id} (release ${versions.b} by bob), which runs since 2026-01-01T00:00:00Z`);
    });

    it("writes the end to the entry of whoever has begun it, and makes none", async () => {
        await using site = await openStored({ serves: versions.a });
        const { codeDeploy, stage } = site.demo;
        const journal = new StageJournal(site.s3, stage.releaseBucket);
        codeDeploy.next(scripts.stuck(), scripts.succeeds(), scripts.stuck());
        const id = begin(site);
        const entry = { version: versions.b, image: "i@sha256:0", bundleVersion: "v", who: "bob", when: site.clock.now().toISOString(), by: "roll", deploymentId: id, result: "inProgress" } as const;
        await journal.record(entry);
        assert.equal((await abort(site)).code, 0);
        const { entries: [written] } = await journal.read();
        assert.deepEqual(written, {
            ...entry, n: 1, result: "stopped", reason: "MANUAL_STOP: The deployment was stopped.", rollbackDeploymentId: codeDeploy.deployments[2]?.args.id, endedAt: site.clock.now().toISOString(),
        });
        begin(site);
        assert.equal((await abort(site)).code, 0);
        assert.equal((await journal.read()).entries.length, 1);
    });

    it("stops no roll back of CodeDeploy's own, and watches it", async () => {
        await using site = await openStored({ serves: versions.a });
        const { codeDeploy } = site.demo;
        codeDeploy.next(scripts.fails());
        const id = begin(site);
        codeDeploy.advance(id);
        const back = codeDeploy.deployments.at(-1)?.args.id;
        const { code, context } = await abort(site);
        assert.equal(code, 0);
        assert.deepEqual(codeDeploy.inputsOf("StopDeployment"), []);
        assert.ok(context.told[0]?.startsWith(`deployment ${id} is being taken back already, so nothing is stopped: deployment ${back} `), context.told[0]);
        assert.equal(context.printed[0]?.text, `Deployment ${id} failed and was rolled back: the release before serves in dev again.`);
    });

    it("needs nothing else where a pipeline has made the deployment: its execution fails by it", async () => {
        await using site = await openStored({ serves: versions.a });
        const { codeDeploy, codePipeline, stage } = site.demo;
        codeDeploy.next(scripts.stuck());
        await trigger(site.s3, stage.releaseBucket, { version: versions.b, zip: new Uint8Array([1]) }, {});
        await codePipeline.advance(stage.pipeline, 3);
        assert.equal(codeDeploy.deployments.length, 2, "the pipeline is in its stage Deploy");
        assert.equal((await abort(site)).code, 0);
        await codePipeline.advance(stage.pipeline);
        assert.deepEqual(codePipeline.pipeline(stage.pipeline).executions.map(({ status }) => status), ["Failed"]);
    });

    it("fails with the failure page when nothing could be rolled back", async () => {
        await using site = await openStored();
        const id = begin(site);
        const { code, context } = await abort(site);
        assert.equal(code, 1);
        assert.ok(context.printed[0]?.text.startsWith(`Deployment ${id} of release ${versions.b} was stopped.\nwhy        somebody stopped it (MANUAL_STOP): `), context.printed[0]?.text);
    });

    it("is done when there is nothing to stop", async () => {
        await using site = await openStored();
        const { code, context } = await abort(site);
        assert.equal(code, 0);
        assert.deepEqual(context.printed, [{ result: { stack: "dev", result: "nothingToDo", waiting: [] }, text: "Nothing is being deployed to dev, so nothing was stopped." }]);
    });

    it("says how to reject a release that waits for a person, and leaves it alone", async () => {
        await using site = await openStored({ approval: true });
        await trigger(site.s3, site.demo.stage.releaseBucket, { version: versions.a, zip: new Uint8Array([1]) }, {});
        await site.demo.codePipeline.advance(site.demo.stage.pipeline);
        const { code, context } = await abort(site);
        assert.equal(code, 0);
        assert.match(context.printed[0]?.text ?? "", /^Nothing is being deployed to dev, so nothing was stopped\.\nExecution \S+ waits at \S+ for a person\. To stop it, reject it there: https:\/\/eu-central-1\.console/);
    });

    it("fails when the deployment was faster, and says how to go back", async () => {
        await using site = await openStored({ serves: versions.a });
        const id = begin(site);
        const context = site.context();
        // Between the look and the stop.
        const step = (text: string): void => {
            context.tell.step(text);
            if (text.startsWith("stopping")) site.demo.codeDeploy.advance(id);
        };
        const { code } = await abort(site, { ...context, tell: { ...context.tell, step } });
        assert.equal(code, 1);
        assert.equal(context.printed[0]?.text, `Too late: deployment ${id} has succeeded, and its release serves. To go back: ./gapless rollback dev`);
    });
});
