import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { CodeDeployClient, GetDeploymentCommand } from "@aws-sdk/client-codedeploy";
import { ECRClient, PutImageCommand } from "@aws-sdk/client-ecr";
import { S3Client } from "@aws-sdk/client-s3";
import { strToU8, zipSync } from "fflate";
import { historyCommand } from "../../../cli/commands/history";
import { statusCommand } from "../../../cli/commands/status";
import { findStage } from "../../../release/aws/find-stage";
import { nameOfRevision, readHistory } from "../../../release/aws/history";
import { storeRelease, trigger } from "../../../release/aws/releases";
import { StageJournal } from "../../../release/aws/stage-journal";
import { thisOwner } from "../../../release/aws/stage-lock";
import { gatherStatus, makeStatusClients } from "../../../release/aws/status";
import type { Status } from "../../../release/status";
import { releaseMetadata } from "../../../release/release-metadata";
import { rollbackTarget } from "../../../release/rollback-target";
import { testContext } from "../../support/aws/command-context";
import { scripts } from "../../support/aws/code-deploy-double";
import { DemoStage } from "../../support/aws/demo-stage";
import { FakeClock } from "../../support/aws/fake-clock";
import { Gate } from "./gate";

const never = new AbortController().signal;
const manifest = JSON.stringify({ schemaVersion: 2, mediaType: "application/vnd.oci.image.manifest.v1+json", layers: [] });

/** A stage, and releases that are rolled onto it as a command does: stored, deployed and written down. */
class Site implements AsyncDisposable {
    private constructor(readonly demo: DemoStage, readonly clock: FakeClock, readonly s3: S3Client, readonly image: string) {}

    static async open(): Promise<Site> {
        const clock = new FakeClock();
        const demo = await DemoStage.open({ codeDeploy: { now: () => clock.now() } });
        const ecr = new ECRClient(demo.access);
        const repositoryName = demo.stage.repository.split("/").at(-1) ?? "";
        const { image } = await ecr.send(new PutImageCommand({ repositoryName, imageManifest: manifest, imageTag: "built" }));
        return new Site(demo, clock, new S3Client(demo.access), `${demo.stage.repository}@${image?.imageId?.imageDigest ?? ""}`);
    }

    version(n: number): string {
        return createHash("sha256").update(String(n)).digest("hex").slice(0, 12);
    }

    /** @param ends whether the command lives to write down the end */
    async roll(n: number, ends = true): Promise<string> {
        const { demo, s3, clock, image } = this;
        const { releaseBucket, codeDeployApplication, deploymentGroup } = demo.stage;
        const version = this.version(n);
        const zip = zipSync({ "release.env": strToU8(`IMAGE=${image}\nVERSION=${version}\n`) });
        const { key, objectVersion } = await storeRelease(s3, releaseBucket, { version, zip }, {});
        clock.pass(60);
        const deploymentId = demo.codeDeploy.create({
            application: codeDeployApplication, group: deploymentGroup, description: `release ${version} by ann`,
            revision: { revisionType: "S3", s3Location: { bucket: releaseBucket, key, version: objectVersion, bundleType: "zip" } },
        });
        const begun = { version, image, bundleVersion: objectVersion, who: "ann", when: clock.now().toISOString(), by: "roll", deploymentId } as const;
        clock.pass(60);
        demo.codeDeploy.advance(deploymentId);
        await new StageJournal(s3, releaseBucket).record({ ...begun, result: ends ? "succeeded" : "inProgress" });
        return deploymentId;
    }

    async status(): Promise<Status> {
        const { demo, clock } = this;
        return gatherStatus(makeStatusClients(demo.access, demo.stage), demo.stage, thisOwner({}), clock.now(), never);
    }

    /** As the command asks: for the stage, then for all of it. @param rounds requests that there are at once */
    async statusInRounds(...rounds: readonly number[]): Promise<Status & { readonly late: number }> {
        await using gate = await Gate.open(this.demo.door.url, rounds);
        const access = { ...this.demo.access, endpoint: gate.url };
        const stage = await findStage("gapless", "dev", access);
        return { ...await gatherStatus(makeStatusClients(access, stage), stage, thisOwner({}), this.clock.now(), never), late: gate.late };
    }

    async [Symbol.asyncDispose](): Promise<void> {
        await this.demo[Symbol.asyncDispose]();
    }
}

