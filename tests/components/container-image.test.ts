import assert from "node:assert/strict";
import { ContainerImage, type ContainerImageArgs } from "../../components";
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

    it("expires images by their number alone", async () => {
        const twelve = await build({ keepReleases: 12 });
        assert.equal(twelve.named("web-retention").inputs["repository"], twelve.named("web-repository").outputs["name"]);
        assert.deepEqual(JSON.parse(String(twelve.named("web-retention").inputs["policy"])), {
            rules: [
                {
                    rulePriority: 1,
                    description: "Keep what a rollback or a late scale-out may pull",
                    selection: { tagStatus: "tagged", tagPatternList: ["*"], countType: "imageCountMoreThan", countNumber: 12 },
                    action: { type: "expire" },
                },
                {
                    rulePriority: 2,
                    description: "The same of images whose tag has moved to a newer build",
                    selection: { tagStatus: "untagged", countType: "imageCountMoreThan", countNumber: 12 },
                    action: { type: "expire" },
                },
            ],
        });
        assert.match(String(made.named("web-retention").inputs["policy"]), /"countNumber":30/);
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
        const { reference, repositoryArns, registry } = made.named("web").outputs;
        assert.equal(reference, made.named("web-image").outputs["repoDigest"]);
        assert.match(String(reference), /@sha256:[0-9a-f]{64}$/);
        assert.deepEqual(repositoryArns, [made.named("web-repository").outputs["arn"]]);
        assert.equal(registry, `${accountId}.dkr.ecr.${region}.amazonaws.com`);
    });

    it("takes an image that was built before, wherever it lies, and builds none", async () => {
        const reference = `999999999999.dkr.ecr.us-east-1.amazonaws.com/team/web@${digest}`;
        const made = await build({ source: { prebuilt: reference } });
        assert.deepEqual(made.ofType("docker:index/image:Image"), []);
        assert.deepEqual({ ...made.named("web").outputs, repository: "whole" }, {
            repository: "whole",
            reference,
            repositoryArns: [made.named("web-repository").outputs["arn"], "arn:aws:ecr:us-east-1:999999999999:repository/team/web"],
            registry: "999999999999.dkr.ecr.us-east-1.amazonaws.com",
        });
    });

    it("needs no more rights for an image in a public registry", async () => {
        const made = await build({ source: { prebuilt: `docker.io/library/nginx@${digest}` } });
        const { repositoryArns, registry } = made.named("web").outputs;
        assert.deepEqual(repositoryArns, [made.named("web-repository").outputs["arn"]]);
        assert.equal(registry, `${accountId}.dkr.ecr.${region}.amazonaws.com`);
    });

    it("refuses a tag, which may move, and a repository that forgets the last release", async () => {
        await assert.rejects(build({ source: { prebuilt: "nginx:latest" }, keepReleases: 1 }), {
            message:
                "ContainerImage 'web': prebuilt must be repository@sha256:<64 hexadecimal digits>, got 'nginx:latest'; " +
                "keepReleases must be 2 or more, or nothing is left to roll back to, got 1",
        });
    });
});
