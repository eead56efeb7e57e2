import assert from "node:assert/strict";
import { CloudFrontClient } from "@aws-sdk/client-cloudfront";
import { CodeDeployClient } from "@aws-sdk/client-codedeploy";
import { CodePipelineClient } from "@aws-sdk/client-codepipeline";
import { DescribeImagesCommand, ECRClient, PutImageCommand } from "@aws-sdk/client-ecr";
import { S3Client } from "@aws-sdk/client-s3";
import { strToU8, zipSync } from "fflate";
import { recordDeployment } from "../../../release/aws/record";
import { storeRelease } from "../../../release/aws/releases";
import { StageJournal } from "../../../release/aws/stage-journal";
import { readTriggered } from "../../../release/aws/triggered-release";
import type { BuildAbout } from "../../support/aws/code-pipeline-double";
import { DemoStage, type DemoStageArgs } from "../../support/aws/demo-stage";
import { FakeClock } from "../../support/aws/fake-clock";
import { Shell } from "./gapless-process";

/** Release that serves when a test begins. */
export const before = "aaaaaaaaaaaa";

/** What these tests read of a status. */
interface StatusRead {
    readonly serves: { readonly version: string; readonly deploymentId: string } | null;
    readonly onItsWay: readonly { readonly kind: string; readonly deploymentId: string; readonly version: string }[];
}

/** A demo stage that serves a release, and a shell that knows no other AWS. */
export async function openSite(args: DemoStageArgs = {}, shellArgs: { readonly quick?: boolean } = {}) {
    const demo: DemoStage = await DemoStage.open({ serves: before, codeDeploy: { eventsPerPoll: 7 }, record: about => record(demo, about), ...args });
    const shell = await Shell.open(demo, shellArgs);
    const s3 = new S3Client(demo.access);
    const ecr = new ECRClient(demo.access);
    const { releaseBucket, repository } = demo.stage;
    const repositoryName = repository.slice(repository.indexOf("/") + 1);
    /** @param layers whose names make another image */
    const pushImage = async (...layers: readonly string[]): Promise<string> => {
        const { image } = await ecr.send(new PutImageCommand({
            repositoryName, imageManifest: JSON.stringify({ schemaVersion: 2, mediaType: manifestType, layers: layers.map(digest => ({ digest, size: 1 })) }), imageManifestMediaType: manifestType, imageTag: ["given", ...layers].join("-"),
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
        s3: new S3Client(access), ecr: new ECRClient(access), codePipeline: new CodePipelineClient(access), codeDeploy: new CodeDeployClient(access),
        cloudFront: new CloudFrontClient(access),
    };
    const release = await readTriggered(clients.s3, stage.releaseBucket, revision);
    const failures = await recordDeployment(clients, stage, { ...release, executionId }, { clock: new FakeClock(), tell: { step: () => undefined } });
    if (failures.length > 0) throw new AggregateError(failures, "Record failed");
}
