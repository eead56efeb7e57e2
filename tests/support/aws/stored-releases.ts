import { ECRClient, PutImageCommand } from "@aws-sdk/client-ecr";
import { S3Client } from "@aws-sdk/client-s3";
import { zipSync } from "fflate";
import { storeRelease } from "../../../release/aws/releases";
import type { CodeDeployDoubleArgs } from "./code-deploy-double";
import { testContext } from "./command-context";
import { DemoStage, type DemoStageArgs } from "./demo-stage";
import { FakeClock } from "./fake-clock";

/** Versions of releases whose bundle and image are there. */
export const versions = { a: "aaaaaaaaaaaa", b: "bbbbbbbbbbbb", c: "cccccccccccc" } as const;

/** A demo stage with releases to deploy, and a command's surroundings; deployments live in the command's time. */
export async function openStored(args: DemoStageArgs = {}, codeDeploy: CodeDeployDoubleArgs = { eventsPerPoll: 4 }, live = false) {
    const clock = new FakeClock();
    const demo = await DemoStage.open({ ...args, codeDeploy: { now: () => clock.now(), ...codeDeploy } });
    const images = new Map<string, string>();
    for (const version of Object.values(versions)) images.set(version, await store(demo, version));
    return {
        demo, clock, images,
        s3: new S3Client(demo.access), ecr: new ECRClient(demo.access),
        /** Surroundings of a new command. */
        context: () => testContext({ folder: demo.folder, clock, live }),
        [Symbol.asyncDispose]: () => demo[Symbol.asyncDispose](),
    };
}

/** Stores a release of an image of its own. Returns the image's digest. */
async function store({ access, stage }: DemoStage, version: string): Promise<string> {
    const mediaType = "application/vnd.oci.image.manifest.v1+json";
    const imageManifest = JSON.stringify({
        schemaVersion: 2, mediaType, config: { mediaType: "c", size: 1, digest: `sha256:${"1".repeat(64)}` },
        layers: [{ mediaType: "l", size: 1, digest: `sha256:${version.repeat(6).slice(0, 64)}` }],
    });
    const put = new PutImageCommand({ repositoryName: stage.repository.split("/").at(-1), imageManifest, imageManifestMediaType: mediaType, imageTag: version });
    const { image } = await new ECRClient(access).send(put);
    const digest = image?.imageId?.imageDigest ?? "";
    const zip = zipSync({ "release.env": new TextEncoder().encode(`IMAGE=${stage.repository}@${digest}\nVERSION=${version}\n`) });
    await storeRelease(new S3Client(access), stage.releaseBucket, { version, zip }, { commit: "c".repeat(40), builder: "ann" });
    return digest;
}
