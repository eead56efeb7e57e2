import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DockerError } from "../../../rehearsal/docker/docker";
import { makeFirstRelease, makeNextRelease, type ReleaseSite } from "../../../rehearsal/release/make-releases";
import { FakeDocker, valuesOf } from "../../support/fake-docker";
import { sampleFacts } from "../sample-facts";

const project = join(import.meta.dirname, "../../..");
const repository = "127.0.0.1:5000/app";

/** A builder whose images differ as real ones do: by their files, arguments and labels. */
function builder(): FakeDocker {
    const digests = new Map<string, string>();
    return new FakeDocker((command, args) => {
        if (args[0] === "build") {
            const [tag = ""] = valuesOf("--tag", args);
            const content = [args.at(-1), ...valuesOf("--file", args), ...valuesOf("--build-arg", args), ...valuesOf("--label", args)];
            digests.set(tag, createHash("sha256").update(content.join("\n")).digest("hex"));
        }
        if (command === "image inspect") return `${repository}@sha256:${digests.get(args.at(-1) ?? "") ?? assert.fail("no such image")}`;
        return command === "image ls" ? "0123456789ab" : "";
    });
}

describe("releases of a rehearsal", () => {
    let folder: string;
    before(async () => (folder = await mkdtemp(join(tmpdir(), "releases-"))));
    after(() => rm(folder, { recursive: true }));

    const siteOf = (docker: FakeDocker): ReleaseSite => ({
        docker, folder, repository, run: "run", project, announce: line => assert.fail(line), signal: new AbortController().signal,
    });

    function textOf(release: Awaited<ReturnType<typeof makeFirstRelease>>, path: string): string {
        const file = release.files.find(each => each.path === path) ?? assert.fail(`the release has no ${path}`);
        return Buffer.from(file.content).toString();
    }

    it("are two images of the same files, and so two versions", async () => {
        const docker = builder();
        const facts = sampleFacts();
        const first = await makeFirstRelease(facts, siteOf(docker));
        const next = await makeNextRelease(facts, "good", siteOf(docker));
        const [one, two] = docker.all("build");
        assert.deepEqual([one?.at(-1), valuesOf("--file", one ?? [])], [two?.at(-1), valuesOf("--file", two ?? [])]);
        assert.notEqual(first.image, next.image);
        assert.notEqual(first.version, next.version);
    });

    it("are built as the stage builds its image", async () => {
        const docker = builder();
        const image = { context: "app", dockerfile: "app/Dockerfile.dev", args: { TIER: "web", DEBUG: "1" }, platform: "linux/arm64" };
        const first = await makeFirstRelease(sampleFacts({ image }), siteOf(docker));
        const build = docker.only("build");
        assert.equal(build.at(-1), join(project, "app"));
        assert.deepEqual(valuesOf("--file", build), [join(project, "app/Dockerfile.dev")]);
        assert.deepEqual(valuesOf("--build-arg", build), ["TIER=web", "DEBUG=1"]);
        assert.ok(!build.includes("--platform"), "it shall run on this machine, whatever the fleet's is");
        assert.match(textOf(first, "release.env"), new RegExp(`^IMAGE=${first.image}$`, "m"));
        assert.match(textOf(first, "release.env"), /^CONTAINER_PORT=3000\nHEALTH_PATH=\/up$/m);
        assert.equal(textOf(first, "app.env"), "GREETING=hello\n");
    });

    for (const kind of ["broken", "failing"] as const) {
        it(`are followed by our sample service as ${kind}, at the service's own port and health path`, async () => {
            const docker = builder();
            const next = await makeNextRelease(sampleFacts({ image: { prebuilt: "shop" } }), kind, siteOf(docker));
            const build = docker.only("build");
            assert.equal(build.at(-1), join(project, "app"));
            assert.deepEqual(valuesOf("--file", build), [join(project, "app/Dockerfile.prod")]);
            assert.deepEqual(valuesOf("--build-arg", build), [`BEHAVIOUR=${kind}`]);
            assert.deepEqual(textOf(next, "app.env").trim().split("\n").sort(), ["GREETING=hello", "HEALTH_PATH=/up", "PORT=3000"]);
        });
    }

    it("are made from a prebuilt image when the stage builds none", async () => {
        const docker = builder();
        const prebuilt = `registry.example.com/shop@sha256:${"1".repeat(64)}`;
        const facts = sampleFacts({ image: { prebuilt } });
        const first = await makeFirstRelease(facts, siteOf(docker));
        const next = await makeNextRelease(facts, "good", siteOf(docker));
        for (const build of docker.all("build")) {
            const [dockerfile = ""] = valuesOf("--file", build);
            assert.equal(await readFile(dockerfile, "utf8"), `FROM ${prebuilt}\n`);
            assert.ok(dockerfile.startsWith(`${build.at(-1)}/`), "the context holds nothing else");
        }
        assert.notEqual(first.version, next.version);
    });

    for (const [where, about, advice] of [
        ["a Docker of one's own", {}, /Build it \(docker build --tag shop:dev \.\), log in to its registry, or name another by --image\.$/],
        ["the rehearsal's own Docker", { environment: { DOCKER_HOST: "unix:///run/docker.sock" } }, /has none of your images: start yours/],
    ] as const) {
        it(`are refused when ${where} neither has nor gets the prebuilt image`, async () => {
            const docker = new FakeDocker((command, [word]) => word === "pull" ? Promise.reject(new DockerError("not found")) : command === "image ls" ? "" : assert.fail("it went on"), about);
            await assert.rejects(makeFirstRelease(sampleFacts({ image: { prebuilt: "shop:dev" } }), siteOf(docker)), (error: Error) => {
                assert.equal(error.name, "PlanError");
                assert.match(error.message, /^The image shop:dev is not in Docker and cannot be pulled\. /);
                assert.match(error.message, advice);
                return true;
            });
        });
    }
});
