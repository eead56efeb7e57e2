import { setImmediate as turn, setTimeout as sleep } from "node:timers/promises";
import { halfAtATime, type MinimumHealthyHosts } from "../../../release/minimum-healthy-hosts";
import type { EventOutcome } from "../../../rehearsal/agent/host-agent";
import { Interception } from "../../../rehearsal/codedeploy/interception";
import type { FaultOutcome, RollingGround } from "../../../rehearsal/faults/fault";
import { RollingStage } from "../../../rehearsal/faults/rolling-stage";
import type { FleetStanding } from "../../../rehearsal/faults/standing-fleet";
import type { RollingDeployment } from "../../../rehearsal/rolling/rolling-deployment";
import { RollingGroup } from "../../../rehearsal/rolling/rolling-group";
import type { RollingSite } from "../../../rehearsal/rolling/rolling-site";
import type { Host } from "../../../rehearsal/scaling/scaling-group";
import { Timeline } from "../../../rehearsal/timeline";
import { FakeClock } from "../../support/aws/fake-clock";
import { rollingGround } from "./fault-ground";

/** What protects users; without one of them a fault must be seen. */
export interface Protections {
    /** Images come before an instance leaves the load balancer. */
    readonly prePull?: boolean;
    /** Images come before a container is stopped. */
    readonly pullFirst?: boolean;
    /** Hosts keep the image of the release before. */
    readonly keepsImages?: boolean;
    readonly launchHook?: boolean;
    readonly updatesOutdated?: boolean;
    readonly rollBack?: boolean;
    /** CodeDeploy heeds the alarm. */
    readonly alarm?: boolean;
    /** One deployment at a time. */
    readonly limit?: boolean;
    /** An agent that is started again reports what it was at. */
    readonly tellsCrash?: boolean;
    /** An instance leaves the load balancer before anything happens on it. */
    readonly blocksTraffic?: boolean;
    /** What Auto Scaling takes away goes. */
    readonly leaves?: boolean;
    /** A registry that was away comes back. */
    readonly registryRecovers?: boolean;
}

const all: Required<Protections> = { prePull: true, pullFirst: true, keepsImages: true, launchHook: true, updatesOutdated: true, rollBack: true, alarm: true, limit: true, tellsCrash: true, blocksTraffic: true, leaves: true, registryRecovers: true };

interface Machine {
    container: string | undefined;
    registered: boolean;
    dead: boolean;
    crash: (() => void) | undefined;
    /** What it is at. */
    event: string | undefined;
}

/** A rolling stage in memory on which v1 serves. */
export class ServiceStage {
    readonly clock = new FakeClock();
    readonly timeline = new Timeline();
    readonly interception = new Interception();
    readonly group: RollingGroup;
    readonly stage: RollingStage;
    private readonly site: RollingSite;
    readonly balancer = {
        strayMs: 0,
        health: () => Promise.resolve(new Map([...this.machines].filter(([, { registered }]) => registered).map(([id]) => [id, "healthy"]))),
    };
    private readonly machines = new Map<string, Machine>();
    private readonly onHosts = new Set(["v1", "v2", "bad", "failing"]);
    private readonly lost = new Set<string>();
    private registryFails = false;
    private hanging: Promise<void> | undefined;
    private readonly alarm = new MemoryAlarm();
    private readonly protections: Required<Protections>;
    /** How long a container takes to start, in real milliseconds. */
    startMs = 0;
    /** Happens at each event of a release, and may be what it comes to. */
    meanwhile: (event: string, release: string) => EventOutcome | undefined = () => undefined;
    /** Happens while a machine dies. */
    dying: () => void = () => undefined;

