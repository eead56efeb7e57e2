import assert from "node:assert/strict";
import { CloudFrontClient } from "@aws-sdk/client-cloudfront";
import { CodePipelineClient } from "@aws-sdk/client-codepipeline";
import { DescribeImagesCommand, ECRClient, PutImageCommand } from "@aws-sdk/client-ecr";
import { S3Client } from "@aws-sdk/client-s3";
import { strToU8, zipSync } from "fflate";
import { recordDeployment } from "../../../release/aws/record";
import { storeRelease } from "../../../release/aws/releases";
import { StageJournal } from "../../../release/aws/stage-journal";
import { readTriggered } from "../../../release/aws/triggered-release";
import type { BuildAbout } from "../../support/aws/code-pipeline-double";
import { scripts } from "../../support/aws/code-deploy-double";
import { DemoStage, type DemoStageArgs } from "../../support/aws/demo-stage";
import { FakeClock } from "../../support/aws/fake-clock";
import { Shell } from "./gapless-process";

const before = "aaaaaaaaaaaa";

describe("./gapless from end to end", function () {
    // The command line reads the program, which takes seconds.
    this.timeout(90_000);

    it("builds, bundles, uploads, follows the pipeline that this starts, and finds it all written down", async () => {
        await using site = await open();
        const { demo, shell } = site;
        const run = await shell.run("deploy", "dev", "--json");
        assert.equal(run.exitCode, 0, run.stderr);

        const [entry, ...more] = await site.journal();
        assert.ok(entry);
        const { version, image, commit, result, by, deploymentId } = entry;
        assert.deepEqual({ result, by, more }, { result: "succeeded", by: "pipeline", more: [] });
        const [execution] = demo.codePipeline.pipeline(demo.stage.pipeline).executions;
        assert.deepEqual(JSON.parse(run.stdout), {
            result: "succeeded", version, image, commit, objectVersion: execution?.args.revision, executionId: execution?.args.id, deploymentId,
        });
        assert.deepEqual(demo.codeDeploy.deployments.map(({ args, status }) => [args.id, status]).at(-1), [deploymentId, "Succeeded"]);
        assert.deepEqual(await shell.dockerWords(), ["buildx", "version", "build", "push"]);
        assert.ok((await site.tagsOf(image)).includes(`deployed-${version}`), "the image is kept");
    });

    it("says on one page why a release failed and was rolled back, and writes it down", async () => {
        await using site = await open();
        const { demo, shell } = site;
        const image = await site.pushImage();
        demo.codeDeploy.next(scripts.fails({ event: "ValidateService" }));
        const run = await shell.run("deploy", "dev", "--image", image);
        assert.equal(run.exitCode, 3, run.stderr);

        const [entry] = await site.journal();
        assert.ok(entry);
        const { result, deploymentId, rollbackDeploymentId } = entry;
        assert.deepEqual({ result, image: entry.image }, { result: "rolledBack", image });
        assert.match(run.stdout, new RegExp(`^Deployment ${deploymentId} .*failed and was rolled back\\.$`, "m"));
        for (const told of [demo.instanceIds[0] ?? "", "ValidateService", "scripts/validate_service.sh", "health check answered 503", before]) {
            assert.ok(run.stdout.includes(told), `${told} is not in\n${run.stdout}`);
        }
        const rollback = demo.codeDeploy.deployment(rollbackDeploymentId ?? "");
        assert.deepEqual([rollback.status, rollback.args.revision.s3Location?.key], ["Succeeded", `releases/${before}.zip`]);
    });

    it("is told the truth by status after a kill in the middle of a deployment", async () => {
        await using site = await open({ codeDeploy: { eventsPerPoll: 0 } });
        const { demo, shell } = site;
        const { version } = await site.store();
        const rolling = shell.start("roll", "dev", version);
        await demo.codeDeploy.called("GetDeployment", 2);
        rolling.kill("SIGKILL");
        await rolling;

        const deploymentId = demo.codeDeploy.deployments.at(-1)?.args.id ?? "";
        const during = await site.status();
        assert.deepEqual(during.onItsWay.map(({ kind, deploymentId: id, version: of }) => ({ kind, id, of })), [{ kind: "deployment", id: deploymentId, of: version }]);
        assert.equal(during.serves?.deploymentId, demo.codeDeploy.deployments[0]?.args.id, "what served still does");

        demo.codeDeploy.advance(deploymentId);
        const after = await site.status();
        assert.deepEqual({ onItsWay: after.onItsWay, serves: after.serves?.version }, { onItsWay: [], serves: version });
    });
});

/** What these tests read of a status. */
interface StatusRead {
    readonly serves: { readonly version: string; readonly deploymentId: string } | null;
    readonly onItsWay: readonly { readonly kind: string; readonly deploymentId: string; readonly version: string }[];
}

async function open(args: DemoStageArgs = {}) {
    const demo: DemoStage = await DemoStage.open({ serves: before, codeDeploy: { eventsPerPoll: 7 }, record: about => record(demo, about), ...args });
    const shell = await Shell.open(demo);
    const s3 = new S3Client(demo.access);
    const ecr = new ECRClient(demo.access);
    const { releaseBucket, repository } = demo.stage;
    const repositoryName = repository.slice(repository.indexOf("/") + 1);
    const pushImage = async (): Promise<string> => {
        const { image } = await ecr.send(new PutImageCommand({
            repositoryName, imageManifest: JSON.stringify({ schemaVersion: 2, mediaType: manifestType, layers: [] }), imageManifestMediaType: manifestType, imageTag: "given",
        }));
        return `${repository}@${image?.imageId?.imageDigest ?? ""}`;
    };
    return {
        demo, shell, pushImage,
        journal: async () => (await new StageJournal(s3, releaseBucket).read()).entries,
        status: async () => {
            const run = await shell.run("status", "dev", "--json");
            assert.equal(run.exitCode, 0, run.stderr);
            return JSON.parse(run.stdout) as StatusRead;
        },
        tagsOf: async (image: string): Promise<readonly string[]> => {
            const { imageDetails = [] } = await ecr.send(new DescribeImagesCommand({ repositoryName, imageIds: [{ imageDigest: image.split("@")[1] }] }));
            return imageDetails[0]?.imageTags ?? [];
        },
        /** Stores a release without deploying it. */
        store: async () => {
            const version = "bbbbbbbbbbbb";
            const zip = zipSync({ "release.env": strToU8(`IMAGE=${await pushImage()}\nVERSION=${version}\n`) });
            return storeRelease(s3, releaseBucket, { version, zip }, {});
        },
        [Symbol.asyncDispose]: async () => {
            await shell[Symbol.asyncDispose]();
            await demo[Symbol.asyncDispose]();
        },
    };
}

const manifestType = "application/vnd.oci.image.manifest.v1+json";

/** What the pipeline's Record stage does. */
async function record({ stage, access }: DemoStage, { executionId, revision }: BuildAbout): Promise<undefined> {
    const clients = {
        s3: new S3Client(access), ecr: new ECRClient(access), codePipeline: new CodePipelineClient(access), cloudFront: new CloudFrontClient(access),
    };
    const release = await readTriggered(clients.s3, stage.releaseBucket, revision);
    const failures = await recordDeployment(clients, stage, { ...release, executionId }, { clock: new FakeClock(), tell: { step: () => undefined } });
    if (failures.length > 0) throw new AggregateError(failures, "Record failed");
}
