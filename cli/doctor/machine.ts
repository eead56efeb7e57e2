import { readFile, statfs } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { type Diagnosis, diagnoseDisk, fail, isAtLeast, ok, warn } from "../../release/doctor";

/** Whether this Node runs the program. @param version as `process.version` */
export async function checkNode(folder: string, version: string): Promise<Diagnosis> {
    const { engines } = JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as { readonly engines: { readonly node: string } };
    return isAtLeast(version, engines.node) ? ok(version) : fail(`${version}, and the program needs ${engines.node}`, "install a newer Node.js, such as the newest LTS");
}

export async function checkDisk(folder: string): Promise<Diagnosis> {
    const { bavail, bsize } = await statfs(folder);
    return diagnoseDisk(folder, bavail * bsize);
}

/** Whether what is released can be found again: by its commit. */
export async function checkGit(folder: string, cancelSignal: AbortSignal): Promise<Diagnosis> {
    const git = (...args: readonly string[]) => execa("git", args, { cwd: folder, reject: false, stdin: "ignore", cancelSignal });
    const [commit, status] = await Promise.all([git("rev-parse", "--short=12", "HEAD"), git("status", "--porcelain")]);
    if (commit.failed || status.failed) {
        return warn("no commit: the release's journal cannot say what it was made of", "install git and commit the project");
    }
    const changed = status.stdout.split("\n").filter(Boolean).length;
    if (changed === 0) return ok(commit.stdout);
    return warn(`${commit.stdout} and ${changed} file${changed === 1 ? "" : "s"} changed since`, "commit, so that the journal tells what was released");
}
