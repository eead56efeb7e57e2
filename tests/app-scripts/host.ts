import { spawnSync } from "node:child_process";
import { chmodSync, closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

export interface Run {
    readonly code: number | null;
    /** What the script printed on stdout and stderr, in order, without the last line end. */
    readonly output: string;
    readonly lastLine: string;
    /** The stubbed commands it ran, one line each. */
    readonly calls: readonly string[];
}

/**
 * A folder that stands for a host: scripts run in it, and every command that would leave it is a stub that is written down
 * and does what the test says. Nothing waits: `sleep` only moves the host's clock, by whole seconds.
 */
export class Host implements Disposable {
    readonly folder = mkdtempSync(join(tmpdir(), "gapless-host-"));
    readonly #calls = join(this.folder, "calls");

    constructor() {
        this.write("clock", "0");
        this.stub("sleep", 'echo $(($(cat "$HOST/clock") + ${1%.*})) >"$HOST/clock"');
        this.stub("date", 'cat "$HOST/clock"');
        for (const name of ["docker", "docker-compose", "aws", "curl", "systemctl", "dnf", "rpm"]) {
            this.stub(name, 'echo "$0 is not stubbed" >&2; exit 99');
        }
    }

    /** The command is this bash text from now on; `$HOST` is the host's folder. */
    stub(name: string, body: string): void {
        const file = this.write(`bin/${name}`, `#!/bin/bash\necho "${name} $*" >>"$HOST/calls"\n${body}\n`);
        chmodSync(file, 0o755);
    }

    write(path: string, content: string): string {
        const file = join(this.folder, path);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, content);
        return file;
    }

    read(path: string): string {
        return readFileSync(join(this.folder, path), "utf8");
    }

    has(path: string): boolean {
        return existsSync(join(this.folder, path));
    }

    /** Seconds the host has slept so far. */
    get clockSeconds(): number {
        return Number(this.read("clock"));
    }

    run(command: readonly [string, ...string[]], env: Readonly<Record<string, string>> = {}, input = ""): Run {
        writeFileSync(this.#calls, "");
        const [program, ...args] = command;
        const log = openSync(join(this.folder, "log"), "w"); // One file for both streams keeps the order of their lines.
        const { status } = spawnSync(program, args, {
            cwd: "/",
            input,
            // A pipe of Node's is a socket, on which bash takes itself for a remote shell and reads ~/.bashrc.
            stdio: [input === "" ? "ignore" : "pipe", log, log],
            timeout: 15_000,
            env: { PATH: `${this.folder}/bin:/usr/bin:/bin`, HOST: this.folder, ...env },
        });
        closeSync(log);
        const output = this.read("log").trimEnd();
        return {
            code: status,
            output,
            lastLine: output.split("\n").at(-1) ?? "",
            calls: readFileSync(this.#calls, "utf8").split("\n").filter(Boolean),
        };
    }

    [Symbol.dispose](): void {
        rmSync(this.folder, { recursive: true, force: true });
    }
}
