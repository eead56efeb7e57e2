import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { checkBundle } from "../../../rehearsal/check-bundle/check-bundle";
import type { Finding } from "../../../rehearsal/check-bundle/finding";
import type { BundleFiles } from "../agent/test-host";

/** A bundle in a folder of its own, while `work` goes on. */
export async function inFolder<T>(files: BundleFiles, work: (folder: string) => Promise<T>): Promise<T> {
    const folder = await mkdtemp(join(tmpdir(), "gapless-bundle-"));
    try {
        for (const [path, text] of Object.entries(files)) {
            await mkdir(join(folder, dirname(path)), { recursive: true });
            await writeFile(join(folder, path), text);
            await chmod(join(folder, path), path.endsWith(".sh") ? 0o755 : 0o644);
        }
        return await work(folder);
    } finally {
        await rm(folder, { recursive: true });
    }
}

export async function findingsOf(files: BundleFiles): Promise<readonly Finding[]> {
    return inFolder(files, async folder => checkBundle(folder, true));
}
