import { Docker } from "./docker";
import { ensureProgram, isInstalled, mayInstall, MissingProgramError } from "./packages";
import { startPrivateDaemon } from "./private-daemon";

/** Finds the daemon that the client reaches; else, as root on Debian or Ubuntu, starts a private one for this run. */
export async function openDocker(folder: string, announce: (line: string) => void): Promise<Docker> {
    const docker = new Docker();
    if ((await isInstalled("docker")) && (await docker.answers())) return docker;
    if (!(await mayInstall())) throw new MissingProgramError(noDocker);

    await ensureProgram("dockerd", ["docker.io", "iptables"], announce, noDocker);
    // Where an init system runs, the package has just started its own daemon.
    if (await docker.answers()) return docker;
    announce("no Docker daemon answers: starting a private one for this rehearsal");
    return startPrivateDaemon(folder);
}

const noDocker =
    "The rehearsal needs Docker and no daemon answers. Install or start it, for example: sudo systemctl start docker";
