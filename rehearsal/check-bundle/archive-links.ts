import { copyFile, readdir, readFile, readlink, realpath, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { NotModelled } from "../agent/failure";
import { unpackBundle, type BundleFormat } from "../agent/unpack-bundle";

export interface Unpacked {
    /** Symbolic links, by path. */
    readonly links: readonly string[];
    readonly leadingFolder: string | undefined;
}

/**
 * Unpacks a bundle as the agent here does, which refuses links, and puts what they lead to in their places.
 * @throws EventFailure, NotModelled as the agent does, but for links
 */
export async function unpackWithLinks(bundle: Buffer, format: BundleFormat, folder: string): Promise<Unpacked> {
    const { links, archive } = format === "zip" ? linksAsTexts(bundle) : { links: [], archive: bundle };
    try {
        const leadingFolder = await unpackBundle(archive, format, folder);
        return { leadingFolder, links: await resolveLinks(folder, links, leadingFolder) };
    } catch (error) {
        const found = error instanceof NotModelled && format !== "zip" ? await textsForLinks(folder) : [];
        if (found.length === 0) throw error;
        const { stdout } = await execa("/bin/tar", ["-c", "-C", folder, "."], { encoding: "buffer" });
        const leadingFolder = await unpackBundle(stdout, "tar", folder);
        return { leadingFolder, links: await resolveLinks(folder, found, leadingFolder) };
    }
}

const fileTypeMask = 0o170000;
const symbolicLink = 0o120000;
const plainFile = 0o100644;

/** The same zip with its links as files, in which their targets stand. What else is wrong with it the agent finds. */
function linksAsTexts(zip: Buffer): { readonly links: readonly string[]; readonly archive: Buffer } {
    const links: string[] = [];
    const archive = Buffer.from(zip);
    const end = zip.lastIndexOf("PK\x05\x06", undefined, "latin1");
    // Layout: APPNOTE, 4.3.12 and 4.3.16.
    let at = end < 0 || end + 22 > zip.length ? zip.length : zip.readUInt32LE(end + 16);
    while (at + 46 <= zip.length && zip.readUInt32LE(at) === 0x02014b50) {
        const next = at + 46 + zip.readUInt16LE(at + 28);
        const byUnix = zip.readUInt8(at + 5) === 3;
        if (byUnix && ((zip.readUInt32LE(at + 38) >>> 16) & fileTypeMask) === symbolicLink) {
            links.push(zip.toString("utf8", at + 46, next));
            archive.writeUInt32LE((plainFile << 16) >>> 0, at + 38);
        }
        at = next + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
    }
    return { links, archive };
}

/** Puts into the place of each link of a folder a file in which its target stands. */
async function textsForLinks(folder: string): Promise<readonly string[]> {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const links = entries.filter(entry => entry.isSymbolicLink()).map(entry => join(entry.parentPath, entry.name));
    for (const link of links) {
        const target = await readlink(link);
        await rm(link);
        await writeFile(link, target);
    }
    return links.map(link => link.slice(folder.length + 1));
}

/** Puts into the places of links the files of the bundle that they lead to; a link that leads elsewhere goes. */
async function resolveLinks(folder: string, paths: readonly string[], leadingFolder: string | undefined): Promise<readonly string[]> {
    const links = paths.map(path => leadingFolder !== undefined && path.startsWith(`${leadingFolder}/`) ? path.slice(leadingFolder.length + 1) : path);
    for (const link of links) {
        const path = join(folder, link);
        const target = await readFile(path, "utf8");
        await rm(path);
        // A target that no link can have.
        await symlink(target, path).catch(() => undefined);
    }
    for (const link of links) await resolveLink(await realpath(folder), join(folder, link));
    return links;
}

async function resolveLink(folder: string, link: string): Promise<void> {
    const target = await realpath(link).catch(() => undefined);
    const isFile = target?.startsWith(join(folder, "/")) === true && (await stat(target)).isFile();
    await rm(link, { force: true });
    if (isFile) await copyFile(target, link);
}
