import { setTimeout as sleep } from "node:timers/promises";
import type { Docker } from "../docker/docker";
import { publishedAddress, startService } from "../docker/service";
import { balancerPorts } from "./haproxy-config";
import { BalancerError, RuntimeSocket } from "./runtime-socket";

export interface HaproxyArgs {
    readonly docker: Docker;
    readonly image: string;
    /** Name of its container. */
    readonly name: string;
    readonly network: string;
    readonly config: string;
    /** Further files that the configuration names. @default none */
    readonly files?: Readonly<Record<string, string>>;
    /** Port of this machine for the door; 0 takes a free one. */
    readonly port: number;
}

/** HAProxy at work. */
export interface Haproxy {
    readonly runtime: RuntimeSocket;
    /** Where clients come in. */
    readonly url: string;
}

const pollMs = 50;
const startDeadlineMs = 20_000;

/** Starts HAProxy in a container and waits until it takes commands. */
export async function startHaproxy({ docker, image, name, network, config, files = {}, port }: HaproxyArgs, signal: AbortSignal): Promise<Haproxy> {
    const publish = [`127.0.0.1:${port === 0 ? "" : port}:${balancerPorts.door}`, `127.0.0.1::${balancerPorts.runtime}`];
    await startService(docker, { image, name, network, publish, config, files, command: "haproxy -f" });
    const door = await publishedAddress(docker, name, balancerPorts.door);
    const address = await publishedAddress(docker, name, balancerPorts.runtime);
    const runtime = new RuntimeSocket(address.host, address.port);
    const deadline = Date.now() + startDeadlineMs;
    while (!(await runtime.answers())) {
        if (Date.now() > deadline) throw new BalancerError(`HAProxy did not start. ${await docker.run(["logs", "--tail", "5", name]).catch(() => "")}`);
        await sleep(pollMs, undefined, { signal });
    }
    return { runtime, url: `http://${door.host}:${door.port}` };
}
