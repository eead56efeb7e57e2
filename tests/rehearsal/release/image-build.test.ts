import assert from "node:assert/strict";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Docker, DockerError } from "../../../rehearsal/docker/docker";
import { buildAndPush, withReachableBase, type ImageBuild, type PushTarget } from "../../../rehearsal/release/image-build";
import { FakeDocker, valuesOf, type DockerAnswer } from "../../support/fake-docker";

const repository = "127.0.0.1:5000/app";
const digest = `sha256:${"a".repeat(64)}`;
const { signal } = new AbortController();
const build: ImageBuild = { context: "/shop", dockerfile: "/shop/Dockerfile", args: { TIER: "web" } };
const target = (docker: Docker): PushTarget => ({ docker, repository, run: "run-7", folder: "/nowhere", announce: () => undefined, signal });
const inspect = (answer: string): DockerAnswer => command => (command === "image inspect" ? answer : "");

describe("image of a release", () => {
    it("is built, pushed and named by the digest that the rehearsal's registry gave it", async () => {
        const docker = new FakeDocker(inspect(`ecr.example.com/app@sha256:${"b".repeat(64)}\n${repository}@${digest}`));
        assert.equal(await buildAndPush(build, "version-2", target(docker)), `${repository}@${digest}`);
        assert.deepEqual(docker.commands.map(([word]) => word), ["build", "push", "image"]);
        assert.equal(docker.only("push").at(-1), `${repository}:version-2`);
        assert.deepEqual(valuesOf("--label", docker.only("build")), ["gapless.run=run-7", "gapless.rehearsal=version-2"]);
    });

    it("is built on the network of a daemon that has no other", async () => {
        const docker = new FakeDocker(inspect(`${repository}@${digest}`), { buildNetwork: "host" });
        await buildAndPush(build, "version-1", target(docker));
        assert.deepEqual(valuesOf("--network", docker.only("build")), ["host"]);
    });

    it("is refused without a digest of that registry", async () => {
        const docker = new FakeDocker(inspect(`ecr.example.com/app@${digest}`));
        await assert.rejects(buildAndPush(build, "version-1", target(docker)), {
            name: "ImageBuildError", message: `The registry gave no digest for ${repository}:version-1: ecr.example.com/app@${digest}`,
        });
    });

    it("fails with the builder's last lines", async () => {
        const folder = await mkdtemp(join(tmpdir(), "docker-"));
        try {
            const client = join(folder, "docker");
            await writeFile(client, "#!/bin/sh\nseq -f 'line %g' 30\necho 'npm ERR! no such package' >&2\nexit 1\n");
            await chmod(client, 0o755);
            const docker = new Docker({ signal, environment: { PATH: `${folder}:/usr/bin:/bin` } });
            await assert.rejects(buildAndPush(build, "version-1", target(docker)), (error: Error) => {
                const [first, second, ...lines] = error.message.split("\n");
                assert.equal(first, "/shop/Dockerfile does not build. The builder's last lines:");
                assert.match(second ?? "", /^line \d\d$/);
                assert.deepEqual(lines.slice(-2), ["line 30", "npm ERR! no such package"]);
                return error.name === "ImageBuildError";
            });
        } finally {
            await rm(folder, { recursive: true });
        }
    });
});

describe("base of an image", () => {
    let folder: string;
    before(async () => (folder = await mkdtemp(join(tmpdir(), "base-"))));
    after(() => rm(folder, { recursive: true }));

    const here = new Set<string>();
    const pullable = new Set<string>();
    const said: string[] = [];
    beforeEach(() => {
        for (const each of [here, pullable]) each.clear();
        said.length = 0;
    });

    /** What becomes of a build whose Dockerfile is this text, on a machine that has and can pull so many images. */
    async function basedOn(text: string, args: Readonly<Record<string, string>> = {}): Promise<Readonly<Record<string, string>>> {
        const dockerfile = join(folder, "Dockerfile");
        await writeFile(dockerfile, text);
        const docker = new FakeDocker((command, words) => {
            const image = words.at(-1) ?? "";
            if (command === "image ls") return here.has(image) ? "0123456789ab" : "";
            if (words[0] === "pull" && !pullable.has(image)) throw new DockerError("no route to host");
            return "";
        });
        const announce = (line: string): void => void said.push(line);
        return (await withReachableBase({ context: folder, dockerfile, args }, { docker, folder, announce, signal })).args;
    }

    const node = "public.ecr.aws/docker/library/node:22-slim";
    const onNode = `# a comment\nARG BASE_IMAGE=${node}\nFROM \${BASE_IMAGE}\n`;
    const standIn = "gapless/node:local";

    it("stays when this machine has it", async () => {
        here.add(node).add(standIn);
        assert.deepEqual(await basedOn(onNode), {});
    });

    it("stays when it can be pulled", async () => {
        here.add(standIn);
        pullable.add(node);
        assert.deepEqual(await basedOn(onNode), {});
    });

    it("is replaced when it can be neither found nor pulled, and that is said", async () => {
        here.add(standIn);
        assert.deepEqual(await basedOn(onNode, { TIER: "web" }), { TIER: "web", BASE_IMAGE: standIn });
        assert.match(said.join("\n"), new RegExp(`${node} cannot be pulled: using ${standIn}`));
    });

    it("is the one that the stage's build arguments name", async () => {
        here.add(node).add(standIn);
        assert.deepEqual(await basedOn(onNode, { BASE_IMAGE: "node:20" }), { BASE_IMAGE: standIn });
        here.add("node:20");
        assert.deepEqual(await basedOn(onNode, { BASE_IMAGE: "node:20" }), { BASE_IMAGE: "node:20" });
    });

    for (const [what, text] of [
        ["is not of Node", "ARG BASE_IMAGE=python:3\nFROM ${BASE_IMAGE}\n"],
        ["only has node in its name", "ARG BASE_IMAGE=example.com/node-exporter:1\nFROM ${BASE_IMAGE}\n"],
        ["is no argument", "FROM node:22\n"],
    ] as const) {
        it(`stays when it ${what}, which we could not replace`, async () => {
            here.add(standIn);
            assert.deepEqual(await basedOn(text), {});
        });
    }

    it("cannot be told without the Dockerfile, whose setting is named", async () => {
        const docker = new FakeDocker(() => "");
        const missing = { context: folder, dockerfile: join(folder, "none"), args: {} };
        await assert.rejects(withReachableBase(missing, { docker, folder, announce: () => undefined, signal }), {
            name: "ImageBuildError", message: `${missing.dockerfile} cannot be read. Set gapless:dockerfile.`,
        });
    });
});
