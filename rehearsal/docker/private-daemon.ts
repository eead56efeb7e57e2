import { spawn } from "node:child_process";
import { closeSync, openSync, writeFileSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Docker, DockerError } from "./docker";

const startDeadlineMs = 30_000;
// The kernel's limit on the path of a socket, less the name that containerd adds below the same folder.
const longestFolder = 60;

/** Another rehearsal holds the private daemon's data. */
export class DaemonInUseError extends Error {
    override readonly name = "DaemonInUseError";
}

/**
 * Starts a daemon of our own, with its own socket and data, that leaves the host's network settings alone: no default
 * bridge, no firewall rules, no forwarding. Its data folder outlives the run and holds only images and build cache.
 * @param folder folder of the run, whose clean-up finds socket and process id there
 * @param environment what every client of the daemon gets
 */
export async function startPrivateDaemon({ folder, environment, signal }: {
    readonly folder: string;
    readonly environment: Readonly<Record<string, string>>;
    readonly signal: AbortSignal;
}): Promise<Docker> {
    const dataRoot = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "gapless", "docker");
    const pidFile = join(dataRoot, "gapless.pid");
    const logFile = join(folder, "dockerd.log");
    if (folder.length > longestFolder) {
        throw new DockerError(`The path ${folder} is too long for Docker's socket. Set TMPDIR to a shorter path, such as /tmp.`);
    }
    await mkdir(dataRoot, { recursive: true });
    await refuseSecond(pidFile, dataRoot);

    const socket = `unix://${join(folder, "docker.sock")}`;
    const log = openSync(logFile, "a");
    const daemon = spawn("dockerd", [
        "--host", socket, "--data-root", dataRoot, "--exec-root", join(folder, "exec"), "--pidfile", pidFile,
        "--bridge=none", "--iptables=false", "--ip6tables=false", "--ip-forward=false",
    ], { detached: true, stdio: ["ignore", log, log] });
    // At once and synchronously: from here on the clean-up finds the daemon even if we are killed.
    writeFileSync(join(folder, "dockerd.pid"), String(daemon.pid ?? ""));
    closeSync(log);
    let startError: Error | undefined;
    daemon.once("error", error => (startError = error));
    daemon.unref();

    // Its default bridge is missing, so build steps that need the network use the host's.
    const docker = new Docker({ signal, environment: { ...environment, DOCKER_HOST: socket }, buildNetwork: "host" });
    const deadline = Date.now() + startDeadlineMs;
    while (!(await docker.answers())) {
        if (startError ?? (daemon.exitCode !== null || Date.now() > deadline)) {
            const said = (await readFile(logFile, "utf8")).trim().split("\n").slice(-8).join("\n");
            throw new DockerError(`The private dockerd did not start. Its last lines:\n${said}`, { cause: startError });
        }
        await sleep(100, undefined, { signal });
    }
    await removeLeftovers(docker);
    return docker;
}

// A process id alone says little: after a reboot somebody else has it.
async function refuseSecond(pidFile: string, dataRoot: string): Promise<void> {
    const pid = Number(await readFile(pidFile, "utf8").catch(() => ""));
    if (!Number.isInteger(pid) || pid <= 0) return;
    const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    if (!command.includes("dockerd") || !command.includes(dataRoot)) return;
    throw new DaemonInUseError(
        `Another rehearsal is using the private Docker daemon (dockerd, process ${pid}). `
        + "Wait until it has ended; one that was started with --keep has told the command that removes it.",
    );
}

/** The daemon is ours alone, so what it holds now was left by a machine that went down in the middle of a rehearsal. */
async function removeLeftovers(docker: Docker): Promise<void> {
    const containers = await docker.run(["ps", "--all", "--quiet"]);
    if (containers !== "") await docker.run(["rm", "--force", "--volumes", ...containers.split("\n")]);
    const networks = await docker.run(["network", "ls", "--quiet", "--filter", "type=custom"]);
    if (networks !== "") await docker.run(["network", "rm", ...networks.split("\n")]);
}
