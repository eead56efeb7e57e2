import assert from "node:assert/strict";
import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { CodeDeployClient } from "@aws-sdk/client-codedeploy";
import { BatchDeleteImageCommand, BatchGetImageCommand } from "@aws-sdk/client-ecr";
import { DeleteObjectCommand } from "@aws-sdk/client-s3";
import { zipSync } from "fflate";
import { rollCommand } from "../../../cli/commands/roll";
import { rollbackCommand } from "../../../cli/commands/rollback";
import { storeRelease, trigger } from "../../../release/aws/releases";
import { roll as rollRelease } from "../../../release/aws/roll";
import { StageJournal } from "../../../release/aws/stage-journal";
import { breakLock, readLock, StageLock, withLock } from "../../../release/aws/stage-lock";
import { scripts } from "../../support/aws/code-deploy-double";
import { openStored, versions } from "../../support/aws/stored-releases";

type Stored = Awaited<ReturnType<typeof openStored>>;

async function roll(site: Stored, version: string, wait = 5) {
    const context = site.context();
    const code = await site.demo.here(() => rollCommand("dev", version, { wait }, context));
    return { code, context };
}

async function rollback(site: Stored, to?: number | string) {
    const context = site.context();
    const code = await site.demo.here(() => rollbackCommand("dev", { wait: 5, ...(to !== undefined && { to }) }, context));
    return { code, context };
}

function begin({ demo }: Stored, version: string): string {
    const { codeDeployApplication: application, deploymentGroup: group, releaseBucket: bucket } = demo.stage;
    return demo.codeDeploy.create({ application, group, revision: { revisionType: "S3", s3Location: { bucket, key: `releases/${version}.zip`, bundleType: "zip" } } });
}

const journalOf = async ({ s3, demo }: Stored) => (await new StageJournal(s3, demo.stage.releaseBucket).read()).entries;

