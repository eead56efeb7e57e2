import { setTimeout as sleep } from "node:timers/promises";
import type { Address } from "../docker/service";
import { BalancerError, type RuntimeSocket } from "./runtime-socket";
import { Server } from "./server";

/** A target did not become healthy, which is the service's own doing. */
export class UnhealthyError extends BalancerError {}

/** State of a target, in the ALB's words. */
export type TargetHealth = "unused" | "initial" | "healthy" | "unhealthy" | "draining";

/** What a target group has answered since the balancer began. */
export interface Answered {
    readonly requests: number;
    /** By 5xx, of the service's or in its place. */
    readonly errors: number;
}

/** What an alarm on it looks at. */
export interface Counted extends Answered {
    /** Those of the errors that targets answered themselves. */
    readonly errorsOfTargets: number;
    /** Targets that are healthy now. */
    readonly healthy: number;
}

export interface TargetGroupArgs {
    readonly runtime: RuntimeSocket;
    /** HAProxy's backend. */
    readonly backend: string;
    /** Its servers: a target takes a free one when it is registered, that of its own name when there is one. */
    readonly slots: readonly string[];
    /** How long `register` waits for a healthy target, in real milliseconds. */
    readonly healthyWithinMs: number;
}

interface Registered {
    readonly target: string;
    readonly server: Server;
    state: "initial" | "serving" | "draining";
    /** End of the deregistration delay, on the monotonic clock. */
    drainedAtMs?: number;
    ended?: Promise<void>;
}

const pollMs = 50;
/** Of what goes on though nobody may be waiting any more: it keeps no process alive. */
const aside = { ref: false };
/** Where nobody listens: what is not there yet is refused at once. */
const nowhere: Address = { host: "127.0.0.1", port: 1 };

/** A target group: one backend of HAProxy, led the way an ALB behaves. */
export class TargetGroup {
    /**
     * How long a target that is deregistered still gets a few new requests, in real milliseconds, be its delay over or not. On AWS that is 13 to 19 s, since an ALB
     * has many nodes, and they hear of it one after another: https://github.com/kubernetes-sigs/aws-load-balancer-controller/issues/2366
     * @default 0
     */
    strayMs = 0;
    readonly #targets = new Map<string, Registered>();

    constructor(private readonly group: TargetGroupArgs) {}

    /**
     * Registers a target and waits until it is healthy, as CodeDeploy's AllowTraffic does.
     * @throws UnhealthyError when it does not become healthy in time; it stays registered
     */
    async register(target: string, address: Address, signal: AbortSignal): Promise<void> {
        const { healthyWithinMs } = this.group;
        await this.enter(target, address);
        const deadline = performance.now() + healthyWithinMs;
        while ((await this.health()).get(target) !== "healthy") {
            if (performance.now() > deadline) throw new UnhealthyError(`${target} did not become healthy within ${healthyWithinMs} ms`);
            await sleep(pollMs, undefined, { signal });
        }
    }

    /**
     * Registers a target, as Auto Scaling does with an instance in service: it gets requests when it is healthy. One passed check makes a new target
     * healthy; a first check that fails makes the healthy threshold count:
     * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
     * One that drains is new again, and what is open on it goes on.
     * @param address undefined while nothing runs on it
     */
    async enter(target: string, address: Address | undefined): Promise<void> {
        const known = this.#targets.get(target);
        if (known && known.state !== "draining") {
            if (address) await this.readdress(target, address);
            return;
        }
        const registered: Registered = { target, server: known?.server ?? this.freeServer(target), state: "initial" };
        this.#targets.set(target, registered);
        await registered.server.moveTo(address ?? nowhere);
        await registered.server.beginChecks();
        // HAProxy that cannot be reached is told to whoever asks it next.
        this.serveFromFirstCheck(registered).catch(() => undefined);
    }

    /** Follows a target to another address; one that is not registered has none here. */
    async readdress(target: string, address: Address): Promise<void> {
        await this.#targets.get(target)?.server.moveTo(address);
    }

