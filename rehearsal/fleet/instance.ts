import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { HostAgent, type HostAgentArgs } from "../agent/host-agent";
import type { Docker } from "../docker/docker";
import type { Address } from "../docker/service";

export interface InstanceArgs extends Pick<HostAgentArgs, "deploymentGroupId" | "deploymentGroupName" | "applicationName" | "fetchBundle"> {
    readonly docker: Docker;
    /** What Compose is called with besides. */
    readonly composeEnvironment: Readonly<Record<string, string>>;
    /** Name of the run, the start of the container's name. */
    readonly run: string;
    readonly network: string;
    /** Folder of the run; the host's root is made in it. */
    readonly folder: string;
    readonly containerPort: number;
    /** Folder of the bucket, for scripts that read from S3. */
    readonly bucketFolder: string;
    readonly awsCli: string;
}

/** One host of the fleet: its own agent, files, network address and container; only the Docker daemon is shared. */
export class Instance {
    readonly agent: HostAgent;
    readonly #container: string;

    readonly #root: string;

    constructor(
        readonly id: string,
        private readonly args: InstanceArgs,
    ) {
        this.#container = `${args.run}-${id}`;
        this.#root = join(args.folder, id);
        this.agent = new HostAgent({ ...args, root: this.#root, environment: this.environment() });
    }

    /** Makes its files' root; before, nothing can be installed on it. */
    async makeRoot(): Promise<void> {
        await mkdir(this.#root, { recursive: true });
    }

    /** Takes it away at once, with its container and files. */
    async remove(): Promise<void> {
        await this.args.docker.run(["rm", "--force", "--volumes", this.#container]);
        await rm(this.#root, { recursive: true, force: true });
    }

    /** Where the balancer reaches the service of this instance. It changes with each container, as on no real host. */
    async address(): Promise<Address> {
        const { docker, network, containerPort } = this.args;
        const format = `{{with index .NetworkSettings.Networks "${network}"}}{{.IPAddress}}{{end}}`;
        return { host: await docker.run(["inspect", "--format", format, this.#container]), port: containerPort };
    }

    // Everything that tells this instance's scripts apart from its neighbours'. Nothing else of the person's own
    // environment reaches them, so that it works here as it does on a host.
    private environment(): Record<string, string> {
        const { docker, composeEnvironment, run, network, bucketFolder, awsCli } = this.args;
        const { PATH = "/usr/bin:/bin", HOME = "/" } = process.env;
        const dockers = Object.entries(process.env).filter(([key]) => key.startsWith("DOCKER_"));
        return {
            PATH, HOME, LANG: "C.UTF-8", DOCKER_CONFIG: join(HOME, ".docker"),
            ...Object.fromEntries(dockers.map(([key, value = ""]) => [key, value])),
            ...docker.environment,
            ...composeEnvironment,
            GAPLESS_RUN: run,
            GAPLESS_INSTANCE_ID: this.id,
            GAPLESS_CONTAINER: this.#container,
            COMPOSE_PROJECT_NAME: this.#container,
            GAPLESS_NETWORK: network,
            // A port of its own on this machine's loopback address; Docker chooses it.
            GAPLESS_PUBLISH: "127.0.0.1:",
            GAPLESS_PRUNE: "no",
            GAPLESS_AWS_CLI: awsCli,
            GAPLESS_S3_FOLDER: bucketFolder,
        };
    }
}
