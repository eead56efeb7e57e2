import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { BalancerNumbers, BalancerPorts } from "../../../rehearsal/balancer/haproxy-config";
import { RuntimeSocket } from "../../../rehearsal/balancer/runtime-socket";
import { ensureProgram } from "../../../rehearsal/docker/packages";

/** A quick balancer: what takes seconds on AWS takes tenths of one. */
export const quick: BalancerNumbers = {
    path: "/up", matcher: "200", healthIntervalMs: 200, healthTimeoutMs: 180, healthyThreshold: 3, unhealthyThreshold: 3, idleTimeoutMs: 1_000,
};

/** HAProxy of this machine as a plain process on loopback. */
export class RealHaproxy {
    private constructor(
        private readonly process: ChildProcess,
        private readonly folder: string,
        private readonly ports: BalancerPorts,
    ) {}

    /** Starts it and waits until it takes commands. */
    static async start(configOf: (ports: BalancerPorts) => string): Promise<RealHaproxy> {
        await ensureProgram({
            program: "haproxy", packages: ["haproxy"], advice: "Install haproxy.", announce: () => undefined, signal: new AbortController().signal,
        });
        const ports = { door: await freePort(), runtime: await freePort() };
        const folder = await mkdtemp(join(tmpdir(), "gapless-haproxy-"));
        const file = join(folder, "haproxy.cfg");
        await writeFile(file, configOf(ports));
        const haproxy = new RealHaproxy(spawn("haproxy", ["-db", "-q", "-f", file], { stdio: ["ignore", "ignore", "inherit"] }), folder, ports);
        while (!(await haproxy.runtime.answers())) {
            if (haproxy.process.exitCode !== null) throw new Error(`HAProxy ended with ${haproxy.process.exitCode}`);
            await sleep(20);
        }
        return haproxy;
    }

    get runtime(): RuntimeSocket {
        return new RuntimeSocket("127.0.0.1", this.ports.runtime);
    }

    get door(): { readonly host: string; readonly port: number } {
        return { host: "127.0.0.1", port: this.ports.door };
    }

    async [Symbol.asyncDispose](): Promise<void> {
        const ended = once(this.process, "exit");
        this.process.kill();
        await ended;
        await rm(this.folder, { recursive: true });
    }
}

async function freePort(): Promise<number> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    await once(server.close(), "close");
    return port;
}
