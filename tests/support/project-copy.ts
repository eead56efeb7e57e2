import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";

const root = join(import.meta.dirname, "..", "..");

/** A copy of this project in which a test may break things. */
export class ProjectCopy {
    private constructor(readonly folder: string) {}

    static async make(): Promise<ProjectCopy> {
        const folder = await mkdtemp(join(tmpdir(), "project-copy-"));
        const { stdout } = await execa("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { cwd: root });
        for (const file of stdout.split("\n")) {
            await mkdir(dirname(join(folder, file)), { recursive: true });
            await cp(join(root, file), join(folder, file));
        }
        await symlink(join(root, "node_modules"), join(folder, "node_modules"));
        return new ProjectCopy(folder);
    }

    /** Replaces a text that must be there. */
    async change(file: string, from: string, to: string): Promise<void> {
        const path = join(this.folder, file);
        const text = await readFile(path, "utf8");
        if (!text.includes(from)) throw new Error(`${file} does not contain '${from}'`);
        await writeFile(path, text.replace(from, to));
    }

    async write(file: string, text: string): Promise<void> {
        await writeFile(join(this.folder, file), text);
    }

    async [Symbol.asyncDispose](): Promise<void> {
        await rm(this.folder, { recursive: true });
    }
}
