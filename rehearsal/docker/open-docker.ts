import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Docker } from "./docker";
import { ensureProgram, isInstalled, mayInstall, MissingProgramError } from "./packages";
import { startPrivateDaemon } from "./private-daemon";

export interface OpenDockerArgs {
    /** Name of the run, by which the clean-up finds the clients that outlive it. */
    readonly run: string;
    /** Its folder, where the clean-up looks. */
    readonly folder: string;
    readonly announce: (line: string) => void;
    readonly signal: AbortSignal;
}

/** Finds the daemon that the client reaches; else, as root on Debian or Ubuntu, starts a private one for this run. */
export async function openDocker({ run, folder, announce, signal }: OpenDockerArgs): Promise<Docker> {
    const environment = { GAPLESS_RUN: run };
    const docker = new Docker({ signal, environment });
    if ((await isInstalled("docker")) && (await docker.answers())) return taken(docker, folder);
    if (!(await mayInstall())) throw new MissingProgramError(advice);

    await ensureProgram({ program: "dockerd", packages: ["docker.io", "iptables"], advice, announce, signal });
    // From Debian 13 on the client is a package of its own.
    await ensureProgram({ program: "docker", packages: ["docker-cli"], advice, announce, signal });
    // Where an init system runs, the package has just started its own daemon.
    if (await docker.answers()) return taken(docker, folder);
    announce("no Docker daemon answers: starting a private one for this rehearsal");
    return startPrivateDaemon({ folder, environment, signal });
}

// Tells the clean-up that there is something to remove in the daemon which the client reaches.
async function taken(docker: Docker, folder: string): Promise<Docker> {
    await writeFile(join(folder, "docker-is-used"), "");
    return docker;
}

const advice =
    "The rehearsal needs Docker and no daemon answers. Install or start it, for example: sudo systemctl start docker";
