import { setTimeout as sleep } from "node:timers/promises";
import type { Docker } from "../docker/docker";
import { publishedAddress, startService, type Address } from "../docker/service";
import { backend, balancerPorts, haproxyConfig, type BalancerNumbers } from "./haproxy-config";
import { BalancerError, RuntimeSocket } from "./runtime-socket";

/** State of a target, in the ALB's words. */
export type TargetHealth = "unused" | "initial" | "healthy" | "unhealthy" | "draining";

export interface BalancerArgs {
    readonly docker: Docker;
    readonly image: string;
    /** Name of its container. */
    readonly name: string;
    readonly network: string;
    readonly targets: readonly string[];
    readonly numbers: BalancerNumbers;
    /** How long a registered target may take to become healthy, in real milliseconds. */
    readonly healthyWithinMs: number;
    /** Port of this machine for the door; 0 takes a free one. */
    readonly port: number;
}

const pollMs = 50;
const startDeadlineMs = 20_000;

/** The load balancer of the rehearsal: HAProxy, led the way an ALB behaves. */
export class Balancer {
    readonly #targets = new Map<string, "initial" | "serving" | "draining">();

    private constructor(
        private readonly args: BalancerArgs,
        private readonly runtime: RuntimeSocket,
        /** Where clients come in. */
        readonly url: string,
    ) {}

    static async start(args: BalancerArgs, signal: AbortSignal): Promise<Balancer> {
        const { docker, name, network, image, port } = args;
        const config = haproxyConfig(args.numbers, args.targets);
        const publish = [`127.0.0.1:${port === 0 ? "" : port}:${balancerPorts.door}`, `127.0.0.1::${balancerPorts.runtime}`];
        await startService(docker, { image, name, network, publish, config, command: "haproxy -f" });
        const door = await publishedAddress(docker, name, balancerPorts.door);
        const runtime = await publishedAddress(docker, name, balancerPorts.runtime);
        const balancer = new Balancer(args, new RuntimeSocket(runtime.host, runtime.port), `http://${door.host}:${door.port}`);
        await balancer.waitUntilUp(signal);
        return balancer;
    }

    /**
     * Puts a target into rotation and waits until it is healthy, as CodeDeploy's AllowTraffic does. As with an ALB one
     * passed check makes a new target healthy; a first check that fails makes the healthy threshold count.
     */
    async register(target: string, address: Address, signal: AbortSignal): Promise<void> {
        const server = `${backend}/${target}`;
        await this.readdress(target, address);
        // HAProxy lets a server that leaves maintenance take requests before its first check, but not one in drain.
        await this.runtime.tell(`set server ${server} state drain`);
        this.#targets.set(target, "initial");
        const deadline = Date.now() + this.args.healthyWithinMs;
        while ((await this.runtime.statuses(backend)).get(target) !== "DRAIN") {
            if (Date.now() > deadline) {
                throw new BalancerError(`${target} did not become healthy within ${this.args.healthyWithinMs} ms`);
            }
            await pause(signal);
        }
        await this.runtime.tell(`set server ${server} state ready`);
        this.#targets.set(target, "serving");
    }

    /** Follows a target to another address. */
    async readdress(target: string, { host, port }: Address): Promise<void> {
        await this.runtime.tell(`set server ${backend}/${target} addr ${host} port ${port}`);
    }

    /**
     * Takes a target out of rotation and waits for the whole delay, as BlockTraffic does: an ALB shows draining to the
     * end of the deregistration delay even when nothing is in flight. What is still open then is cut.
     * @param drainMs the delay, in real milliseconds
     */
    async deregister(target: string, drainMs: number, signal: AbortSignal): Promise<void> {
        if (!this.#targets.has(target)) return;
        const server = `${backend}/${target}`;
        await this.runtime.tell(`set server ${server} state drain`);
        this.#targets.set(target, "draining");
        await sleep(drainMs, undefined, { signal });
        await this.runtime.tell(`set server ${server} state maint`);
        await this.runtime.tell(`shutdown sessions server ${server}`);
        this.#targets.delete(target);
    }

    /** Every target's state, as the ALB would tell it. */
    async health(): Promise<ReadonlyMap<string, TargetHealth>> {
        const statuses = await this.runtime.statuses(backend);
        return new Map(this.args.targets.map(target => {
            const state = this.#targets.get(target);
            // "UP 1/2" is a serving server that has failed a check but not yet as many as the threshold.
            const up = statuses.get(target)?.startsWith("UP") ?? false;
            return [target, state === undefined ? "unused" : state === "serving" ? (up ? "healthy" : "unhealthy") : state];
        }));
    }

    private async waitUntilUp(signal: AbortSignal): Promise<void> {
        const deadline = Date.now() + startDeadlineMs;
        for (;;) {
            try {
                await this.runtime.statuses(backend);
                return;
            } catch (cause) {
                if (Date.now() > deadline) {
                    const said = await this.args.docker.run(["logs", "--tail", "5", this.args.name]).catch(() => "");
                    throw new BalancerError(`HAProxy did not start. ${said}`, { cause });
                }
                await pause(signal);
            }
        }
    }
}

function pause(signal: AbortSignal): Promise<void> {
    return sleep(pollMs, undefined, { signal });
}
