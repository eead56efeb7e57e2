import assert from "node:assert/strict";
import { buildAndPush, type ImageBuild } from "../../../cli/image/build-image";
import { whyNoDocker } from "../../../cli/image/docker-client";
import { ensureImage } from "../../../cli/image/stack-image";
import { DeliveryError } from "../../../release/aws/error";
import { testContext } from "../../support/aws/command-context";
import { FakeDocker } from "../../support/fake-docker";

const build: ImageBuild = {
    repository: "registry.test/web", tag: "build-abc", context: "app", dockerfile: "app/Dockerfile.prod", args: { TIER: "web", TEXT: "two words\nand a line" }, platform: "linux/arm64",
};
const plainly = ["--platform", "linux/arm64", "--file", "app/Dockerfile.prod", "--tag", "registry.test/web:build-abc", "--build-arg", "TIER=web", "--build-arg", "TEXT=two words\nand a line"];
const fails = (text: string): never => { throw new DeliveryError(text); };

/** Docker that answers so, and fails at what is named in `broken`. */
function dockerWith(answers: Readonly<Record<string, string>>, ...broken: readonly string[]): FakeDocker {
    return new FakeDocker((_, args) => {
        const said = args.join(" ");
        return broken.some(words => said.startsWith(words)) ? fails(`docker ${said}: no`) : answers[args.slice(0, 2).join(" ")] ?? answers[args[0] ?? ""] ?? "";
    });
}

const run = async (docker: FakeDocker, notes: string[] = []): Promise<readonly (readonly string[])[]> => {
    await buildAndPush(build, { docker, note: line => void notes.push(line) });
    return docker.commands;
};

describe("building an image", () => {
    it("takes the builder that keeps a cache beside the image, and makes one image without an index around it", async () => {
        const cache = "type=registry,ref=registry.test/web:cache";
        const docker = dockerWith({ "buildx inspect": "Name: gapless\nPlatforms: linux/amd64*, linux/arm64\n" });
        await run(docker);
        assert.deepEqual(docker.only("buildx", "create"), ["buildx", "create", "--name", "gapless", "--driver", "docker-container", "--bootstrap"]);
        assert.deepEqual(docker.only("buildx", "build"), [
            "buildx", "build", ...plainly, "--builder", "gapless", "--cache-from", cache, "--cache-to", `${cache},mode=max,image-manifest=true,oci-mediatypes=true`,
            "--provenance=false", "--push", "app",
        ]);
        assert.deepEqual(docker.all("push"), []);
    });

    it("starts the builder that is there already", async () => {
        const docker = dockerWith({}, "buildx create");
        await run(docker);
        assert.ok(docker.only("buildx", "build").includes("--builder"));
        assert.deepEqual(docker.all("buildx", "inspect")[0], ["buildx", "inspect", "--bootstrap", "gapless"]);
    });

    it("does without a cache when that builder does not start, removes it and says why", async () => {
        const notes: string[] = [];
        const docker = dockerWith({}, "buildx create", "buildx inspect --bootstrap");
        await run(docker, notes);
        assert.deepEqual(docker.only("buildx", "build"), ["buildx", "build", ...plainly, "--provenance=false", "--push", "app"]);
        assert.deepEqual(docker.only("buildx", "rm"), ["buildx", "rm", "--force", "gapless"]);
        assert.deepEqual(notes, ["Builds without a cache. docker buildx inspect --bootstrap gapless: no"]);
    });

    it("takes plain Docker where there is no buildx", async () => {
        const docker = dockerWith({ version: "linux/arm64\n" }, "buildx");
        assert.deepEqual((await run(docker)).slice(2), [["build", ...plainly, "app"], ["push", "--quiet", "registry.test/web:build-abc"]]);
    });

    for (const [what, docker, own, way] of [
        ["plain Docker", dockerWith({ version: "linux/amd64" }, "buildx"), "linux/amd64", "Install Docker's plugin buildx, which builds for others"],
        ["buildx without emulation", dockerWith({ "buildx inspect": "Platforms: linux/amd64, linux/386\n" }), "linux/amd64, linux/386",
            "Let it emulate: docker run --privileged --rm tonistiigi/binfmt --install arm64"],
    ] as const) {
        it(`refuses, before anything is built, what ${what} cannot build for the hosts`, async () => {
            await assert.rejects(run(docker), {
                name: "DeliveryError", kind: "usage",
                message: `The hosts of this stack run linux/arm64, and Docker here builds for ${own}. ${way}; or build on a machine of that kind, or name an image with --image.`,
            });
            assert.deepEqual([...docker.all("build"), ...docker.all("buildx", "build")], []);
        });
    }
});

