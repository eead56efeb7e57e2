import { readFile } from "node:fs/promises";
import { execa } from "execa";
import { lastOutput } from "./command-output";

/** A program that the rehearsal needs is neither here nor installable by us. */
export class MissingProgramError extends Error {
    override readonly name = "MissingProgramError";
}

/** How to get a program that may be missing. */
export interface Installation {
    readonly program: string;
    /** Packages of Debian and Ubuntu that bring it. */
    readonly packages: readonly string[];
    /** What a person can do where we may not install. */
    readonly advice: string;
    /** Is told in one line before anything is installed. */
    readonly announce: (line: string) => void;
    readonly signal: AbortSignal;
}

/** True for root on Debian or Ubuntu, the only case in which we install anything. */
export async function mayInstall(): Promise<boolean> {
    if (process.getuid?.() !== 0) return false;
    const release = await readFile("/etc/os-release", "utf8").catch(() => "");
    return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(release);
}

export async function isInstalled(program: string): Promise<boolean> {
    return (await execa("sh", ["-c", 'command -v "$0"', program], { reject: false })).exitCode === 0;
}

/** Makes sure that a program is there, from the distribution's packages if need be. */
export async function ensureProgram({ program, packages, advice, announce, signal }: Installation): Promise<void> {
    if (await isInstalled(program)) return;
    if (!(await mayInstall())) throw new MissingProgramError(`${program} is missing. ${advice}`);
    announce(`installing ${packages.join(" ")} with apt-get, since ${program} is missing`);
    const apt = (...args: string[]) =>
        execa("apt-get", args, { env: { DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" }, all: true, cancelSignal: signal });
    const install = () => apt("install", "-y", "--no-install-recommends", ...packages);
    try {
        await install().catch(async (error: unknown) => {
            signal.throwIfAborted();
            // A machine that was never updated knows no package yet, or only versions that are gone.
            if (!/Unable to (locate|fetch)/.test(lastOutput(error, 100))) throw error;
            await apt("update");
            await install();
        });
    } catch (cause) {
        signal.throwIfAborted();
        throw new MissingProgramError(
            `${program} is missing and apt-get could not install it. ${advice}\n${lastOutput(cause, 6)}`, { cause },
        );
    }
}
