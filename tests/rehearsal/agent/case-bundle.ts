import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { strFromU8, strToU8, zipSync, type Zippable } from "fflate";
import { casesFolder, type CaseStep, type RecordedCase, type Staging } from "./recorded-case";

/** The time of all files in a bundle that is an archive. */
const archivedAt = new Date(2020, 0, 1);

/**
 * Packs a bundle as its case wants it; one that was staged as a folder becomes a zip of files made just now. `intoHost` puts
 * the folders that the scripts name into the folder that stands for the host.
 */
export async function packBundle(recorded: RecordedCase, step: CaseStep, intoHost: (text: string) => string): Promise<Uint8Array> {
    const staging = recorded.bundles?.[step.revision] ?? {};
    const folder = join(casesFolder, recorded.name, step.revision);
    const entries = [...await readFolder(folder, staging), ...added(staging)];
    const rewritten = entries.map(entry => ({ ...entry, content: rewrite(entry, step, intoHost) }));
    return zipSync(zippable(rewritten, staging)).slice(0, staging.archive?.truncate);
}

interface Entry {
    readonly path: string;
    readonly content: Uint8Array;
    readonly mode: number;
}

async function readFolder(folder: string, staging: Staging): Promise<readonly Entry[]> {
    const found = await readdir(folder, { recursive: true, withFileTypes: true });
    return Promise.all(found.filter(entry => entry.isFile()).map(async entry => {
        const file = join(entry.parentPath, entry.name);
        const path = file.slice(folder.length + 1);
        const usual = ((await stat(file)).mode & 0o111) === 0 ? "644" : "755";
        const mode = 0o100000 | Number.parseInt(staging.chmod?.[path] ?? usual, 8);
        return { path, content: await readFile(file), mode };
    }));
}

function added({ mkdir = [], write = {} }: Staging): readonly Entry[] {
    return [
        ...mkdir.map(path => ({ path: `${path}/`, content: new Uint8Array(), mode: 0o040755 })),
        ...Object.entries(write).map(([path, text]) => ({ path, content: strToU8(text), mode: 0o100644 })),
    ];
}

function rewrite({ path, content }: Entry, { fileExistsBehavior }: CaseStep, intoHost: (text: string) => string): Uint8Array {
    if (!path.startsWith("appspec.")) {
        return strToU8(intoHost(strFromU8(content, true)), true);
    }
    // The deployment's own option has no place here; the appspec's key means the same.
    return fileExistsBehavior === undefined ? content : strToU8(`file_exists_behavior: ${fileExistsBehavior}\n${strFromU8(content)}`);
}

function zippable(entries: readonly Entry[], { archive }: Staging): Zippable {
    const mtime = archive === undefined ? new Date() : archivedAt;
    return Object.fromEntries(entries.map(({ path, content, mode }) => {
        const modes = archive?.zipModes === false ? { os: 0 } : { os: 3, attrs: (mode << 16) >>> 0 };
        return [(archive?.prefix ?? "") + path, [content, { ...modes, mtime }]];
    }));
}
