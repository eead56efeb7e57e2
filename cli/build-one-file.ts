import { createHash } from "node:crypto";
import { mkdir, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { build } from "esbuild";

/** The command line in one file, which needs nothing but Node.js. */
export interface OneFile {
    /** Where it lies, relative to the folder of the program. */
    readonly file: string;
    /** Of its bytes, in hexadecimal digits. */
    readonly sha256: string;
}

const folder = join(import.meta.dirname, "..");

let built: Promise<OneFile> | undefined;

/** Builds it, once in a process, and leaves it under .gapless/. The same sources make the same bytes wherever they lie. */
export function buildOneFile(): Promise<OneFile> {
    built ??= translateOneFile().then(write);
    return built;
}

/**
 * The text of the one file.
 * @param from folder of the sources. @default that of this program
 */
export async function translateOneFile(from = folder): Promise<Uint8Array> {
    const { outputFiles } = await build({
        entryPoints: ["cli/one-file.ts"],
        // Names in the file are relative to it.
        absWorkingDir: from,
        // Else the packages would be named by where they really lie, on this machine.
        preserveSymlinks: true,
        bundle: true,
        write: false,
        platform: "node",
        target: "node20",
        format: "esm",
        mainFields: ["module", "main"],
        // Names stay, for whoever reads a stack.
        minifyWhitespace: true,
        minifySyntax: true,
        legalComments: "none",
        charset: "utf8",
        logLevel: "silent",
        // Packages that are not modules ask for Node's own by `require`, which modules have not.
        banner: { js: 'import{createRequire as __createRequire}from"node:module";const require=__createRequire(import.meta.url);' },
    });
    const [{ contents } = { contents: new Uint8Array() }] = outputFiles;
    return contents;
}

async function write(contents: Uint8Array): Promise<OneFile> {
    const sha256 = createHash("sha256").update(contents).digest("hex");
    const path = join(folder, ".gapless/one-file", `${sha256}.mjs`);
    await mkdir(join(path, ".."), { recursive: true });
    // Beside it and moved: another process may read it right now.
    const draft = `${path}.${process.pid}`;
    await writeFile(draft, contents);
    await rename(draft, path);
    await removeOld(join(path, ".."));
    return { file: relative(folder, path), sha256 };
}

const dayMs = 24 * 60 * 60 * 1000;

/** Those of earlier sources; not what another process may have built just now and still be uploading. */
async function removeOld(folder: string): Promise<void> {
    for (const name of await readdir(folder)) {
        const path = join(folder, name);
        // Another process may have moved or removed it meanwhile.
        const about = await stat(path).catch(() => undefined);
        if (about && Date.now() - about.mtimeMs > dayMs) await rm(path, { force: true });
    }
}
