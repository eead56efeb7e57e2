import { setTimeout as sleep } from "node:timers/promises";
import type { Address } from "../docker/service";
import { BalancerError, type RuntimeSocket } from "./runtime-socket";

/** State of a target, in the ALB's words. */
export type TargetHealth = "unused" | "initial" | "healthy" | "unhealthy" | "draining";

/** What a target group has answered since the balancer began. */
export interface Answered {
    readonly requests: number;
    /** By 5xx, of the service's or in its place. */
    readonly errors: number;
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
    readonly slot: string;
    state: "initial" | "serving" | "draining";
}

const pollMs = 50;
/** Where nobody listens: what is not there yet is refused at once. */
const nowhere: Address = { host: "127.0.0.1", port: 1 };

/** A target group: one backend of HAProxy, led the way an ALB behaves. */
export class TargetGroup {
    readonly #targets = new Map<string, Registered>();

    constructor(private readonly group: TargetGroupArgs) {}

    /**
     * Puts a target into rotation and waits until it is healthy, as CodeDeploy's AllowTraffic does. As with an ALB one
     * passed check makes a new target healthy; a first check that fails makes the healthy threshold count.
     */
    async register(target: string, address: Address, signal: AbortSignal): Promise<void> {
        const { runtime, backend, healthyWithinMs } = this.group;
        const registered = this.take(target);
        await this.readdress(target, address);
        // HAProxy lets a server that leaves maintenance take requests before its first check, but not one in drain.
        await this.set(registered, "state drain");
        const deadline = Date.now() + healthyWithinMs;
        while ((await runtime.statuses(backend)).get(registered.slot) !== "DRAIN") {
            if (Date.now() > deadline) throw new BalancerError(`${target} did not become healthy within ${healthyWithinMs} ms`);
            await sleep(pollMs, undefined, { signal });
        }
        await this.set(registered, "state ready");
        registered.state = "serving";
    }

    /**
     * Puts a target into rotation as it is, as Auto Scaling does with an instance in service: it gets requests as soon as enough checks pass.
     * @param address undefined while nothing runs on it
     */
    async enter(target: string, address: Address | undefined): Promise<void> {
        const registered = this.take(target);
        await this.readdress(target, address ?? nowhere);
        // In drain first, where it takes no requests: who leaves maintenance counts as healthy until a check says otherwise.
        for (const state of ["state drain", "health down", "state ready"]) await this.set(registered, state);
    }

    /** Follows a target to another address; one that is not registered has none here. */
    async readdress(target: string, { host, port }: Address): Promise<void> {
        const registered = this.#targets.get(target);
        if (registered) await this.set(registered, `addr ${host} port ${port}`);
    }

    /**
     * Takes a target out of rotation and waits for the whole delay, as BlockTraffic does: an ALB shows draining to the
     * end of the deregistration delay even when nothing is in flight. What is still open then is cut.
     * @param drainMs the delay, in real milliseconds
     */
    async deregister(target: string, drainMs: number, signal: AbortSignal): Promise<void> {
        const registered = this.#targets.get(target);
        if (!registered) return;
        await this.set(registered, "state drain");
        registered.state = "draining";
        await sleep(drainMs, undefined, { signal });
        await this.set(registered, "state maint");
        await this.group.runtime.tell(`shutdown sessions server ${this.server(registered)}`);
        this.#targets.delete(target);
    }

    /** State of every target that was registered, as the ALB would tell it; of a place that nobody has taken, `unused`. */
    async health(): Promise<ReadonlyMap<string, TargetHealth>> {
        const statuses = await this.group.runtime.statuses(this.group.backend);
        const taken = new Set([...this.#targets.values()].map(({ slot }) => slot));
        const unused = this.group.slots.filter(slot => !taken.has(slot)).map(slot => [slot, "unused"] as const);
        const registered = [...this.#targets].map(([target, place]) => {
            // "UP 1/2" is a serving server that has failed a check but not yet as many as the threshold.
            const up = statuses.get(place.slot)?.startsWith("UP") ?? false;
            if (up && place.state === "initial") place.state = "serving";
            return [target, place.state === "serving" ? (up ? "healthy" : "unhealthy") : place.state] as const;
        });
        return new Map<string, TargetHealth>([...registered, ...unused].sort(([a], [b]) => a.localeCompare(b, "en", { numeric: true })));
    }

    /** What clients have been answered, by its targets or in their place. */
    async answered(): Promise<Answered> {
        const { runtime, backend } = this.group;
        const figure = async (name: string): Promise<number> => Number((await runtime.statistic("show stat -1 2 -1", backend, name)).get("BACKEND"));
        return { requests: await figure("req_tot"), errors: await figure("hrsp_5xx") };
    }

    private take(target: string): Registered {
        const known = this.#targets.get(target);
        if (known) return known;
        const taken = new Set([...this.#targets.values()].map(({ slot }) => slot));
        const free = this.group.slots.filter(slot => !taken.has(slot));
        const slot = free.includes(target) ? target : free[0];
        if (slot === undefined) throw new BalancerError(`there is no place for ${target} among the ${this.group.slots.length} of ${this.group.backend}`);
        const registered: Registered = { slot, state: "initial" };
        this.#targets.set(target, registered);
        return registered;
    }

    private async set(registered: Registered, what: string): Promise<void> {
        await this.group.runtime.tell(`set server ${this.server(registered)} ${what}`);
    }

    private server({ slot }: Registered): string {
        return `${this.group.backend}/${slot}`;
    }
}