describe("status of a stage", () => {
    it("takes two round trips: one finds the stage, one asks for everything else", async () => {
        await using site = await Site.open();
        await site.roll(1);
        await site.roll(2);
        const { serves, unknown, late } = await site.statusInRounds(1, 9);
        assert.deepEqual([serves?.version, unknown, late], [site.version(2), [], 0]);
    });

    it("is printed for people and for machines", async () => {
        await using site = await Site.open();
        const first = await site.roll(1);
        const second = await site.roll(2);
        const context = testContext({ folder: site.demo.folder, clock: site.clock });
        assert.equal(await site.demo.here(() => statusCommand("dev", context)), 0);
        const [{ result, text }] = context.printed as [{ result: Status; text: string }];
        assert.deepEqual([result.serves?.deploymentId, result.serves?.n, result.serves?.who], [second, 2, "ann"]);
        assert.deepEqual(result.rollback, {
            depth: 1, next: site.version(1), releases: [{ n: 1, version: site.version(1), commit: undefined, when: result.rollback?.releases[0]?.when, bundle: "there", image: "there" }],
        });
        assert.notEqual(first, second);
        assert.deepEqual(result.unknown, []);
        assert.equal(text.split("\n")[2], `serves      release ${site.version(2)} (number 2), by ann, since 2026-01-01T00:04:00Z (0 seconds ago)`);
    });

    it("knows nothing that serves before the first release", async () => {
        await using site = await Site.open();
        const { serves, rollback } = await site.status();
        assert.deepEqual([serves, rollback], [null, { depth: 0, releases: [] }]);
    });

    it("tells the truth after a command was killed", async () => {
        await using site = await Site.open();
        await site.roll(1);
        const killed = await site.roll(2, false);
        const { serves, problems } = await site.status();
        assert.deepEqual([serves?.deploymentId, serves?.version], [killed, site.version(2)]);
        assert.ok(problems.every(({ what }) => !what.includes("nobody wrote down")));
    });

    it("settles what a killed command left behind, as history does, also when others have deployed since", async () => {
        await using site = await Site.open();
        await site.roll(1);
        site.demo.codeDeploy.next(scripts.fails());
        const killed = await site.roll(2, false);
        site.demo.codeDeploy.advance(site.demo.codeDeploy.deployments.at(-1)?.args.id ?? "");
        const { codeDeployApplication: application, deploymentGroup: group, releaseBucket: bucket } = site.demo.stage;
        const console = site.demo.codeDeploy.create({ application, group, revision: { revisionType: "S3", s3Location: { bucket, key: "other", bundleType: "zip" } } });
        site.demo.codeDeploy.advance(console);
        const { problems, lastAttempt } = await site.status();
        assert.equal(lastAttempt?.deploymentId, console);
        assert.ok(problems.every(({ what }) => !what.includes(killed)), JSON.stringify(problems));
    });

    it("settles what a killed command left behind, also when releases have been rolled since: what rollback takes is told", async () => {
        await using site = await Site.open();
        await site.roll(1);
        await site.roll(2, false);
        await site.roll(3);
        // Only what is left open and is not among the last two takes one more.
        const { rollback, late } = await site.statusInRounds(1, 9, 1);
        assert.deepEqual([rollback?.next, rollback?.depth, late], [site.version(2), 2, 0]);

        const { entries, unnamed, running } = await readHistory(new CodeDeployClient(site.demo.access), site.s3, site.demo.stage);
        const choice = rollbackTarget({ entries, unnamed, running }, undefined);
        assert.equal("target" in choice && choice.target.version, rollback?.next);
    });

    it("takes no third round trip when the command that was killed was the last one", async () => {
        await using site = await Site.open();
        await site.roll(1);
        await site.roll(2, false);
        const { rollback, late } = await site.statusInRounds(1, 9);
        assert.deepEqual([rollback?.next, late], [site.version(1), 0]);
    });

    it("knows which release CodeDeploy went back to while nobody looked", async () => {
        await using site = await Site.open();
        await site.roll(1);
        site.demo.codeDeploy.next(scripts.fails());
        await site.roll(2, false);
        const back = site.demo.codeDeploy.deployments.at(-1)?.args.id ?? "";
        site.demo.codeDeploy.advance(back);
        const { serves } = await site.status();
        assert.deepEqual([serves?.deploymentId, serves?.version, serves?.n], [back, site.version(1), 1]);
    });

    it("knows which release CodeDeploy went back to when the pipeline's deployment failed and nobody looked", async () => {
        await using site = await Site.open();
        const { codeDeploy, stage, access } = site.demo;
        const deploy = (n: number) => {
            const deploymentId = codeDeploy.create({
                application: stage.codeDeployApplication, group: stage.deploymentGroup,
                revision: { revisionType: "S3", s3Location: { bucket: stage.releaseBucket, key: `web/release/${n}`, version: `copy-${n}`, bundleType: "zip" } },
            });
            codeDeploy.advance(deploymentId);
            return deploymentId;
        };
        const deploymentId = deploy(1);
        const { deploymentInfo } = await new CodeDeployClient({ ...access, endpoint: codeDeploy.access.endpoint }).send(new GetDeploymentCommand({ deploymentId }));
        const when = site.clock.now().toISOString();
        await new StageJournal(site.s3, stage.releaseBucket).record({
            version: site.version(1), image: site.image, bundleVersion: "v", who: "ann", when, by: "pipeline", deploymentId, result: "succeeded",
            revision: nameOfRevision(deploymentInfo?.revision),
        });
        codeDeploy.next(scripts.fails());
        deploy(2);
        const back = codeDeploy.deployments.at(-1)?.args.id ?? "";
        codeDeploy.advance(back);
        const { serves } = await site.status();
        assert.deepEqual([serves?.deploymentId, serves?.version, serves?.n], [back, site.version(1), 1]);
    });

    it("knows what is on its way by the pipeline", async () => {
        await using site = await Site.open();
        await site.roll(1);
        const version = site.version(2);
        await trigger(site.s3, site.demo.stage.releaseBucket, { version, zip: zipSync({ "release.env": strToU8("") }) },
            releaseMetadata({ version, commit: "c0ffee", title: "Fix", builder: "b" }));
        const { onItsWay } = await site.status();
        assert.ok(onItsWay.some(one => one.kind === "pipeline"), JSON.stringify(onItsWay));
    });

    it("tells what AWS refuses as unknown, and everything else", async () => {
        await using site = await Site.open();
        await site.roll(1);
        site.demo.codePipeline.faults.deny("GetPipelineState");
        const { serves, unknown } = await site.status();
        assert.equal(serves?.version, site.version(1));
        assert.deepEqual(unknown, [{
            part: "the pipeline",
            reason: "AWS denies it: arn:aws:sts::123456789012:assumed-role/ci/gapless may not GetPipelineState, because no identity-based policy allows the action. "
                + "Take credentials that may do this, or let whoever looks after the account allow it; ./gapless doctor STACK says who you are.",
        }]);
    });

    it("tells of a group that is gone", async () => {
        await using site = await Site.open();
        const stage = { ...site.demo.stage, fleet: { autoScalingGroup: "nobodys" } };
        const clients = { ...makeStatusClients(site.demo.access, stage), autoScaling: new AutoScalingClient(site.demo.access) };
        const { unknown } = await gatherStatus(clients, stage, thisOwner({}), site.clock.now(), never);
        assert.deepEqual(unknown, [{ part: "the instances", reason: "There is no Auto Scaling group nobodys." }]);
    });

    it("ends when it is interrupted", async () => {
        await using site = await Site.open();
        const { demo, clock } = site;
        await assert.rejects(gatherStatus(makeStatusClients(demo.access, demo.stage), demo.stage, thisOwner({}), clock.now(), AbortSignal.abort()), { name: "AbortError" });
    });
});

