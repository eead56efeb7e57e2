import { readFile } from "node:fs/promises";
import { execa } from "execa";
import { lastOutput } from "./command-output";

/** A program that the rehearsal needs is neither here nor installable by us. */
export class MissingProgramError extends Error {
    override readonly name = "MissingProgramError";
}

/** True for root on Debian or Ubuntu, the only case in which we install anything. */
export async function mayInstall(): Promise<boolean> {
    if (process.getuid?.() !== 0) return false;
    const release = await readFile("/etc/os-release", "utf8").catch(() => "");
    return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(release);
}

export async function isInstalled(program: string): Promise<boolean> {
    return (await execa("sh", ["-c", `command -v ${program}`], { reject: false })).exitCode === 0;
}

/**
 * Makes sure that a program is there, from the distribution's package if need be.
 * @param announce is told in one line before anything is installed
 * @param advice what a person can do where we may not install
 */
export async function ensureProgram(
    program: string, packages: readonly string[], announce: (line: string) => void, advice: string,
): Promise<void> {
    if (await isInstalled(program)) return;
    if (!(await mayInstall())) throw new MissingProgramError(`${program} is missing. ${advice}`);
    announce(`installing ${packages.join(" ")} with apt-get, since ${program} is missing`);
    const options = { env: { DEBIAN_FRONTEND: "noninteractive" }, all: true } as const;
    const install = ["install", "-y", "--no-install-recommends", ...packages];
    try {
        const first = await execa("apt-get", install, { ...options, reject: false });
        if (first.exitCode === 0) return;
        // A machine that was never updated knows no package yet.
        await execa("apt-get", ["update"], options);
        await execa("apt-get", install, options);
    } catch (error) {
        throw new MissingProgramError(
            `${program} is missing and apt-get could not install it. ${advice}\n${lastOutput(error, 6)}`,
            { cause: error },
        );
    }
}
