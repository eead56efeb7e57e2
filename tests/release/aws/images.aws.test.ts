import assert from "node:assert/strict";
import { BatchGetImageCommand, CreateRepositoryCommand, ECRClient, PutImageCommand } from "@aws-sdk/client-ecr";
import { DeliveryError } from "../../../release/aws/error";
import { findByTag, imageExists, markDeployed } from "../../../release/aws/images";
import { motoAccess, uniqueName } from "../../support/aws/moto";

const mediaType = "application/vnd.oci.image.manifest.v1+json";
// With spaces and a line end: on AWS, it has another digest without them.
const manifest = `{\n  "schemaVersion": 2, "mediaType": "${mediaType}", "config": {"mediaType": "c", "size": 1, "digest": "sha256:${"1".repeat(64)}"}, "layers": []\n}\n`;
// What moto takes for it: it is made of the layers alone.
const digest = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const version = "0123456789ab";

async function repository(): Promise<{ readonly ecr: ECRClient; readonly url: string; readonly name: string }> {
    const ecr = new ECRClient(await motoAccess());
    const name = uniqueName("web");
    await ecr.send(new CreateRepositoryCommand({ repositoryName: name, imageTagMutability: "IMMUTABLE" }));
    await ecr.send(new PutImageCommand({ repositoryName: name, imageManifest: manifest, imageManifestMediaType: mediaType, imageTag: "c0ffee" }));
    return { ecr, name, url: `123456789012.dkr.ecr.us-east-1.amazonaws.com/${name}` };
}

describe("images in ECR", () => {
    it("are there, missing, or in a registry that cannot be asked", async () => {
        const { ecr, url } = await repository();
        assert.equal(await imageExists(ecr, `${url}@${digest}`), "there");
        assert.equal(await imageExists(ecr, `${url}@sha256:${"2".repeat(64)}`), "missing");
        assert.equal(await imageExists(ecr, `${url}-of-nobody@${digest}`), "missing");
        assert.equal(await imageExists(ecr, `docker.io/team/web@${digest}`), "unknown");
    });

    it("are found by their tag", async () => {
        const { ecr, url } = await repository();
        assert.equal(await findByTag(ecr, url, "c0ffee"), digest);
        assert.equal(await findByTag(ecr, url, "another"), undefined);
        assert.equal(await findByTag(ecr, "team/web", "c0ffee"), undefined);
    });

    it("are marked as deployed, once and again, with every byte of their manifest", async () => {
        const { ecr, url, name } = await repository();
        await markDeployed(ecr, `${url}@${digest}`, version);
        await markDeployed(ecr, `${url}@${digest}`, version);
        const { images } = await ecr.send(new BatchGetImageCommand({ repositoryName: name, imageIds: [{ imageTag: `deployed-${version}` }] }));
        assert.deepEqual(images?.map(({ imageId, imageManifest }) => [imageId?.imageDigest, imageManifest]), [[digest, manifest]]);
    });

    it("are not marked when they are gone, or elsewhere", async () => {
        const { ecr, url, name } = await repository();
        const other = `sha256:${"2".repeat(64)}`;
        await assert.rejects(markDeployed(ecr, `${url}@${other}`, version), new DeliveryError(`${name} has no image ${other}.`));
        await markDeployed(ecr, `team/web@${digest}`, version);
    });
});
