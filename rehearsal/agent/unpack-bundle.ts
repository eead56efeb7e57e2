import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { EventFailure, NotModelled } from "./failure";
import { unzip } from "./unzip";

/** How a bundle is packed. The agent believes what the revision says, and not what the file is called. */
export type BundleFormat = "zip" | "tar" | "tgz";

/** Unpacks a bundle into a new folder. A single leading folder that holds an appspec is left out; its name is returned. */
export async function unpackBundle(bundle: Uint8Array, format: BundleFormat, folder: string): Promise<string | undefined> {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    if (format === "zip") {
        await unzip(bundle, folder);
    } else {
        await untar(bundle, format, folder);
    }
    return stripLeadingFolder(folder);
}

/** With the options of the agent and with its program, which leaves nothing outside of the folder. */
async function untar(bundle: Uint8Array, format: "tar" | "tgz", folder: string): Promise<void> {
    // From a file, of which tar looks whether it is compressed, as it does not of a pipe.
    const file = `${folder}.tar`;
    await writeFile(file, bundle);
    const { exitCode, code } = await execa("/bin/tar", [format === "tgz" ? "-zxpsf" : "-xpsf", file, "-C", folder], { reject: false });
    await rm(file);
    if (code === "ENOENT") {
        throw new NotModelled("a bundle in the format tar where there is no /bin/tar");
    }
    if (exitCode !== 0) {
        throw new EventFailure(`Error extracting tar archive: ${exitCode ?? ""}`);
    }
    const link = (await readdir(folder, { recursive: true, withFileTypes: true })).find(entry => entry.isSymbolicLink());
    if (link !== undefined) {
        throw new NotModelled(`a symbolic link in the bundle (${join(link.parentPath, link.name).slice(folder.length + 1)})`);
    }
}

async function stripLeadingFolder(folder: string): Promise<string | undefined> {
    const [top, ...others] = await readdir(folder, { withFileTypes: true });
    if (top?.isDirectory() !== true || others.length > 0) {
        return undefined;
    }
    const names = await readdir(join(folder, top.name));
    if (!names.some(name => /appspec/i.test(name))) {
        return undefined;
    }
    const aside = `${folder}-temp`;
    await rm(aside, { recursive: true, force: true });
    await rename(folder, aside);
    await rename(join(aside, top.name), folder);
    await rm(aside, { recursive: true });
    return top.name;
}
