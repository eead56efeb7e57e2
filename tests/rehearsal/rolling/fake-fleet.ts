import { setImmediate as turn } from "node:timers/promises";
import { RollingGroup, type RollingGroupArgs } from "../../../rehearsal/rolling/rolling-group";
import type { Host } from "../../../rehearsal/scaling/scaling-group";
import { Timeline } from "../../../rehearsal/timeline";
import { halfAtATime } from "../../../release/minimum-healthy-hosts";
import { FakeClock } from "../../support/aws/fake-clock";

/** What an agent was asked to do. */
export interface Ran {
    readonly host: string;
    readonly event: string;
    readonly release: string;
    /** Id of the deployment. */
    readonly deployment: string;
}

/** A rolling stage's fleet without Docker, whose log tells what became of each host in which order. */
export class FakeFleet {
    readonly log: string[] = [];
    readonly ran: Ran[] = [];
    readonly alarm = new FakeAlarm();
    readonly timeline = new Timeline();
    readonly clock = new FakeClock();
    /** Hosts in the target group. */
    readonly serving = new Set<string>();
    /** Whether what an agent is asked to do fails. */
    fails: (ran: Ran) => boolean = () => false;
    /** What the balancer says to who is to be registered, or to leave. */
    balancerSays: (id: string) => Error | undefined = () => undefined;
    /** Happens while an agent does something. */
    meanwhile: (ran: Ran) => void | Promise<void> = () => undefined;
    readonly group: RollingGroup;

    constructor(about: Partial<RollingGroupArgs> & { readonly trafficControl?: boolean } = {}) {
        const { trafficControl = true, ...args } = about;
        const balancer = {
            register: async (id: string) => {
                this.askBalancer(id);
                await this.enter(id, "is registered");
            },
            deregister: async (id: string) => {
                this.askBalancer(id);
                await this.leave(id, "is deregistered");
            },
            readdress: (id: string) => this.note(id, "is readdressed"),
        };
        const signal = new AbortController().signal;
        this.group = new RollingGroup({
            name: "i", maxSize: 8, bootSeconds: () => 40, clock: this.clock, signal, alarm: this.alarm, hostNamed: id => this.host(id),
            minimumHealthyHosts: halfAtATime, rollBackOnFailure: true, launchHook: true, terminationHook: false, updatesOutdated: true,
            bundleOf: release => ({ bucket: "b", key: release }),
            conditions: () => ({ balancer, timeline: this.timeline, signal, trafficControl, eventGapMs: 0, drainMs: 0 }),
            ...args,
        });
    }

    /** A fleet on which the first release serves. */
    static async serving(instances: number, about: ConstructorParameters<typeof FakeFleet>[0] = {}): Promise<FakeFleet> {
        const fleet = new FakeFleet(about);
        await fleet.resize(instances);
        await fleet.deploy("v1");
        fleet.log.length = 0;
        fleet.ran.length = 0;
        return fleet;
    }

    async resize(desired: number): Promise<void> {
        this.group.resize({ desired });
        await this.group.idle();
    }

    /** How a deployment ends, when all that follows from it is over. */
    async deploy(version: string) {
        const end = await this.group.deploy(version).ended;
        await this.idle();
        return end;
    }

    async idle(): Promise<void> {
        await this.group.idle();
        // A launch asks for a follow-on deployment in the next turn.
        await turn();
        await this.group.idle();
    }

    /** What became of a host. */
    of(host: string): string[] {
        return this.log.filter(line => line.startsWith(`${host} `)).map(line => line.slice(host.length + 1));
    }

    /** Hosts that downloaded a release, in order. */
    gotten(release: string): string[] {
        return this.ran.filter(ran => ran.event === "DownloadBundle" && ran.release === release).map(({ host }) => host);
    }

    private host(id: string): Host {
        return {
            id,
            begin: () => this.note(id, "begins"), enter: () => this.enter(id, "enters"), leave: () => this.leave(id, "leaves"), remove: () => this.note(id, "is removed"),
            die: () => this.note(id, "dies"), crashAgent: () => { this.log.push(`${id} crashes`); },
            address: () => Promise.resolve({ host: id, port: 3000 }),
            agent: {
                run: async (event, { id: deployment, bundle }) => {
                    const ran = { host: id, event, release: bundle.key, deployment };
                    this.ran.push(ran);
                    await this.note(id, event);
                    await this.meanwhile(ran);
                    return this.fails(ran) ? { status: "failed", message: "exit 1" } : { status: "succeeded" };
                },
            },
        };
    }

    private askBalancer(id: string): void {
        const error = this.balancerSays(id);
        if (error) throw error;
    }

    private enter(id: string, what: string): Promise<void> {
        this.serving.add(id);
        return this.note(id, what);
    }

    private leave(id: string, what: string): Promise<void> {
        this.serving.delete(id);
        return this.note(id, what);
    }

    private note(id: string, what: string): Promise<void> {
        this.log.push(`${id} ${what}`);
        return Promise.resolve();
    }
}

/** An alarm that a test sets off. */
class FakeAlarm {
    firing: string | undefined;
    readonly #listeners = new Set<() => void>();

    fire(reason = "too many errors"): void {
        this.firing = reason;
        for (const listener of this.#listeners) listener();
    }

    onFiring(listener: () => void): Disposable {
        this.#listeners.add(listener);
        return { [Symbol.dispose]: () => { this.#listeners.delete(listener); } };
    }
}
