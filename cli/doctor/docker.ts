import { stat } from "node:fs/promises";
import { execa } from "execa";
import { z } from "zod";
import { type Diagnosis, fail, ok, skipped, warn } from "../../release/doctor";
import type { ProgramImage } from "../../rehearsal/program/recipe";
import { checkDisk } from "./machine";

const answer = z.object({ Server: z.object({ Version: z.string(), Os: z.string(), Arch: z.string() }) });

/** How Docker is run: its arguments; what it printed, or undefined when it failed. */
export type RunDocker = (args: readonly string[], signal: AbortSignal) => Promise<string | undefined>;

export async function runDocker(args: readonly string[], cancelSignal: AbortSignal): Promise<string | undefined> {
    const { failed, stdout } = await execa("docker", args, { reject: false, stdin: "ignore", cancelSignal });
    return failed ? undefined : stdout;
}

/** Whether a daemon is there that builds the stack's image. @param image undefined when the settings do not tell */
export async function checkDocker(image: ProgramImage | undefined, signal: AbortSignal, docker: RunDocker = runDocker): Promise<Diagnosis> {
    const told = await docker(["version", "--format", "{{json .}}"], signal);
    const daemon = answer.safeParse(asJson(told)).data?.Server;
    const built = image !== undefined && !("prebuilt" in image);
    if (!daemon) {
        const fix = "install Docker or start it, such as with sudo systemctl start docker";
        return built ? fail("no Docker daemon answers, and the image is built by one", fix) : warn("no Docker daemon answers; only ./gapless rehearse needs one", fix);
    }
    const own = `${daemon.Os}/${daemon.Arch}`;
    const text = `${daemon.Version} on ${own}`;
    return built && image.platform !== own ? checkBuilder(text, image.platform, signal, docker) : ok(text);
}

/** Another architecture's image takes buildx, and an emulator or a builder elsewhere. */
async function checkBuilder(text: string, platform: string, signal: AbortSignal, docker: RunDocker): Promise<Diagnosis> {
    const builder = await docker(["buildx", "inspect"], signal);
    if (builder === undefined) return fail(`${text}, without buildx, and the image is for ${platform}`, "install Docker's buildx plugin");
    const platforms = /^Platforms:(.*)$/m.exec(builder)?.[1] ?? "";
    if (platforms.split(",").some(listed => listed.trim().replace("*", "") === platform)) return ok(`${text}, and builds for ${platform}`);
    const architecture = platform.replace(/^.*\//, "");
    return fail(`${text} cannot build for ${platform}`, `install an emulator: docker run --privileged --rm tonistiigi/binfmt --install ${architecture}`);
}

/** Room where Docker keeps its images. */
export async function checkDockerDisk(signal: AbortSignal, docker: RunDocker = runDocker): Promise<Diagnosis> {
    const root = (await docker(["info", "--format", "{{.DockerRootDir}}"], signal))?.trim();
    if (root === undefined || root === "") return skipped("no Docker daemon answers");
    const here = await stat(root).catch(() => undefined);
    return here ? checkDisk(root) : skipped(`Docker keeps its images in ${root} of another machine`);
}

/** Whether the image runs on the fleet. @param wanted platform of the fleet, such as linux/arm64 */
export async function checkImage(image: ProgramImage, wanted: string, signal: AbortSignal, docker: RunDocker = runDocker): Promise<Diagnosis> {
    if (!("prebuilt" in image)) {
        return image.platform === wanted ? ok(`built for ${wanted}, as the fleet is`) : fail(`built for ${image.platform}, and the fleet is ${wanted}`, "take an instanceType of that architecture");
    }
    const told = await docker(["manifest", "inspect", "--verbose", image.prebuilt], signal);
    const manifests = z.union([manifest.array(), manifest.transform(only => [only])]).safeParse(asJson(told));
    if (!manifests.success) return warn(`${image.prebuilt} cannot be looked at`, "sign in to its registry with docker login, and look whether it is there");
    const platforms = manifests.data.map(({ Descriptor: { platform: { os, architecture } } }) => `${os}/${architecture}`);
    if (platforms.includes(wanted)) return ok(`there for ${wanted}, as the fleet is`);
    return fail(`${image.prebuilt} is for ${platforms.join(", ")}, and the fleet is ${wanted}`, `name an image for ${wanted}, or take an instanceType of its architecture`);
}

const manifest = z.object({ Descriptor: z.object({ platform: z.object({ os: z.string(), architecture: z.string() }) }) });

function asJson(text: string | undefined): unknown {
    try {
        return text === undefined ? undefined : JSON.parse(text);
    } catch {
        return undefined;
    }
}