    /**
     * Takes a target out of rotation and waits for the whole delay, as BlockTraffic does: an ALB shows draining to the
     * end of the deregistration delay even when nothing is in flight. What is still open then is cut. One that is not registered has
     * nothing to wait for, one that drains already the rest of its delay.
     * @param drainMs the delay, in real milliseconds
     */
    async deregister(target: string, drainMs: number, signal: AbortSignal): Promise<void> {
        const registered = this.#targets.get(target);
        if (!registered) return;
        if (registered.drainedAtMs === undefined) {
            registered.drainedAtMs = performance.now() + drainMs;
            registered.state = "draining";
            registered.ended = this.end(registered, drainMs);
            // Whoever waits hears of a trouble; nobody waits longer than for the delay.
            registered.ended.catch(() => undefined);
        }
        const over = sleep(Math.max(0, registered.drainedAtMs - performance.now()), undefined, { signal });
        await (this.strayMs > drainMs ? over : Promise.all([over, registered.ended]));
    }

    /** State of every target that was registered, as the ALB would tell it; of a place that nobody has taken, `unused`. */
    async health(): Promise<ReadonlyMap<string, TargetHealth>> {
        const statuses = await this.group.runtime.statuses(this.group.backend);
        const unused = this.freeSlots().map(slot => [slot, "unused"] as const);
        const registered = [...this.#targets.values()].map(place => {
            // "UP 1/2" is a serving server that has failed a check but not yet as many as the threshold.
            const up = statuses.get(place.server.name)?.startsWith("UP") ?? false;
            if (up && place.state === "initial") place.state = "serving";
            return [place.target, place.state === "serving" ? (up ? "healthy" : "unhealthy") : place.state] as const;
        });
        return new Map<string, TargetHealth>([...registered, ...unused].sort(([a], [b]) => a.localeCompare(b, "en", { numeric: true })));
    }

    /** What clients have been answered, by its targets or in their place. */
    async answered(): Promise<Answered> {
        const { runtime, backend } = this.group;
        const figure = async (name: string): Promise<number> => Number((await runtime.statistic("show stat -1 2 -1", backend, name)).get("BACKEND"));
        return { requests: await figure("req_tot"), errors: await figure("hrsp_5xx") };
    }

    async counted(): Promise<Counted> {
        const { runtime, backend } = this.group;
        const ofServers = await runtime.statistic("show stat -1 4 -1", backend, "hrsp_5xx");
        const healthy = [...(await this.health()).values()].filter(state => state === "healthy").length;
        return { ...await this.answered(), errorsOfTargets: [...ofServers.values()].reduce((sum, count) => sum + Number(count), 0), healthy };
    }

    /** From its first check on HAProxy goes by its thresholds; for that check it knows none of its own. */
    private async serveFromFirstCheck(registered: Registered): Promise<void> {
        const { runtime, backend } = this.group;
        const { server } = registered;
        for (;;) {
            const check = Server.firstCheck((await runtime.statuses(backend)).get(server.name));
            // It may have left before.
            if (registered.state !== "initial") return;
            if (check !== undefined) break;
            await sleep(pollMs);
        }
        await server.serve();
    }

    /** Gives it no new request, or only strays for a while, and cuts what is open when its delay is over; not so one that is registered again meanwhile. */
    private async end(registered: Registered, drainMs: number): Promise<void> {
        const { strayMs } = this;
        const { server } = registered;
        if (strayMs > 0) {
            await server.stray();
            await sleep(Math.min(strayMs, drainMs), undefined, aside);
            if (!this.stays(registered)) return;
        }
        if (strayMs > drainMs) {
            await server.cut();
            await sleep(strayMs - drainMs, undefined, aside);
            if (!this.stays(registered)) return;
        }
        await server.drain();
        await sleep(Math.max(0, drainMs - strayMs), undefined, aside);
        if (!this.stays(registered)) return;
        await server.end();
        this.#targets.delete(registered.target);
    }

    /** Whether it has neither left nor been registered again. */
    private stays(registered: Registered): boolean {
        return this.#targets.get(registered.target) === registered;
    }

    private freeServer(target: string): Server {
        const { runtime, backend, slots } = this.group;
        const free = this.freeSlots();
        const slot = free.includes(target) ? target : free[0];
        if (slot === undefined) throw new BalancerError(`there is no place for ${target} among the ${slots.length} of ${backend}`);
        return new Server(runtime, backend, slot);
    }

    private freeSlots(): readonly string[] {
        const taken = new Set([...this.#targets.values()].map(({ server }) => server.name));
        return this.group.slots.filter(slot => !taken.has(slot));
    }
}
