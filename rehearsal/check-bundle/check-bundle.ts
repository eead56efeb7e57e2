import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { EventFailure, NotModelled } from "../agent/failure";
import { HostRoot, isRoot, isSystemError } from "../agent/host-root";
import { systemText } from "../agent/system-text";
import type { BundleFormat } from "../agent/unpack-bundle";
import { unpackWithLinks, type Unpacked } from "./archive-links";
import { archive, readBundle } from "./checked-bundle";
import { severities, type Finding } from "./finding";
import { rules } from "./rules";

/** What was given is no bundle that could be looked at. */
export class BundlePathError extends Error {
    override readonly name = "BundlePathError";
}

/**
 * Finds what would fail on a host, and what works there otherwise than people think: errors first, each in the order of the appspec.
 * @param path zip, tar or tgz file, or the folder that one is made of
 * @param runByRoot whether rehearsals here can do what only root can
 * @throws BundlePathError when it is none of these, or cannot be read
 */
export async function checkBundle(path: string, runByRoot = isRoot()): Promise<readonly Finding[]> {
    try {
        return await findingsOf(path, runByRoot);
    } catch (error) {
        if (!isSystemError(error)) throw error;
        const at = error.path === undefined || error.path === path ? path : `${path} (${error.path})`;
        throw new BundlePathError(`${at} cannot be read: ${systemText(error)}. Name a zip, tar or tgz file, or a folder, all of which you may read.`, { cause: error });
    }
}

async function findingsOf(path: string, runByRoot: boolean): Promise<readonly Finding[]> {
    const root = await mkdtemp(join(tmpdir(), "gapless-check-"));
    try {
        const host = new HostRoot(root);
        const { links, leadingFolder, findings } = await put(path, host.locate(archive));
        if (findings !== undefined) return findings;
        const bundle = await readBundle(host, { links, leadingFolder, runByRoot });
        const found = rules.flatMap(rule => rule(bundle));
        return severities.flatMap(wanted => found.filter(({ severity }) => severity === wanted));
    } finally {
        await rm(root, { recursive: true });
    }
}

interface Put extends Unpacked {
    /** Why the bundle cannot be looked at any further. */
    readonly findings?: readonly Finding[];
}

/** Puts a bundle where the agent would have it. */
async function put(path: string, target: string): Promise<Put> {
    const found = await stat(path);
    await mkdir(dirname(target), { recursive: true });
    return found.isDirectory() ? { links: await copyFolder(path, target), leadingFolder: undefined } : unpack(path, target);
}

async function unpack(path: string, target: string): Promise<Put> {
    const [, ending = ""] = /\.(zip|tar|tgz|tar\.gz)$/.exec(path) ?? [];
    const format = { "zip": "zip", "tar": "tar", "tgz": "tgz", "tar.gz": "tgz" }[ending] as BundleFormat | undefined;
    if (format === undefined) throw new BundlePathError(`${path} is no bundle: name a .zip, .tar, .tgz or .tar.gz file, or a folder.`);
    try {
        return await unpackWithLinks(await readFile(path), format, target);
    } catch (error) {
        return { links: [], leadingFolder: undefined, findings: [unpackable(basename(path), error)] };
    }
}

function unpackable(file: string, error: unknown): Finding {
    if (error instanceof NotModelled) {
        return { severity: "notChecked", file, happens: `${error.message}; nothing of the bundle was looked at`, fix: "Leave it out, or check the folder that the bundle is made of." };
    }
    if (!(error instanceof EventFailure)) throw error;
    return { severity: "error", file, event: "DownloadBundle", errorCode: 5, happens: error.message, fix: "Make the bundle anew; it is damaged, or of another kind than its name says." };
}

/** Copies what the links lead to as well, and names them. */
async function copyFolder(from: string, to: string): Promise<readonly string[]> {
    const links: string[] = [];
    await mkdir(to);
    for (const entry of await readdir(from, { recursive: true, withFileTypes: true })) {
        const path = join(entry.parentPath, entry.name).slice(join(from, "/").length);
        if (entry.isSymbolicLink()) links.push(path);
        const found = await stat(join(from, path)).catch(() => undefined);
        if (found?.isDirectory() && !entry.isSymbolicLink()) await mkdir(join(to, path), { recursive: true });
        if (found?.isFile()) {
            await mkdir(dirname(join(to, path)), { recursive: true });
            await copyFile(join(from, path), join(to, path));
        }
    }
    return links;
}