describe("the image of a stack", () => {
    const digest = `sha256:${"d".repeat(64)}`;
    const { repository: name, ...recipe } = build;

    /** A repository that knows the tag after `looks` looks, and what was asked of it. */
    function repositoryWith(looks: number, moves = true) {
        const asked: string[] = [];
        return {
            asked,
            open: () => ({
                digestOf: (tag: string) => { asked.push(tag); return Promise.resolve(asked.length > looks ? digest : undefined); },
                addTag: (_: string, tag: string) => { asked.push(`+${tag}`); return Promise.resolve(moves); },
                logins: () => Promise.resolve([]), credentials: () => Promise.resolve(undefined),
            }),
        };
    }

    it("is the one that was built before from the same files, and gets the commit's tag", async () => {
        const context = testContext();
        const repository = repositoryWith(0);
        const docker = dockerWith({});
        assert.equal(await ensureImage(recipe, name, repository.open, "c0ffee", { ...context, docker: () => docker }), `${name}@${digest}`);
        assert.deepEqual([repository.asked, docker.commands], [["build-abc", "+c0ffee", "+latest"], []]);
    });

    it("is built when it is not there, and asked for again", async () => {
        const repository = repositoryWith(1);
        const docker = dockerWith({});
        const context = testContext();
        assert.equal(await ensureImage(recipe, name, repository.open, undefined, { ...context, docker: () => docker }), `${name}@${digest}`);
        assert.deepEqual(repository.asked, ["build-abc", "build-abc", "+latest"]);
    });

    it("says what is needed where Docker does not answer and something has to be built", async () => {
        const noDocker = await whyNoDocker(dockerWith({}, "version"), "dev");
        assert.equal(noDocker, "Docker does not answer: start it, name an image that is there with --image, or see ./gapless doctor dev. docker version --format {{.Server.Version}}: no");
        assert.equal(await whyNoDocker(dockerWith({}), "dev"), undefined);
        const docker = dockerWith({});
        await assert.rejects(ensureImage(recipe, name, repositoryWith(1).open, undefined, { ...testContext(), docker: () => docker, noDocker }), {
            name: "DeliveryError", kind: "usage", message: `The image ${name}:build-abc is not built yet, and cannot be built here. ${noDocker}`,
        });
        assert.deepEqual(docker.commands, []);
        assert.equal(await ensureImage(recipe, name, repositoryWith(0).open, undefined, { ...testContext(), noDocker }), `${name}@${digest}`);
    });

    it("is not taken for pushed when the registry does not know it", async () => {
        await assert.rejects(ensureImage(recipe, name, repositoryWith(9).open, undefined, { ...testContext(), docker: () => dockerWith({}) }), {
            message: "The registry does not know registry.test/web:build-abc, which was just pushed.",
        });
    });

    it("leaves a tag that may not move with the image that has it", async () => {
        const context = testContext();
        await ensureImage(recipe, name, repositoryWith(0, false).open, "c0ffee", context);
        assert.deepEqual(context.told.slice(1), ["the tag c0ffee stays with the image that has it", "the tag latest stays with the image that has it"]);
    });

    it("is not built, nor asked for, when the settings name it", async () => {
        const open = (): never => fails("opened");
        assert.equal(await ensureImage({ prebuilt: "web@sha256:0" }, name, open, undefined, testContext()), "web@sha256:0");
    });
});
