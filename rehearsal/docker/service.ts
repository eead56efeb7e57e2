import type { Docker } from "./docker";

/** Where something answers. */
export interface Address {
    readonly host: string;
    readonly port: number;
}

export interface ServiceArgs {
    readonly image: string;
    /** Name of the container. */
    readonly name: string;
    readonly network: string;
    /** Ports to publish, in Docker's notation. */
    readonly publish: readonly string[];
    /** Text of the configuration. */
    readonly config: string;
    /** The program with its arguments, to which the configuration's file is added. */
    readonly command: string;
    /** Further files that it reads, by path in the container. @default none */
    readonly files?: Readonly<Record<string, string>>;
}

/**
 * Starts one of the rehearsal's own servers in a container. What it reads travels in the environment, so Docker need not
 * reach any file of this machine.
 */
export async function startService(docker: Docker, { image, name, network, publish, config, command, files = {} }: ServiceArgs): Promise<void> {
    const entries = Object.entries({ ...files, "/tmp/service.conf": config });
    const written = entries.map(([path], index) => `printf %s "$SERVICE_FILE_${index}" >${path}`);
    await docker.run([
        "run", "--detach", "--name", name, "--network", network, "--user", "0", ...publish.flatMap(port => ["--publish", port]),
        ...entries.flatMap(([, text], index) => ["--env", `SERVICE_FILE_${index}=${text}`]), "--entrypoint", "/bin/sh", image,
        "-c", `${written.join(" && ")} && exec ${command} /tmp/service.conf`,
    ]);
}

/** Where this machine reaches a published port of a container. */
export async function publishedAddress(docker: Docker, container: string, port: number): Promise<Address> {
    const [line = ""] = (await docker.run(["port", container, `${port}/tcp`])).split("\n");
    const match = /^(.*):(\d+)$/.exec(line.replace("0.0.0.0", "127.0.0.1"));
    if (!match?.[1]) throw new Error(`${container} publishes no port ${port}`);
    return { host: match[1], port: Number(match[2]) };
}