describe("history of a stage", () => {
    it("lists releases, newest first, by CodeDeploy's own word, with what nobody wrote down", async () => {
        await using site = await Site.open();
        const { codeDeploy, stage, folder } = site.demo;
        const first = await site.roll(1);
        codeDeploy.next(scripts.fails());
        const second = await site.roll(2, false);
        const back = codeDeploy.deployments.at(-1)?.args.id ?? "";
        codeDeploy.advance(back);
        site.clock.pass(60);
        const place = { application: stage.codeDeployApplication, group: stage.deploymentGroup };
        const revision = { revisionType: "S3", s3Location: { bucket: "elsewhere", key: "copy", bundleType: "zip" } } as const;
        codeDeploy.next(scripts.fails({ event: "BeforeInstall" }));
        const third = codeDeploy.create({ ...place, revision, description: "by hand" });
        codeDeploy.advance(third);

        const context = testContext({ folder, clock: site.clock });
        assert.equal(await site.demo.here(() => historyCommand("dev", { limit: 20 }, context)), 0);
        const { releases } = context.printed[0]?.result as { releases: { deploymentId: string; n?: number; result: string; serves: boolean; by: string; version?: string }[] };
        const rows = releases.filter(({ deploymentId }) => [first, second, third].includes(deploymentId));
        assert.deepEqual(rows.map(({ deploymentId, n, result, serves, by, version }) => [deploymentId, n, result, serves, by, version]), [
            [third, undefined, "failed", false, "not in the journal", undefined],
            [second, 2, "rolledBack", false, "roll", site.version(2)],
            [first, 1, "succeeded", true, "roll", site.version(1)],
        ]);
        assert.match(context.printed[0]?.text ?? "", /│ serves │ 1 │ 2026-01-01T00:01:00Z │/);
    });

    it("shows as many as it is asked for", async () => {
        await using site = await Site.open();
        for (const n of [1, 2, 3]) await site.roll(n);
        const context = testContext({ folder: site.demo.folder, clock: site.clock });
        await site.demo.here(() => historyCommand("dev", { limit: 2 }, context));
        const { releases } = context.printed[0]?.result as { releases: { n: number }[] };
        assert.deepEqual(releases.map(({ n }) => n), [3, 2]);
    });

    it("says how to begin when there is none", async () => {
        await using site = await Site.open();
        const context = testContext({ folder: site.demo.folder, clock: site.clock });
        await site.demo.here(() => historyCommand("dev", { limit: 2 }, context));
        assert.equal(context.printed[0]?.text, "Nothing has been released to dev yet. Do so with ./gapless deploy dev");
    });
});