describe("./gapless roll", () => {
    it("puts a release onto the fleet, writes it down and keeps its image, past trigger and pipeline", async () => {
        await using site = await openStored();
        const { code, context } = await roll(site, versions.a);
        assert.equal(code, 0);
        const [id = ""] = site.demo.codeDeploy.deployments.map(({ args }) => args.id);
        assert.deepEqual(context.printed, [{
            result: { stack: "dev", version: versions.a, deploymentId: id, result: "succeeded", failedInstances: [] }, text: `Release ${versions.a} serves in dev: ${site.demo.stage.url}`,
        }]);
        const [{ when, endedAt, who, bundleVersion, revision, ...entry } = assert.fail("nothing is written down"), ...others] = await journalOf(site);
        assert.deepEqual([entry, others], [{
            n: 1, version: versions.a, image: `${site.demo.stage.repository}@${site.images.get(versions.a)}`, commit: "c".repeat(40), by: "roll",
            deploymentId: id, result: "succeeded",
        }, []]);
        assert.ok(when < (endedAt ?? "") && who !== "" && bundleVersion !== "");
        assert.equal(revision, `s3://${site.demo.stage.releaseBucket}/releases/${versions.a}.zip?versionId=${bundleVersion}`);
        const { images } = await site.ecr.send(new BatchGetImageCommand({ repositoryName: "gapless-dev", imageIds: [{ imageTag: `deployed-${versions.a}` }] }));
        assert.equal(images?.[0]?.imageId?.imageDigest, site.images.get(versions.a));
        assert.deepEqual(site.demo.codePipeline.calls, [], "no pipeline is started, or asked");
        assert.deepEqual(site.demo.codePipeline.pipeline(site.demo.stage.pipeline).executions, []);
        assert.deepEqual(site.demo.door.requests.filter(request => request.includes("current.zip")), [], "the trigger is not touched");
    });

    it("does nothing when the release serves already", async () => {
        await using site = await openStored();
        await roll(site, versions.a);
        const { code, context } = await roll(site, versions.a);
        assert.equal(code, 0);
        assert.equal(context.printed[0]?.text, `Nothing new: release ${versions.a} serves in dev already: ${site.demo.stage.url}`);
        assert.equal(site.demo.codeDeploy.deployments.length, 1);
    });

    it("goes ahead with what served when a later deployment has failed: some instances may run that", async () => {
        await using site = await openStored();
        await roll(site, versions.a);
        site.demo.codeDeploy.next(scripts.fails(), scripts.fails());
        assert.equal((await roll(site, versions.b)).code, 1);
        assert.equal((await roll(site, versions.a)).code, 0);
        assert.deepEqual((await journalOf(site)).map(({ version, result }) => [version, result]), [[versions.a, "succeeded"], [versions.b, "failed"], [versions.a, "succeeded"]]);
    });

    it("goes ahead when the deployment that serves has left an instance out", async () => {
        await using site = await openStored({ instances: 4 });
        site.demo.codeDeploy.next(scripts.fails({ instances: [site.demo.instanceIds[3] ?? ""] }));
        assert.equal((await roll(site, versions.a)).code, 0);
        await roll(site, versions.a);
        assert.equal(site.demo.codeDeploy.deployments.length, 2);
    });

    it("exits 3 with the failure page when CodeDeploy has rolled back", async () => {
        await using site = await openStored();
        await roll(site, versions.a);
        site.demo.codeDeploy.next(scripts.fails());
        const { code, context } = await roll(site, versions.b);
        assert.equal(code, 3);
        const page = context.printed[0]?.text ?? "";
        const [, failed, back] = site.demo.codeDeploy.deployments.map(({ args }) => args.id);
        assert.ok(page.startsWith(`Deployment ${failed} of release ${versions.b} failed and was rolled back.\nwhy        too many instances failed (HEALTH_CONSTRAINTS): `), page);
        assert.ok(page.includes(`${site.demo.instanceIds[0]}  ValidateService, scripts/validate_service.sh, exit code 1, the script failed\n  last lines:\n    | health check answered 503\n`), page);
        assert.ok(page.includes(`\nserves     release ${versions.a}\n`), page);
        assert.deepEqual((await journalOf(site)).map(({ result, rollbackDeploymentId }) => [result, rollbackDeploymentId]), [["succeeded", undefined], ["rolledBack", back]]);
    });

    it("refuses a release whose bundle or image is gone, before anything moves", async () => {
        await using site = await openStored();
        await assert.rejects(roll(site, "0123456789ab"), { name: "DeliveryError", kind: "usage", message: /^There is no release 0123456789ab: / });
        await site.ecr.send(new BatchDeleteImageCommand({ repositoryName: "gapless-dev", imageIds: [{ imageDigest: site.images.get(versions.b) }] }));
        await assert.rejects(roll(site, versions.b), {
            name: "DeliveryError", kind: "usage", message: `Release ${versions.b} cannot be deployed: its image ${site.demo.stage.repository}@${site.images.get(versions.b)} is gone.`,
        });
        assert.deepEqual(site.demo.codeDeploy.deployments, []);
    });

    it("waits for the lock, and gives up with 4 when it is held", async () => {
        await using site = await openStored();
        const owner = { who: "bob", host: "elsewhere", pid: 7 };
        const lock = new StageLock(site.s3, site.demo.stage.releaseBucket, owner, site.clock);
        const { signal } = new AbortController();
        const tell = { step: () => undefined, warn: () => undefined };
        await withLock(lock, { stack: "dev", command: "up", waitMinutes: 0, clock: site.clock, tell, signal }, async () => {
            await assert.rejects(roll(site, versions.a, 1), { name: "DeliveryError", kind: "needsPerson", message: /up of bob/ });
        });
        assert.deepEqual(site.demo.codeDeploy.deployments, []);
    });

    it("leaves an entry that others settle when it is interrupted, and the lock free", async () => {
        await using site = await openStored();
        site.demo.codeDeploy.next(scripts.stuck());
        const context = site.context();
        site.clock.meanwhile(waits => { if (waits === 8) context.interrupt(); });
        await assert.rejects(site.demo.here(() => rollCommand("dev", versions.a, { wait: 5 }, context)), { name: "AbortError" });
        assert.match(context.told.at(-1) ?? "", /^warning: Deployment d-\S+ goes on\. .*\.\/gapless abort dev\.$/);
        assert.deepEqual((await journalOf(site)).map(({ result }) => result), ["inProgress"]);
        const lock = new StageLock(site.s3, site.demo.stage.releaseBucket, { who: "bob", host: "elsewhere", pid: 7 }, site.clock);
        assert.equal((await readLock(lock)).holder, null);
    });

    it("waits for somebody else's deployment before it asks for its own", async () => {
        await using site = await openStored();
        const { codeDeploy } = site.demo;
        const other = begin(site, versions.b);
        site.clock.meanwhile(() => { codeDeploy.advance(other); });
        const { code, context } = await roll(site, versions.a);
        assert.equal(code, 0);
        assert.match(context.told[0] ?? "", new RegExp(`^waiting for deployment ${other} `));
        assert.equal(codeDeploy.inputsOf("CreateDeployment").length, 1, "and is not refused");
    });

    it("waits for an instance refresh that has outlived its command", async () => {
        await using site = await openStored({ refreshes: [{ Status: "InProgress", PercentageComplete: 50 }, { Status: "Successful" }] });
        site.demo.refreshes.begin();
        const { code, context } = await roll(site, versions.a);
        assert.equal(code, 0);
        assert.match(context.told[0] ?? "", /^waiting for instance refresh \S+ of gapless-dev \(replacing: 50 %\)$/);
    });

    it("watches on when it has lost the lock", async () => {
        await using site = await openStored();
        const { codeDeploy, stage } = site.demo;
        const context = site.context();
        const tasks: (() => void)[] = [];
        const timer = { every: (_: number, task: () => void) => { tasks.push(task); return () => undefined; } };
        const lock = new StageLock(site.s3, stage.releaseBucket, { who: "bob", host: "elsewhere", pid: 7 }, site.clock);
        site.clock.meanwhile(async waits => {
            if (waits !== 3) return;
            const { holder } = await readLock(lock);
            assert.ok(holder && await breakLock(lock, holder));
            for (const task of tasks) task();
            while (!context.told.some(line => / was lost to /.test(line))) await new Promise(resolve => setImmediate(resolve));
        });
        const clients = { codeDeploy: new CodeDeployClient(site.demo.access), autoScaling: new AutoScalingClient(site.demo.access), s3: site.s3, ecr: site.ecr };
        const end = await rollRelease(clients, stage, { version: versions.a }, { ...context, by: "roll", owner: { who: "ann", host: "here", pid: 1 }, stack: "dev", waitMinutes: 1, timer });
        assert.equal(end?.result, "succeeded");
        assert.equal(codeDeploy.deployments[0]?.status, "Succeeded");
        assert.deepEqual((await journalOf(site)).map(({ result }) => result), ["succeeded"]);
    });

    it("leaves alone an image that is not in the stack's repository", async () => {
        await using site = await openStored();
        const version = "dddddddddddd";
        const zip = zipSync({ "release.env": new TextEncoder().encode(`IMAGE=123456789012.dkr.ecr.us-east-1.amazonaws.com/web@sha256:${"d".repeat(64)}\nVERSION=${version}\n`) });
        await storeRelease(site.s3, site.demo.stage.releaseBucket, { version, zip }, {});
        const { code, context } = await roll(site, version);
        assert.equal(code, 0);
        assert.deepEqual(context.told.filter(line => line.startsWith("warning")), []);
    });
});

