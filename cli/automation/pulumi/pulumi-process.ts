import { dirname, isAbsolute } from "node:path";
import { CommandError, ConcurrentUpdateError, StackNotFoundError } from "@pulumi/pulumi/automation";
import { execa } from "execa";
import { SemVer } from "semver";
import type { CommandContext } from "../../context";
import { killGroup, onAbort } from "./process-group";
import type { PulumiCli } from "./pulumi-cli";

/** What the Automation API asks of a command line. Its own type, `PulumiCommand`, leaves `run` out. */
export interface RunnablePulumi {
    readonly command: string;
    readonly version: SemVer;
    run(
        args: readonly string[], folder: string, env: Readonly<Record<string, string>>,
        onOutput?: (text: string) => void, onError?: (text: string) => void, signal?: AbortSignal,
    ): Promise<{ readonly stdout: string; readonly stderr: string; readonly code: number }>;
}

/**
 * Runs Pulumi's command line for the Automation API, in a process group of its own. In ours, as the Automation API itself would run
 * it, a terminal's Ctrl-C would reach it as well as what we send on, and Pulumi takes a second one for an order to drop what it is
 * doing: https://github.com/pulumi/pulumi/issues/6334
 * What the Automation API runs without a signal only asks, and the command's own signal kills it at once.
 */
export function pulumiProcess({ path, version }: PulumiCli, { env, tell, signal: commandSignal }: Pick<CommandContext, "env" | "tell" | "signal">): RunnablePulumi {
    return {
        command: path,
        version: new SemVer(version),
        run: async (args, folder, more, _onOutput, _onError, signal) => {
            (signal ?? commandSignal).throwIfAborted();
            const running = execa(path, [...args, "--non-interactive"], {
                cwd: folder, env: withOwnFolder(path, { ...env, ...more, PULUMI_AUTOMATION_API: "true" }), extendEnv: false,
                stdin: "ignore", detached: true, reject: false,
            });
            using _ = signal ? interruption(signal, tell, () => { running.kill("SIGINT"); }) : onAbort(commandSignal, () => { killGroup(running.pid); });
            const { stdout, stderr, exitCode, shortMessage } = await running;
            if (!signal) commandSignal.throwIfAborted();
            if (exitCode !== 0) throw commandError([stderr, stdout, shortMessage ?? ""].filter(Boolean).join("\n"));
            return { stdout, stderr, code: exitCode };
        },
    };
}

/** Plugins that came with a command line are taken before any others on PATH. */
function withOwnFolder(path: string, env: Record<string, string | undefined>): Record<string, string | undefined> {
    return isAbsolute(path) ? { ...env, PATH: `${dirname(path)}:${env["PATH"] ?? ""}` } : env;
}

/** Passes the first interruption on, and each further one, which ends Pulumi at once. */
function interruption(signal: AbortSignal, tell: CommandContext["tell"], interrupt: () => void): Disposable {
    const insist = (): void => {
        tell.warn("Pulumi was made to drop what it was doing. ./gapless refresh STACK reads from AWS what has become of it.");
        interrupt();
    };
    const begin = (): void => {
        tell.warn("asked Pulumi to stop. It ends what it has begun, which may take minutes, so that nothing is left half made. "
            + "Ctrl-C again makes it drop even that, and AWS may then have what its state does not know.");
        interrupt();
        process.on("SIGINT", insist);
    };
    const listening = onAbort(signal, begin);
    return {
        [Symbol.dispose]: () => {
            listening[Symbol.dispose]();
            process.off("SIGINT", insist);
        },
    };
}

/** The kind of error that the Automation API tells from others by its class. */
export function commandError(text: string): CommandError {
    if (/no stack named.*found/.test(text)) return new StackNotFoundError(text);
    if (text.includes("the stack is currently locked by")) return new ConcurrentUpdateError(text);
    if (text.includes("[409] Conflict: Another update is currently in progress.")) return new ConcurrentUpdateError(text);
    return new CommandError(text);
}
