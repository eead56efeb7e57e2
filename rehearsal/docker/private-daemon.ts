import { spawn } from "node:child_process";
import { closeSync, openSync, writeFileSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Docker, DockerError } from "./docker";

const startDeadlineMs = 30_000;

/** Another rehearsal holds the private daemon's data. */
export class DaemonInUseError extends Error {
    override readonly name = "DaemonInUseError";
}

/**
 * Starts a daemon of our own, with its own socket and data, that leaves the host's network settings alone: no default
 * bridge, no firewall rules, no forwarding. Its data folder outlives the run and holds only images and build cache.
 * @param folder folder of the run, whose clean-up finds socket and process id there
 */
export async function startPrivateDaemon(folder: string): Promise<Docker> {
    const dataRoot = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "gapless", "docker");
    const pidFile = join(dataRoot, "gapless.pid");
    const logFile = join(folder, "dockerd.log");
    await mkdir(dataRoot, { recursive: true });
    await refuseSecond(pidFile);

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
    const docker = new Docker({ DOCKER_HOST: socket }, "host");
    const deadline = Date.now() + startDeadlineMs;
    while (!(await docker.answers())) {
        if (startError ?? (daemon.exitCode !== null || Date.now() > deadline)) {
            const said = (await readFile(logFile, "utf8")).trim().split("\n").slice(-8).join("\n");
            throw new DockerError(`The private dockerd did not start. Its last lines:\n${said}`, { cause: startError });
        }
        await sleep(100);
    }
    return docker;
}

async function refuseSecond(pidFile: string): Promise<void> {
    const pid = await readFile(pidFile, "utf8").then(Number, () => undefined);
    if (pid === undefined) return;
    try {
        process.kill(pid, 0);
    } catch {
        return; // a stale file: dockerd replaces it
    }
    throw new DaemonInUseError(
        `Another rehearsal is using the private Docker daemon (dockerd, process ${pid}). Wait until it has ended.`,
    );
}
