import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
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
    const rewritten = entries.map(entry => ({ ...entry, content: rewrite(entry, intoHost) }));
    const { format = "zip", prefix = "", truncate } = staging.archive ?? {};
    const packed = format === "zip" ? zipSync(zippable(rewritten, staging)) : await tar(rewritten, prefix, format);
    return packed.slice(0, truncate);
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

async function tar(entries: readonly Entry[], prefix: string, format: string): Promise<Uint8Array> {
    const folder = await mkdtemp(join(tmpdir(), "gapless-tar-"));
    try {
        for (const { path, content, mode } of entries) {
            const file = join(folder, path);
            await mkdir(path.endsWith("/") ? file : dirname(file), { recursive: true });
            if (!path.endsWith("/")) await writeFile(file, content);
            await chmod(file, mode & 0o7777);
        }
        const names = prefix === "./" ? ["."] : (await readdir(folder)).sort();
        const options = ["--owner=0", "--group=0", "--mtime=2020-01-01T00:00:00Z", "--sort=name", "-C", folder, ...(format === "tgz" ? ["-z"] : [])];
        const { stdout } = await execa("tar", [...options, "-c", ...names], { encoding: "buffer" });
        return stdout;
    } finally {
        await rm(folder, { recursive: true });
    }
}

function added({ mkdir = [], write = {} }: Staging): readonly Entry[] {
    return [
        ...mkdir.map(path => ({ path: `${path}/`, content: new Uint8Array(), mode: 0o040755 })),
        ...Object.entries(write).map(([path, text]) => ({ path, content: strToU8(text), mode: 0o100644 })),
    ];
}

function rewrite({ path, content }: Entry, intoHost: (text: string) => string): Uint8Array {
    return path.startsWith("appspec.") ? content : strToU8(intoHost(strFromU8(content, true)), true);
}

function zippable(entries: readonly Entry[], { archive }: Staging): Zippable {
    const mtime = archive === undefined ? new Date() : archivedAt;
    return Object.fromEntries(entries.map(({ path, content, mode }) => {
        const modes = archive?.zipModes === false ? { os: 0 } : { os: 3, attrs: (mode << 16) >>> 0 };
        return [(archive?.prefix ?? "") + path, [content, { ...modes, mtime }]];
    }));
}
