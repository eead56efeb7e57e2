import { once } from "node:events";
import { access, chmod, constants, mkdir, stat } from "node:fs/promises";
import { createWriteStream, type WriteStream } from "node:fs";
import { posix } from "node:path";
import { finished } from "node:stream/promises";
import type { HookScript } from "./appspec";
import { EventFailure, NotModelled, type ErrorCode } from "./failure";
import { isRoot, statLink, type HostRoot } from "./host-root";
import { LogTail } from "./log-tail";
import { archiveOf } from "./revisions";
import { runScript, type OutputName, type ScriptEnd } from "./script-process";
import { systemText } from "./system-text";

export interface HookRun {
    readonly event: string;
    readonly scripts: readonly HookScript[];
    /** Folder of the deployment whose scripts run, as a path of the host. */
    readonly revisionFolder: string;
    /** Folder of the running deployment, which keeps the log even of an older revision's scripts. */
    readonly deploymentFolder: string;
    readonly environment: Readonly<Record<string, string>>;
}

/** Runs the scripts of an event one after the other until one fails; returns the tail of their log. */
export async function runHooks(host: HostRoot, run: HookRun, signal?: AbortSignal): Promise<string> {
    const log = await HookLog.open(host.locate(posix.join(run.deploymentFolder, "logs/scripts.log")));
    try {
        log.write(`LifecycleEvent - ${run.event}\n`);
        for (const script of run.scripts) {
            await new Hook(host, run, script, log).run(signal);
        }
        return log.tail.text;
    } finally {
        await log.close();
    }
}

class Hook {
    private readonly location: string;
    /** Path of the script as the host knows it; a `..` may leave the bundle, as it may there. */
    private readonly hostPath: string;

    constructor(private readonly host: HostRoot, private readonly hook: HookRun, private readonly script: HookScript, private readonly log: HookLog) {
        this.location = script.location;
        this.hostPath = posix.join(archiveOf(hook.revisionFolder), script.location);
    }

    async run(signal?: AbortSignal): Promise<void> {
        await this.makeExecutable();
        const [file = "", ...words] = this.commandLine();
        this.log.write(`Script - ${this.location}\n`);
        const end = await runScript({
            file,
            arguments: words,
            folder: this.host.folder,
            environment: this.hook.environment,
            timeoutSeconds: this.script.timeoutSeconds,
        }, this.log.writeOutput, signal);
        if (this.log.isBroken) {
            throw this.withoutReport();
        }
        this.check(end, file);
    }

    private async makeExecutable(): Promise<void> {
        const path = this.host.locate(this.hostPath);
        if ((await statLink(path)) === undefined) {
            throw this.failure(1, `Script does not exist at specified location: ${this.hostPath}`);
        }
        await access(path, constants.X_OK).catch(async () => {
            const { mode } = await stat(path);
            await chmod(path, (mode & 0o7777) | 0o111).catch((error: unknown) => {
                throw this.failure(2, `Unable to set script at specified location: ${this.location} as executable`, error);
            });
        });
    }

    /** The agent starts a command line, not a file: blanks split it, and characters of the shell would bring in a shell. */
    private commandLine(): readonly string[] {
        if (forShell.test(this.location)) {
            throw new NotModelled(`a script whose name holds characters of the shell (${this.location})`);
        }
        const [name = "", ...words] = this.hostPath.split(/\s+/);
        const file = this.host.locate(name);
        return this.script.user === undefined ? [file, ...words] : [...this.switchUser(this.script.user), quoted(file), ...words];
    }

    private switchUser(user: string): readonly string[] {
        if (forShell.test(user)) {
            throw new NotModelled(`a runas that holds characters of the shell (${user})`);
        }
        if (!isRoot()) {
            throw new NotModelled(`runas unless it is run by root (${this.location} as ${user})`);
        }
        return ["su", ...user.split(/\s+/).filter(word => word !== ""), "-c"];
    }

    private check(end: ScriptEnd, file: string): void {
        const script = `Script at specified location: ${this.location}`;
        switch (end.type) {
            case "exited":
                if (end.exitCode !== 0) {
                    // Nothing follows "exit code " when a signal ended the script.
                    const user = this.script.user === undefined ? "" : ` run as user ${this.script.user}`;
                    throw this.failure(4, `${script}${user} failed with exit code ${end.exitCode ?? ""}`);
                }
                return;
            case "timedOut":
                throw this.failure(3, `${script} failed to complete in ${this.script.timeoutSeconds} seconds`);
            case "outputLeftOpen":
                throw this.failure(6, `${script} failed to close ${end.stream.toUpperCase()}`);
            case "notStarted":
                throw this.failure(4, `${script} failed with error Errno::${end.error.code ?? ""} with message ${systemText(end.error)} - ${this.host.nameOf(file)}`, end.error);
        }
    }

    private failure(errorCode: ErrorCode, message: string, cause?: unknown): EventFailure {
        return new EventFailure(message, { errorCode, scriptName: this.location, logTail: this.log.tail.text }, { cause });
    }

    /** Output that is not UTF-8 breaks the agent's reader, and then the report about it. The exit code no longer matters. */
    private withoutReport(): EventFailure {
        return new EventFailure("Attempting minimal diagnostics", {
            scriptName: this.location,
            logTail: "Exception JSON::GeneratorError occured",
        });
    }
}

const forShell = /[*?{}[\]<>()~&|\\$;'`"\n#=%]/;

/** For the shell of `su`: unlike a host's, the path of a rehearsed one may hold anything. */
function quoted(path: string): string {
    return `'${path.replaceAll("'", "'\\''")}'`;
}

/** The log of an event: all of it in the deployment's file, the tail in memory. */
class HookLog {
    readonly tail = new LogTail();
    /** Whether a line was not UTF-8. */
    isBroken = false;
    private readonly finished: Promise<void>;

    private constructor(private readonly file: WriteStream) {
        this.finished = finished(file);
        // An error while writing is thrown by close(); without this it would end the process before.
        this.finished.catch(() => undefined);
    }

    static async open(path: string): Promise<HookLog> {
        await mkdir(posix.dirname(path), { recursive: true });
        const file = createWriteStream(path, { flags: "a" });
        await once(file, "open");
        return new HookLog(file);
    }

    write(entry: string): void {
        this.tail.append(entry);
        this.file.write(`${new Date().toISOString().slice(0, 19).replace("T", " ")} ${entry}`);
    }

    readonly writeOutput = (stream: OutputName, line: string | undefined): void => {
        if (line === undefined) {
            this.isBroken = true;
        } else {
            this.write(`[${stream}]${line}`);
        }
    };

    async close(): Promise<void> {
        this.file.end();
        await this.finished;
    }
}
