import type { Host } from "../../../rehearsal/scaling/scaling-group";
import { BalancerError } from "../../../rehearsal/balancer/runtime-socket";
import { GroupDeployment } from "../../../rehearsal/blue-green/group-deployment";
import { Timeline } from "../../../rehearsal/timeline";

/** Hosts without Docker; the log tells what became of them in which order. */
export class FakeHosts {
    readonly log: string[] = [];
    /** Deployments, as `v1 on green-1, green-2`. */
    readonly deployed: string[] = [];
    /** Ids of hosts on which every release fails. */
    readonly failing = new Set<string>();
    /** Releases that fail everywhere. */
    readonly bad = new Set<string>();
    /** Holds up every event of a release until it resolves. */
    gate: Promise<void> = Promise.resolve();
    /** Hosts that are in their target group. */
    readonly registered = new Set<string>();
    /** The balancer has no place for anybody. */
    noPlace = false;
    /** Ids of hosts whose checks never pass. */
    readonly ill = new Set<string>();
    readonly #deployments: GroupDeployment[] = [];

    named(id: string): Host {
        const note = (what: string): Promise<void> => this.note(id, what);
        return {
            id,
            begin: () => note("begins"), enter: () => this.enter(id), leave: () => this.leave(id), remove: () => note("is removed"),
            die: () => note("dies"), crashAgent: () => void this.log.push(`${id} has its agent crash`),
            address: () => Promise.resolve({ host: id, port: 3000 }),
            agent: {
                run: async (event, { bundle }, signal) => {
                    await this.gate;
                    signal?.throwIfAborted();
                    if (event !== "ApplicationStart") return { status: "succeeded" };
                    if (this.failing.has(id) || this.bad.has(bundle.key)) return { status: "failed", message: `${bundle.key} is no good` };
                    await note(`gets ${bundle.key}`);
                    return { status: "succeeded" };
                },
            },
        };
    }

    deploy(version: string, hosts: readonly Host[], timeline = new Timeline()): GroupDeployment {
        this.deployed.push(`${version} on ${hosts.map(({ id }) => id).join(", ")}`);
        const deployment = new GroupDeployment(version, { bucket: "b", key: version }, hosts, {
            balancer: {
                deregister: id => (this.registered.has(id) ? this.leave(id) : Promise.resolve()),
                register: id => this.noPlace ? Promise.reject(new BalancerError(`there is no place for ${id}`)) : (this.ill.has(id) ? Promise.reject(new Error(`${id} did not become healthy`)) : this.enter(id)),
                readdress: () => Promise.reject(new Error("an instance that comes back has told its address")),
            },
            timeline, signal: new AbortController().signal, eventGapMs: 0, drainMs: 0,
        });
        this.#deployments.push(deployment);
        return deployment;
    }

    private enter(id: string): Promise<void> {
        this.registered.add(id);
        return this.note(id, "enters");
    }

    private leave(id: string): Promise<void> {
        this.registered.delete(id);
        return this.note(id, "leaves");
    }

    private note(id: string, what: string): Promise<void> {
        this.log.push(`${id} ${what}`);
        return Promise.resolve();
    }

    /** Waits until no deployment is under way. */
    async idle(): Promise<void> {
        await Promise.all(this.#deployments.map(({ ended }) => ended));
    }
}