    private constructor(protections: Protections, private readonly minimumHealthyHosts: MinimumHealthyHosts) {
        this.protections = { ...all, ...protections };
        const { launchHook, updatesOutdated, rollBack, limit } = this.protections;
        const signal = new AbortController().signal;
        this.group = new (limit ? RollingGroup : UnlimitedGroup)({
            name: "i", maxSize: 6, bootSeconds: () => 20, clock: this.clock, signal, hostNamed: id => this.host(id),
            minimumHealthyHosts, rollBackOnFailure: rollBack, launchHook, terminationHook: false, updatesOutdated,
            bundleOf: release => ({ bucket: "b", key: release }), alarm: this.protections.alarm ? this.alarm : undefined,
            conditions: () => ({
                timeline: this.timeline, signal, eventGapMs: 0, drainMs: 0, trafficControl: true,
                balancer: { register: id => this.register(id, true), deregister: id => (this.protections.blocksTraffic ? this.register(id, false) : Promise.resolve()), readdress: () => Promise.resolve() },
            }),
        });
        const site: unknown = { run: "gapless-memory", clock: this.clock, timeline: this.timeline, interception: this.interception, group: this.group, balancer: this.balancer, alarm: this.alarm, docker: {} };
        this.site = site as RollingSite;
        this.stage = new MemoryStage(this.site, signal, () => this.standing());
        // Work takes its time, which passes on no clock of memory.
        this.clock.meanwhile(() => sleep(1));
    }

    static async serving(instances: number, protections: Protections = {}, minimumHealthyHosts: MinimumHealthyHosts = halfAtATime): Promise<ServiceStage> {
        const service = new ServiceStage(protections, minimumHealthyHosts);
        service.group.resize({ min: instances, desired: instances });
        await service.group.idle();
        await service.group.deploy("v1").ended;
        await service.group.idle();
        return service;
    }

    /** Where a fault happens to it. */
    ground(): RollingGround {
        return rollingGround({
            stage: this.stage, site: this.site, minimumHealthyHosts: this.minimumHealthyHosts,
            releases: {
                otherThan: (version: string) => (version === "v1" ? "v2" : "v1"), hookFails: () => Promise.resolve("bad"), failingUntried: () => Promise.resolve("failing"),
                stays: (event: string) => Promise.resolve({ version: `stays in ${event}`, staysOn: (host: string) => this.machines.get(host)?.event === event }),
            },
            registry: {
                fail: () => this.until(() => { this.registryFails = true; }, () => { this.registryFails = !this.protections.registryRecovers; }),
                hang: () => {
                    let answer: () => void = () => undefined;
                    return this.until(() => { this.hanging = new Promise(resolve => { answer = resolve; }); }, () => { answer(); });
                },
                lose: (version: string) => this.until(() => { this.lost.add(version); if (!this.protections.keepsImages) this.onHosts.delete(version); }, () => { this.lost.delete(version); }),
                forgetOnHosts: (version: string) => Promise.resolve(void this.onHosts.delete(version)),
            },
        });
    }

    /** What is broken when a fault happens to it. */
    async brokenBy(fault: { happen(ground: RollingGround): Promise<FaultOutcome> }): Promise<string> {
        return (await fault.happen(this.ground())).broken.join("; ");
    }

    /** Has the alarm on errors fire, until this is disposed of. */
    fireAlarm(): Disposable {
        return this.alarm.fire("too many errors");
    }

    get alarmIsOver(): boolean {
        return this.alarm.firing === undefined;
    }

    private host(id: string): Host {
        const machine: Machine = { container: undefined, registered: false, dead: false, crash: undefined, event: undefined };
        this.machines.set(id, machine);
        return {
            id,
            begin: () => Promise.resolve(), enter: () => this.register(id, true), leave: () => (this.protections.leaves ? this.register(id, false) : new Promise<void>(() => undefined)), address: () => Promise.resolve({ host: id, port: 3000 }),
            remove: () => Promise.resolve(void (machine.dead = true)), die: () => this.die(machine), crashAgent: () => { machine.crash?.(); },
            agent: {
                run: (event, { bundle: { key } }) => (machine.dead
                    ? Promise.resolve({ status: "failed", message: "the instance does not answer any more" })
                    : this.interception.run(event, id, async () => {
                        machine.event = event;
                        const crashed = new Promise<EventOutcome>(resolve => { machine.crash = () => { resolve(this.protections.tellsCrash ? { status: "failed", errorCode: 7, message: "restarted" } : { status: "succeeded" }); }; });
                        return Promise.race([crashed, this.carryOut(event, key, machine)]);
                    })),
            },
        };
    }

