import { execa } from "execa";
import { lastOutput } from "./command-output";

/** Says which Docker command failed and what it printed last. */
export class DockerError extends Error {
    override readonly name = "DockerError";
}

export interface DockerOptions {
    readonly input?: string;
    readonly signal?: AbortSignal | undefined;
    /** Receives each line of output as it comes. */
    readonly onLine?: (line: string) => void;
}

/** The Docker daemon that the rehearsal uses, reached through the client on PATH, so contexts and DOCKER_HOST count. */
export class Docker {
    /**
     * @param environment what a child process needs to reach the same daemon
     * @param buildNetwork network of build steps; undefined = the daemon's default
     */
    constructor(
        readonly environment: Readonly<Record<string, string>> = {},
        readonly buildNetwork?: string,
    ) {}

    /** Runs one client command and returns its standard output. */
    async run(args: readonly string[], options: DockerOptions = {}): Promise<string> {
        const { input, signal, onLine } = options;
        const child = execa("docker", args, {
            env: this.environment,
            all: true,
            ...(input === undefined ? { stdin: "ignore" as const } : { input }),
            ...(signal === undefined ? {} : { cancelSignal: signal }),
        });
        try {
            if (onLine) for await (const line of child.iterable({ from: "all" })) onLine(line);
            return (await child).stdout;
        } catch (error) {
            signal?.throwIfAborted();
            throw new DockerError(`docker ${args.slice(0, 3).join(" ")} failed:\n${lastOutput(error, 12)}`, { cause: error });
        }
    }

    /** True when the daemon answers. */
    async answers(): Promise<boolean> {
        try {
            await this.run(["version", "--format", "{{.Server.Version}}"]);
            return true;
        } catch {
            return false;
        }
    }

    /** True when an image of this name is there. */
    async hasImage(image: string): Promise<boolean> {
        return (await this.run(["image", "ls", "--quiet", image])) !== "";
    }
}
