import { createHash } from "node:crypto";
import { mkdir, readFile, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { lastOutput } from "../../../rehearsal/docker/command-output";
import { ensureProgram } from "../../../rehearsal/docker/packages";

/** Every package that moto's server needs, pinned. It was made by `pip freeze` after `pip install 'moto[server]==5.2.5'`. */
const requirements = join(import.meta.dirname, "moto-requirements.txt");

const advice = "The tests against stand-ins for AWS need it: install Python 3.11 or newer with venv and pip.";

/** Where moto lies: a folder by the name of its pins, so that others make another. */
export async function motoFolder(): Promise<string> {
    const pins = createHash("sha256").update(await readFile(requirements)).digest("hex").slice(0, 12);
    return join(homedir(), ".cache", "gapless", `moto-${pins}`);
}

export function pythonOf(folder: string): string {
    return join(folder, "bin", "python");
}

/**
 * Installs moto beside its place and moves it there when it is whole, so that nobody ever finds half of it.
 * @param announce is told in one line before anything is installed
 */
export async function installMoto(announce: (line: string) => void, signal: AbortSignal): Promise<void> {
    const folder = await motoFolder();
    await ensureProgram({ program: "python3", packages: ["python3"], advice, announce, signal });
    await ensureProgram({ program: "pip3", packages: ["python3-pip"], advice, announce, signal });
    announce(`installing moto, which stands in for AWS, in ${folder}`);
    const draft = `${folder}.${process.pid}`;
    try {
        await mkdir(join(folder, ".."), { recursive: true });
        // Without pip of its own, since Debian keeps what would bring it in a package apart.
        await run("python3", ["-m", "venv", "--without-pip", draft], signal);
        await run("pip3", [
            "--python", pythonOf(draft), "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--no-compile", "--requirement", requirements,
        ], signal);
        await moveInto(folder, draft);
    } finally {
        await rm(draft, { recursive: true, force: true });
    }
}

async function run(program: string, args: readonly string[], signal: AbortSignal): Promise<void> {
    try {
        await execa(program, args, { cancelSignal: signal, all: true });
    } catch (cause) {
        signal.throwIfAborted();
        throw new Error(`moto cannot be installed. ${advice}\n${program} ${args.join(" ")}\n${lastOutput(cause, 8)}`, { cause });
    }
}

async function moveInto(folder: string, draft: string): Promise<void> {
    await rename(draft, folder).catch((error: unknown) => {
        // Another run was quicker; its copy is as good.
        if (!["ENOTEMPTY", "EEXIST"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    });
}
