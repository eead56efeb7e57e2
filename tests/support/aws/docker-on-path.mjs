#!/usr/bin/env node
// A client of Docker that builds nothing: what is pushed gets into the registry that AWS_ENDPOINT_URL stands in for. Its words
// go to the file that DOCKER_WORDS names.
import { appendFileSync } from "node:fs";

const words = process.argv.slice(2);
appendFileSync(process.env["DOCKER_WORDS"], `${JSON.stringify(words)}\n`);
const [command] = words;
if (command === "buildx") process.exit(1);
if (command === "version") process.stdout.write("linux/amd64\n");
if (command === "push") await push(words.at(-1));

async function push(reference) {
    const [, registryId, region, repositoryName, imageTag] = /^(\d+)\.dkr\.ecr\.([^.]+)\.amazonaws\.com\/([^:]+):(.+)$/.exec(reference);
    const manifest = {
        schemaVersion: 2, mediaType: "application/vnd.oci.image.manifest.v1+json",
        config: { mediaType: "application/vnd.oci.image.config.v1+json", digest: `sha256:${"c".repeat(64)}`, size: 2 }, layers: [],
    };
    const answer = await fetch(process.env["AWS_ENDPOINT_URL"], {
        method: "POST",
        headers: {
            "content-type": "application/x-amz-json-1.1",
            "x-amz-target": "AmazonEC2ContainerRegistry_V20150921.PutImage",
            // By it moto tells service and region.
            "authorization": `AWS4-HMAC-SHA256 Credential=test/20260101/${region}/ecr/aws4_request, SignedHeaders=host, Signature=0`,
        },
        body: JSON.stringify({ registryId, repositoryName, imageTag, imageManifest: JSON.stringify(manifest), imageManifestMediaType: manifest.mediaType }),
    });
    if (answer.ok) return;
    process.stderr.write(`${await answer.text()}\n`);
    process.exit(1);
}
