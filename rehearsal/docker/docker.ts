import { execa } from "execa";
import { lastOutput } from "./command-output";

/** Says which Docker command failed and what it printed last. */
export class DockerError extends Error {
    override readonly name = "DockerError";
}

export interface DockerArgs {
    /** Ends every command when it is aborted. */
    readonly signal: AbortSignal;
    /** What a child process needs to reach the same daemon. @default nothing beyond our own environment */
    readonly environment?: Readonly<Record<string, string>>;
    /** Network of build steps. @default the daemon's own */
    readonly buildNetwork?: string;
}

const defaultTimeoutMs = 30_000;
const answerMs = 5_000;
/** For commands that move or build images and may take as long as they take. */
export const withoutLimit = 0;

/** The Docker daemon that the rehearsal uses, reached through the client on PATH, so contexts and DOCKER_HOST count. */
export class Docker {
    readonly environment: Readonly<Record<string, string>>;
    readonly buildNetwork: string | undefined;
    readonly #signal: AbortSignal;

    constructor({ signal, environment = {}, buildNetwork }: DockerArgs) {
        this.#signal = signal;
        this.environment = environment;
        this.buildNetwork = buildNetwork;
    }

    /**
     * Runs one client command and returns its standard output.
     * @param timeoutMs when a daemon that does not answer has failed
     */
    async run(args: readonly string[], timeoutMs = defaultTimeoutMs): Promise<string> {
        try {
            const { stdout } = await execa("docker", args, {
                env: this.environment, stdin: "ignore", all: true, timeout: timeoutMs, cancelSignal: this.#signal,
            });
            return stdout;
        } catch (error) {
            this.#signal.throwIfAborted();
            throw new DockerError(`docker ${args.slice(0, 3).join(" ")} failed:\n${lastOutput(error, 12)}`, { cause: error });
        }
    }

    /** True when the daemon answers. */
    async answers(): Promise<boolean> {
        return this.succeeds(["version", "--format", "{{.Server.Version}}"], answerMs);
    }

    /** True when a command succeeds; throws only when it was aborted. */
    async succeeds(args: readonly string[], timeoutMs = defaultTimeoutMs): Promise<boolean> {
        try {
            await this.run(args, timeoutMs);
            return true;
        } catch (error) {
            if (error instanceof DockerError) return false;
            throw error;
        }
    }

    /** True when an image of this name is there. */
    async hasImage(image: string): Promise<boolean> {
        return (await this.run(["image", "ls", "--quiet", image])) !== "";
    }
}
