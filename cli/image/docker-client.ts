import { execa } from "execa";
import { lastOutput } from "../../rehearsal/docker/command-output";
import { DeliveryError } from "../../release/aws/error";

/** Docker's client, as those need it who build images. */
export interface DockerClient {
    /**
     * Runs one command and returns its standard output.
     * @param told gets each line that it prints, as it comes
     * @throws DeliveryError with the last lines when it fails
     */
    run(args: readonly string[], told?: (line: string) => void): Promise<string>;
}

export interface DockerPlace {
    /** All that the client sees of the environment. */
    readonly env: Readonly<Record<string, string | undefined>>;
    /** Folder that paths are relative to. */
    readonly folder: string;
    readonly signal: AbortSignal;
}

const lastLines = 20;

/** The client on PATH, so contexts and DOCKER_HOST count. */
export function dockerOnPath({ env, folder: cwd, signal }: DockerPlace): DockerClient {
    return {
        async run(args, told) {
            const child = execa("docker", args, { env, extendEnv: false, cwd, stdin: "ignore", all: true, cancelSignal: signal });
            try {
                if (told) for await (const line of child.iterable({ from: "all" })) told(line);
                return (await child).stdout;
            } catch (error) {
                signal.throwIfAborted();
                if ((error as NodeJS.ErrnoException).code === "ENOENT") throw new DeliveryError("There is no docker on PATH, and images are built by it.", "usage", { cause: error });
                throw new DeliveryError(`docker ${args.slice(0, 2).join(" ")} failed:\n${lastOutput(error, lastLines)}`, "failed", { cause: error });
            }
        },
    };
}

/** Why Docker cannot build for a stack here, and what to do; undefined when its daemon answers. */
export async function whyNoDocker(docker: DockerClient, stack: string): Promise<string | undefined> {
    try {
        await docker.run(["version", "--format", "{{.Server.Version}}"]);
        return undefined;
    } catch (error) {
        if (!(error instanceof DeliveryError)) throw error;
        return `Docker does not answer: start it, name an image that is there with --image, or see ./gapless doctor ${stack}. ${error.message}`;
    }
}
