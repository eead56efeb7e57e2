import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { checkDocker, checkDockerDisk, checkImage, type RunDocker } from "../../../cli/doctor/docker";
import type { ProgramImage } from "../../../rehearsal/program/recipe";
import { ok, skipped } from "../../../release/doctor";

const never = new AbortController().signal;
const built: ProgramImage = { context: "app", dockerfile: "app/Dockerfile", args: {}, platform: "linux/arm64" };
const prebuilt: ProgramImage = { prebuilt: `registry.test/app@sha256:${"a".repeat(64)}` };
const server = (Arch: string) => JSON.stringify({ Client: {}, Server: { Version: "27.1", Os: "linux", Arch } });

/** Answers by the first word or two; whatever else is asked fails. */
function docker(answers: Readonly<Record<string, string>>): RunDocker {
    return args => Promise.resolve(Object.entries(answers).find(([words]) => args.join(" ").startsWith(words))?.[1]);
}

describe("Docker, to the doctor,", () => {
    it("is sound where its daemon is of the image's platform", async () => {
        assert.deepEqual(await checkDocker(built, never, docker({ version: server("arm64") })), ok("27.1 on linux/arm64"));
    });

    it("builds for another platform where a builder says so", async () => {
        const inspect = "Name: default\nPlatforms: linux/amd64*, linux/amd64/v2, linux/arm64\n";
        assert.deepEqual(await checkDocker(built, never, docker({ version: server("amd64"), "buildx inspect": inspect })), ok("27.1 on linux/amd64, and builds for linux/arm64"));
        assert.deepEqual(await checkDocker(built, never, docker({ version: server("amd64"), "buildx inspect": "Platforms: linux/amd64, linux/arm64/v9\n" })), {
            verdict: "fail", text: "27.1 on linux/amd64 cannot build for linux/arm64",
            fix: "install an emulator: docker run --privileged --rm tonistiigi/binfmt --install arm64",
        });
    });

    it("fails to build for another platform without buildx, and needs none for an image that is there", async () => {
        const without = docker({ version: server("amd64") });
        assert.deepEqual(await checkDocker(built, never, without), {
            verdict: "fail", text: "27.1 on linux/amd64, without buildx, and the image is for linux/arm64", fix: "install Docker's buildx plugin",
        });
        assert.deepEqual(await checkDocker(prebuilt, never, without), ok("27.1 on linux/amd64"));
    });

    it("is missed where an image is built, and else only by the rehearsal", async () => {
        const fix = "install Docker or start it, such as with sudo systemctl start docker";
        // Without its daemon, docker version prints the client's half and fails.
        for (const none of [docker({}), docker({ version: JSON.stringify({ Client: {}, Server: null }) })]) {
            assert.deepEqual(await checkDocker(built, never, none), { verdict: "fail", text: "no Docker daemon answers, and the image is built by one", fix });
            assert.deepEqual(await checkDocker(prebuilt, never, none), { verdict: "warn", text: "no Docker daemon answers; only ./gapless rehearse needs one", fix });
            assert.equal((await checkDocker(undefined, never, none)).verdict, "warn");
        }
    });

    it("has its disk looked at where it is this machine's", async () => {
        const found = await checkDockerDisk(never, docker({ info: `${tmpdir()}\n` }));
        assert.match(found.text, new RegExp(`^[0-9.]+ GiB free in ${tmpdir()}$`));
        assert.deepEqual(await checkDockerDisk(never, docker({ info: "/of/a/virtual/machine\n" })), skipped("Docker keeps its images in /of/a/virtual/machine of another machine"));
        assert.deepEqual(await checkDockerDisk(never, docker({})), skipped("no Docker daemon answers"));
    });
});

describe("an image, to the doctor,", () => {
    const of = (architecture: string) => ({ Descriptor: { platform: { os: "linux", architecture } } });

    it("that is built is for the fleet, or fails", async () => {
        assert.deepEqual(await checkImage(built, "linux/arm64", never, docker({})), ok("built for linux/arm64, as the fleet is"));
        assert.deepEqual(await checkImage(built, "linux/amd64", never, docker({})), {
            verdict: "fail", text: "built for linux/arm64, and the fleet is linux/amd64", fix: "take an instanceType of that architecture",
        });
    });

    it("that is there is for the fleet by one of its manifests", async () => {
        const look = (told: unknown) => checkImage(prebuilt, "linux/arm64", never, docker({ "manifest inspect": JSON.stringify(told) }));
        assert.deepEqual(await look([of("amd64"), of("arm64")]), ok("there for linux/arm64, as the fleet is"));
        assert.deepEqual(await look(of("arm64")), ok("there for linux/arm64, as the fleet is"));
        assert.deepEqual(await look([of("amd64"), of("riscv64")]), {
            verdict: "fail", text: `${prebuilt.prebuilt} is for linux/amd64, linux/riscv64, and the fleet is linux/arm64`,
            fix: "name an image for linux/arm64, or take an instanceType of its architecture",
        });
    });

    it("that cannot be looked at is a warning", async () => {
        assert.deepEqual(await checkImage(prebuilt, "linux/arm64", never, docker({})), {
            verdict: "warn", text: `${prebuilt.prebuilt} cannot be looked at`, fix: "sign in to its registry with docker login, and look whether it is there",
        });
    });
});