    private die(machine: Machine): Promise<void> {
        machine.dead = true;
        this.dying();
        return Promise.resolve();
    }

    private async carryOut(event: string, release: string, machine: Machine): Promise<EventOutcome> {
        await turn();
        return this.meanwhile(event, release) ?? this.runScript(event, release, machine);
    }

    private async runScript(event: string, release: string, machine: Machine): Promise<EventOutcome> {
        const { prePull, pullFirst } = this.protections;
        if (event === "BeforeBlockTraffic" && prePull) await this.pull(release);
        if (event === "BeforeInstall" && pullFirst && !await this.pull(release)) return { status: "failed", message: "cannot pull" };
        if (event === "ApplicationStart" && !await this.start(release, machine)) return { status: "failed", message: "cannot pull" };
        return event === "ValidateService" && release === "bad" ? { status: "failed", message: "exit 1" } : { status: "succeeded" };
    }

    private async start(release: string, machine: Machine): Promise<boolean> {
        machine.container = undefined;
        if (!await this.pull(release)) return false;
        if (this.startMs > 0) await sleep(this.startMs);
        machine.container = release;
        return true;
    }

    /** @returns whether the image is on the host then */
    private async pull(release: string): Promise<boolean> {
        if (this.onHosts.has(release)) return true;
        await this.hanging;
        if (this.registryFails || this.lost.has(release)) return false;
        this.onHosts.add(release);
        return true;
    }

    private register(id: string, registered: boolean): Promise<void> {
        const machine = this.machines.get(id);
        if (machine !== undefined) machine.registered = registered;
        return Promise.resolve();
    }

    private standing(): FleetStanding {
        const { group } = this;
        return {
            desired: group.size.desired, instances: group.members.length, lastDeployed: group.lastDeployed, deploying: group.deployment !== undefined,
            inService: group.inService.map(({ id }) => {
                const { container, registered, dead } = this.machines.get(id) ?? { container: undefined, registered: false, dead: true };
                return { id, deployed: group.releaseOf(id), answers: container, health: registered ? (dead || container === undefined ? "unhealthy" : "healthy") : undefined };
            }),
        };
    }

    private until(begin: () => void, end: () => void): Promise<AsyncDisposable> {
        begin();
        return Promise.resolve({ [Symbol.asyncDispose]: () => Promise.resolve().then(end) });
    }
}

/** Begins a deployment beside another, as a deployment group must not. */
class UnlimitedGroup extends RollingGroup {
    override deploy(version: string): RollingDeployment {
        if (this.deployment === undefined) return super.deploy(version);
        return this["begin"](version, this.inService, { previous: this.lastDeployed, minimumHealthyHosts: halfAtATime });
    }
}

class MemoryStage extends RollingStage {
    // Work has a real millisecond a look, of which a launch with a deployment needs twenty.
    protected override readonly settleSeconds = 100;

    constructor(site: RollingSite, signal: AbortSignal, private readonly read: () => FleetStanding) {
        super(site, 3000, signal);
    }

    protected override standing(): Promise<FleetStanding> {
        return Promise.resolve(this.read());
    }
}

class MemoryAlarm {
    firing: string | undefined;
    readonly #listeners = new Set<() => void>();

    fire(reason: string): Disposable {
        this.firing = reason;
        for (const listener of this.#listeners) listener();
        return { [Symbol.dispose]: () => { this.firing = undefined; } };
    }

    onFiring(listener: () => void): Disposable {
        this.#listeners.add(listener);
        return { [Symbol.dispose]: () => { this.#listeners.delete(listener); } };
    }
}
