import { chmod, cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import type { DemoStage } from "../../support/aws/demo-stage";

const root = join(import.meta.dirname, "..", "..", "..");
const support = join(root, "tests", "support", "aws");

/** How a command ended. */
export interface Ended {
    readonly exitCode: number | undefined;
    readonly stdout: string;
    readonly stderr: string;
}

/** A shell from which `./gapless` finds a demo stage and no other AWS, with a Docker that builds nothing. */
export class Shell implements AsyncDisposable {
    private constructor(private readonly demo: DemoStage, private readonly folder: string, private readonly quick: boolean) {}

    /** @param about.quick whether waits are a hundredth of what they are. @default true */
    static async open(demo: DemoStage, { quick = true }: { readonly quick?: boolean } = {}): Promise<Shell> {
        const folder = await mkdtemp(join(tmpdir(), "end-to-end-"));
        await cp(join(support, "docker-on-path.mjs"), join(folder, "docker"));
        await chmod(join(folder, "docker"), 0o755);
        await writeFile(join(folder, "package.json"), '{"type": "module"}');
        await writeFile(join(folder, "words"), "");
        return new Shell(demo, folder, quick);
    }

    /** Starts the command line as a person does. */
    start(...words: readonly string[]) {
        return execa(join(root, "gapless"), words, {
            reject: false,
            all: true,
            extendEnv: false,
            env: {
                ...this.demo.env,
                PATH: `${this.folder}:${process.env["PATH"] ?? ""}`,
                HOME: this.folder,
                DOCKER_WORDS: join(this.folder, "words"),
                NODE_OPTIONS: ["only-loopback.mjs", ...(this.quick ? ["quick-clock.mjs"] : [])].map(file => `--import ${join(support, file)}`).join(" "),
            },
        });
    }

    async run(...words: readonly string[]): Promise<Ended> {
        const { exitCode, stdout, stderr } = await this.start(...words);
        return { exitCode, stdout, stderr };
    }

    /** What Docker was told, by the first words. */
    async dockerWords(): Promise<readonly string[]> {
        const lines = (await readFile(join(this.folder, "words"), "utf8")).trim().split("\n");
        return lines.map(line => (JSON.parse(line) as string[])[0] ?? "");
    }

    async [Symbol.asyncDispose](): Promise<void> {
        await rm(this.folder, { recursive: true });
    }
}
