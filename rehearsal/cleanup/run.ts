import { randomBytes } from "node:crypto";
import { spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Readable, Writable } from "node:stream";

/** Something that a rehearsal made could not be removed. */
export class CleanUpError extends Error {
    override readonly name = "CleanUpError";
}

// Beyond what the guard itself waits for: ten seconds for a daemon, and Docker's own work.
const deadlineMs = 90_000;
const script = join(import.meta.dirname, "cleanup.sh");

/**
 * One rehearsal's claim on the machine: a name for all it makes, a temporary folder, and a guard process that removes
 * everything when the rehearsal ends, however it ends.
 */
export class Run {
    readonly #closed: Promise<unknown>;
    #said = "";

    private constructor(
        /** Start of the name of every container and network, such as gapless-1f3a9c. */
        readonly name: string,
        /** Temporary folder, gone with the run. */
        readonly folder: string,
        private readonly guard: ChildProcessByStdio<Writable, Readable, null>,
    ) {
        this.#closed = once(guard, "close");
        guard.stdout.on("data", (chunk: Buffer) => (this.#said += chunk.toString()));
        // A guard that somebody ended is noticed when the run ends.
        guard.stdin.on("error", () => undefined);
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
        return removeCommand(this.name, this.folder);
    }

    /** Lets the guard clean up and waits for it. */
    async [Symbol.asyncDispose](): Promise<void> {
        this.guard.stdin.end();
        const late = new AbortController();
        const outcome = await Promise.race([this.#closed, sleep(deadlineMs, "late", { signal: late.signal })]);
        late.abort();
        if (outcome !== "late" && this.guard.exitCode === 0) return;
        const why = outcome === "late" ? `it takes more than ${deadlineMs / 1000} s` : this.#said.trim() || "its guard was ended";
        throw new CleanUpError(`${this.name} is not cleaned up: ${why}. Try again with: ${removeCommand(this.name, this.folder)}`);
    }
}

/** The command that removes what is left of a run. */
export function removeCommand(name: string, folder: string): string {
    const quote = (word: string): string => (/^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`);
    return `${quote(script)} ${name} ${quote(folder)} </dev/null`;
}
