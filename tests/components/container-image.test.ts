import assert from "node:assert/strict";
import { ContainerImage, type ContainerImageArgs } from "../../components";
import { imageRetention } from "../../components/image-retention";
import { accountId, region } from "../../rehearsal/program/stand-ins";
import { registered, type Registered } from "../support/registered";

const source = { context: "app", dockerfile: "app/Dockerfile.prod", platform: "linux/arm64", contentHash: "0123456789abcdef" } as const;
const digest = `sha256:${"0a".repeat(32)}`;

const build = (args: Partial<ContainerImageArgs> = {}): Promise<Registered> =>
    registered(() => { new ContainerImage("web", { source, ...args }); });

describe("ContainerImage", () => {
    let made: Registered;
    before(async () => { made = await build(); });

    it("keeps images in a scanned repository where no tag moves but those of builds and caches", async () => {
        assert.deepEqual(made.named("web-repository").inputs, {
            imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
            imageTagMutabilityExclusionFilters: ["latest", "cache", "build-*"].map(filter => ({ filter, filterType: "WILDCARD" })),
            imageScanningConfiguration: { scanOnPush: true },
            encryptionConfigurations: [{ encryptionType: "AES256" }],
            forceDelete: false,
        });
        assert.equal((await build({ forceDelete: true })).named("web-repository").inputs["forceDelete"], true);
    });

    it("keeps as many images as it is told, or thirty", async () => {
        const twelve = await build({ keepReleases: 12 });
        assert.equal(twelve.named("web-retention").inputs["repository"], twelve.named("web-repository").outputs["name"]);
        assert.deepEqual(JSON.parse(String(twelve.named("web-retention").inputs["policy"])), imageRetention(12));
        assert.deepEqual(JSON.parse(String(made.named("web-retention").inputs["policy"])), imageRetention(30));
    });

    it("builds for the instances' platform and pushes under a tag of the content that may move", async () => {
        const made = await build({ source: { ...source, args: { BASE_IMAGE: "node" } } });
        const url = String(made.named("web-repository").outputs["repositoryUrl"]);
        const image = made.named("web-image");
        assert.deepEqual(image.inputs, {
            imageName: `${url}:build-0123456789abcdef`,
            build: { context: "app", dockerfile: "app/Dockerfile.prod", args: { BASE_IMAGE: "node" }, platform: "linux/arm64" },
            buildOnPreview: false,
            skipPush: false,
            registry: { server: url, username: "AWS", password: "stand-in" },
        });
        assert.deepEqual(image.secrets, ["registry"]);
        assert.deepEqual(image.ignoreChanges, []);
    });

    it("names the built image by its digest", () => {
        const { reference, repositoryArns, registry, repositoryUrl } = made.named("web").outputs;
        assert.equal(repositoryUrl, made.named("web-repository").outputs["repositoryUrl"]);
        assert.equal(reference, made.named("web-image").outputs["repoDigest"]);
        assert.match(String(reference), /@sha256:[0-9a-f]{64}$/);
        assert.deepEqual(repositoryArns, [made.named("web-repository").outputs["arn"]]);
        assert.equal(registry, `${accountId}.dkr.ecr.${region}.amazonaws.com`);
    });

    it("takes an image that was built before, wherever it lies, and builds none", async () => {
        const reference = `999999999999.dkr.ecr.us-east-1.amazonaws.com/team/web@${digest}`;
        const made = await build({ source: { prebuilt: reference } });
        assert.deepEqual(made.ofType("docker:index/image:Image"), []);
        const { arn, repositoryUrl } = made.named("web-repository").outputs;
        assert.deepEqual({ ...made.named("web").outputs, repository: "whole" }, {
            repository: "whole",
            repositoryUrl,
            reference,
            repositoryArns: [arn, "arn:aws:ecr:us-east-1:999999999999:repository/team/web"],
            registry: "999999999999.dkr.ecr.us-east-1.amazonaws.com",
        });
    });

    it("needs no more rights for an image in a public registry", async () => {
        const made = await build({ source: { prebuilt: `docker.io/library/nginx@${digest}` } });
        const { repositoryArns, registry } = made.named("web").outputs;
        assert.deepEqual(repositoryArns, [made.named("web-repository").outputs["arn"]]);
        assert.equal(registry, `${accountId}.dkr.ecr.${region}.amazonaws.com`);
    });

    it("has a repository and no image when others build", async () => {
        const made = await registered(() => { new ContainerImage("web", {}); });
        assert.deepEqual(made.ofType("docker:index/image:Image"), []);
        const { arn, repositoryUrl: url } = made.named("web-repository").outputs;
        const { reference, repositoryArns, repositoryUrl } = made.named("web").outputs;
        assert.deepEqual({ reference, repositoryArns, repositoryUrl }, { reference: undefined, repositoryArns: [arn], repositoryUrl: url });
    });

    describe("at Docker Hub", () => {
        const secretArn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:docker-hub-AbCdEf";
        const registry = { dockerHub: { repository: "acme/shop", secretArn } };
        const secretString = JSON.stringify({ username: "acme", password: "s3cret" });
        const answers = {
            "aws:secretsmanager/getSecretVersion:getSecretVersion": ({ secretId }: Readonly<Record<string, unknown>>) =>
                (secretId === secretArn ? { secretId, secretString } : {}),
        };
        let made: Registered;
        before(async () => { made = await registered(() => { new ContainerImage("web", { source, registry }); }, { answers }); });

        it("is pushed with the account that the secret holds, which stays secret", () => {
            const image = made.named("web-image");
            const { imageName, registry } = image.inputs;
            assert.deepEqual({ imageName, registry }, {
                imageName: "docker.io/acme/shop:build-0123456789abcdef",
                registry: { server: "docker.io", username: "acme", password: "s3cret" },
            });
            assert.deepEqual(image.secrets, ["registry"]);
        });

        it("goes by the name under which hosts list it", () => {
            const { reference, repositoryUrl } = made.named("web").outputs;
            assert.match(String(reference), /^acme\/shop@sha256:[0-9a-f]{64}$/);
            assert.equal(repositoryUrl, "docker.io/acme/shop");
        });

        it("needs no repository in ECR, and hosts log in to that of the account for whatever else", () => {
            assert.deepEqual(made.ofType("aws:ecr/repository:Repository"), []);
            assert.deepEqual(made.ofType("aws:ecr/lifecyclePolicy:LifecyclePolicy"), []);
            const { repositoryArns, registry, repository } = made.named("web").outputs;
            assert.deepEqual({ repositoryArns, registry, repository }, {
                repositoryArns: [], registry: `${accountId}.dkr.ecr.${region}.amazonaws.com`, repository: undefined,
            });
        });

        it("refuses what is no repository", async () => {
            await assert.rejects(build({ registry: { dockerHub: { repository: "docker.io/acme/shop", secretArn } } }), {
                message: "ContainerImage 'web': dockerHub.repository must be owner/name, got 'docker.io/acme/shop'",
            });
        });
    });

    it("refuses a tag, which may move, and a repository that forgets the last release", async () => {
        await assert.rejects(build({ source: { prebuilt: "nginx:latest" }, keepReleases: 1 }), {
            message:
                "ContainerImage 'web': prebuilt must be repository@sha256:<64 hexadecimal digits>, got 'nginx:latest'; " +
                "keepReleases must be 2 or more, or nothing is left to roll back to, got 1",
        });
    });
});