describe("./gapless rollback", () => {
    it("chooses when nobody deploys any more: what came meanwhile is what it goes back from", async () => {
        await using site = await openStored();
        for (const version of [versions.a, versions.b]) await roll(site, version);
        const { codeDeploy, stage } = site.demo;
        const other = begin(site, versions.c);
        site.clock.meanwhile(async () => {
            if (codeDeploy.deployment(other).ended) return;
            codeDeploy.advance(other);
            await new StageJournal(site.s3, stage.releaseBucket).record({
                version: versions.c, image: "i@sha256:0", bundleVersion: "v", who: "bob", when: site.clock.now().toISOString(), by: "pipeline", deploymentId: other, result: "succeeded",
            });
        });
        const { context } = await rollback(site);
        assert.equal(context.printed[0]?.text, `Release ${versions.b} serves in dev: ${stage.url}`);
    });

    it("asks for --to where a success lies between that nobody wrote down", async () => {
        await using site = await openStored();
        await roll(site, versions.a);
        const { codeDeploy, stage } = site.demo;
        site.clock.pass(1);
        const unnamed = codeDeploy.create({
            application: stage.codeDeployApplication, group: stage.deploymentGroup,
            revision: { revisionType: "S3", s3Location: { bucket: "elsewhere", key: "x.zip", bundleType: "zip" } },
        });
        site.clock.pass(1);
        codeDeploy.advance(unnamed);
        await roll(site, versions.b);
        await assert.rejects(rollback(site), {
            kind: "usage",
            message: new RegExp(`^Deployment ${unnamed} of \\S+ has succeeded between release ${versions.a} and release ${versions.b}, .* cannot be told\\. These have served and are still there:\n {2}--to 1 `),
        });
        assert.equal((await rollback(site, 1)).code, 0);
    });

    it("warns of what the pipeline deploys after it, with how to stop that", async () => {
        await using site = await openStored({ approval: true });
        for (const version of [versions.a, versions.b]) await roll(site, version);
        const { codePipeline, stage } = site.demo;
        const zip = zipSync({ "release.env": new TextEncoder().encode(`IMAGE=registry.test/web@sha256:${"d".repeat(64)}\nVERSION=${versions.c}\n`) });
        await trigger(site.s3, stage.releaseBucket, { version: versions.c, zip }, {});
        await codePipeline.advance(stage.pipeline);
        const { code, context } = await rollback(site);
        assert.equal(code, 0);
        const [id = ""] = codePipeline.pipeline(stage.pipeline).executions.map(({ args }) => args.id);
        const warnings = context.told.filter(line => line.startsWith("warning"));
        assert.equal(warnings.length, 1);
        assert.match(warnings[0] ?? "", new RegExp(`^warning: pipeline ${stage.pipeline} goes on to deploy release ${versions.c} after this, by execution ${id}, `
            + `if a person approves it at \\S+\\. To stop it, reject it there: https://\\S+/${id}/`));
    });

    it("goes back to the release before, past alarms, and once more to the one before that", async () => {
        await using site = await openStored();
        for (const version of Object.values(versions)) await roll(site, version);
        const first = await rollback(site);
        assert.equal(first.code, 0);
        assert.equal(first.context.printed[0]?.text, `Release ${versions.b} serves in dev: ${site.demo.stage.url}`);
        assert.equal((await rollback(site)).context.printed[0]?.text, `Release ${versions.a} serves in dev: ${site.demo.stage.url}`);
        assert.deepEqual((await journalOf(site)).slice(3).map(({ version, by }) => [version, by]), [[versions.b, "rollback"], [versions.a, "rollback"]]);
        const inputs = site.demo.codeDeploy.inputsOf("CreateDeployment") as { readonly overrideAlarmConfiguration?: unknown }[];
        assert.deepEqual(inputs.map(({ overrideAlarmConfiguration }) => overrideAlarmConfiguration), [undefined, undefined, undefined, { enabled: false }, { enabled: false }]);
        await assert.rejects(rollback(site), { kind: "usage", message: /^Release aaaaaaaaaaaa is the first that has served, so there is none before it\. These have served and are still there:\n {2}--to 4 / });
    });

    it("goes to the number or version that it is told", async () => {
        await using site = await openStored();
        for (const version of Object.values(versions)) await roll(site, version);
        assert.equal((await rollback(site, 1)).context.printed[0]?.text, `Release ${versions.a} serves in dev: ${site.demo.stage.url}`);
        assert.equal((await rollback(site, versions.c)).context.printed[0]?.text, `Release ${versions.c} serves in dev: ${site.demo.stage.url}`);
    });

    it("refuses what is gone, and says how far one can go back", async () => {
        await using site = await openStored();
        for (const version of Object.values(versions)) await roll(site, version);
        await site.s3.send(new DeleteObjectCommand({ Bucket: site.demo.stage.releaseBucket, Key: `releases/${versions.b}.zip` }));
        const [first] = await journalOf(site);
        await assert.rejects(rollback(site), {
            name: "DeliveryError", kind: "usage",
            message: `There is no release ${versions.b}: s3://${site.demo.stage.releaseBucket}/releases/${versions.b}.zip does not exist. ./gapless status STACK says which releases are there. `
                + `These have served and are still there:\n  --to 1   release ${versions.a} of ${first?.when}\nChoose one with ./gapless rollback dev --to N, or see ./gapless history dev.`,
        });
        assert.equal(site.demo.codeDeploy.deployments.length, 3);
    });

    it("says so when nothing has ever served", async () => {
        await using site = await openStored();
        await assert.rejects(rollback(site), { kind: "usage", message: "Nothing has been deployed with success yet, so there is nothing to go back to. See ./gapless history dev." });
    });
});
