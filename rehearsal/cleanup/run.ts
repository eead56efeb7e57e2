import { randomBytes } from "node:crypto";
import { spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";

/** Something that a rehearsal made could not be removed. */
export class CleanUpError extends Error {
    override readonly name = "CleanUpError";
}

const script = join(import.meta.dirname, "cleanup.sh");

/**
 * One rehearsal's claim on the machine: a name for all it makes, a temporary folder, and a guard process that removes
 * everything when the rehearsal ends, however it ends.
 */
export class Run {
    #said = "";

    private constructor(
        /** Start of the name of every container and network, such as gapless-1f3a9c. */
        readonly name: string,
        /** Temporary folder, gone with the run. */
        readonly folder: string,
        private readonly guard: ChildProcessByStdio<Writable, Readable, null>,
    ) {
        guard.stdout.on("data", (chunk: Buffer) => (this.#said += chunk.toString()));
    }

    static async open(): Promise<Run> {
        const name = `gapless-${randomBytes(3).toString("hex")}`;
        const folder = await mkdtemp(join(tmpdir(), `${name}-`));
        // A session of its own: Ctrl-C in the terminal must not end the one who cleans up.
        const guard = spawn(script, [name, folder], { detached: true, stdio: ["pipe", "pipe", "ignore"] });
        await once(guard, "spawn");
        return new Run(name, folder, guard);
    }

    /** Leaves everything running when the run ends, for a person to look at. Returns the command that removes it. */
    keep(): string {
        this.guard.stdin.write("keep\n");
        return `${script} ${this.name} ${this.folder} </dev/null`;
    }

    /** Lets the guard clean up and waits for it. */
    async [Symbol.asyncDispose](): Promise<void> {
        if (this.guard.exitCode === null) {
            const closed = once(this.guard, "close");
            this.guard.stdin.end();
            await closed;
        }
        const code = this.guard.exitCode;
        if (code !== 0) throw new CleanUpError(`Clean-up of ${this.name} is incomplete: ${this.#said.trim() || `exit code ${code}`}`);
    }
}
