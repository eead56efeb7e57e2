import type { Colour } from "../../release/blue-green/colour";
import type { Clock } from "../../release/clock";
import type { Target } from "../codedeploy/deployment";
import type { GroupDeployment } from "./group-deployment";

/** A group was asked for what it cannot do. */
export class ColourGroupError extends Error {
    override readonly name = "ColourGroupError";
}

/** How many instances a group has. */
export interface GroupSize {
    /** Fewest that scaling may leave. */
    readonly min: number;
    /** As many as there shall be now. */
    readonly desired: number;
}

/** An instance of a group, with its place in the target group of its colour. */
export interface Host extends Target {
    /** Makes it, without a release. */
    begin(): Promise<void>;
    /** Enters the target group; checks decide when it gets requests. */
    enter(): Promise<void>;
    /** Leaves the target group, with the whole drain. */
    leave(): Promise<void>;
    /** Takes it away with all that runs on it. */
    remove(): Promise<void>;
}

export interface Member {
    readonly host: Host;
    readonly state: "pending" | "inService" | "terminating";
}

export interface ColourGroupArgs {
    readonly colour: Colour;
    readonly maxSize: number;
    /** Seconds from an instance's launch until it has booted. */
    readonly bootSeconds: number;
    readonly clock: Clock;
    readonly hostNamed: (id: string) => Host;
    /** Begins a deployment of a release on hosts, all at once. */
    readonly deployTo: (version: string, hosts: readonly Host[]) => GroupDeployment;
    /** Ends what the group does by itself. */
    readonly signal: AbortSignal;
}

interface Launched {
    readonly host: Host;
    state: Member["state"];
    /** Ends its way into service. */
    readonly giveUp: AbortController;
    arrived: Promise<void>;
}

/**
 * Stands for one colour's Auto Scaling group and its deployment group. As on AWS it goes on by itself, whoever drives a roll: instances
 * boot, get the last release that was deployed here, or end at a time that was set.
 */
export class ColourGroup {
    readonly colour: Colour;
    readonly maxSize: number;
    /** Whether the deployment group knows the Auto Scaling group: then every instance that is launched gets the last release. */
    inDeploymentGroup = true;
    /** What a launched instance gets: the last release that a deployment brought; undefined before there was one. */
    lastDeployed: string | undefined;
    /** What went wrong in this machine where nobody waits for it. */
    readonly troubles: string[] = [];
    readonly #members = new Map<string, Launched>();
    readonly #deployments: GroupDeployment[] = [];
    readonly #underWay = new Set<Promise<void>>();
    #size: GroupSize = { min: 0, desired: 0 };
    #launches = 0;
    #end: { readonly at: Date; readonly cancel: AbortController } | undefined;

    constructor(private readonly args: ColourGroupArgs) {
        this.colour = args.colour;
        this.maxSize = args.maxSize;
    }

    get size(): GroupSize {
        return this.#size;
    }

    get members(): readonly Member[] {
        return [...this.#members.values()];
    }

    /** Instances that have booted and stay. */
    get inService(): readonly Host[] {
        return this.members.filter(({ state }) => state === "inService").map(({ host }) => host);
    }

    /** Whether as many are in service as there shall be, and no other is left. */
    get settled(): boolean {
        return this.inService.length === this.#size.desired && this.#members.size === this.#size.desired;
    }

    /** When the scheduled action empties it; undefined when none is set. */
    get endsAt(): Date | undefined {
        return this.#end?.at;
    }

    /** The deployments to its deployment group, the newest last; those of single instances at their launch are not among them. */
    get deployments(): readonly GroupDeployment[] {
        return this.#deployments;
    }

    /**
     * Changes its size and begins to launch or to terminate. As with Auto Scaling, `desired` follows a `min` above it.
     * @throws ColourGroupError for a size out of bounds
     */
    resize(change: Partial<GroupSize>): void {
        const min = change.min ?? this.#size.min;
        const desired = change.desired ?? Math.max(min, this.#size.desired);
        if (min < 0 || desired < min || desired > this.maxSize) {
            throw new ColourGroupError(`the group of ${this.colour} takes ${min} to ${this.maxSize} instances; received ${desired}`);
        }
        this.#size = { min, desired };
        this.reconcile();
    }

    /** What a scaling policy does, within the group's bounds. */
    scaleBy(instances: number): void {
        const { min, desired } = this.#size;
        this.resize({ desired: Math.min(this.maxSize, Math.max(min, desired + instances)) });
    }

    /** Sets the scheduled action that empties it, instead of one that was set before. A time that is past is now. */
    scheduleEnd(at: Date): void {
        this.cancelEnd();
        const cancel = new AbortController();
        this.#end = { at, cancel };
        const { clock, signal } = this.args;
        const seconds = Math.max(0, (at.getTime() - clock.now().getTime()) / 1000);
        this.track(clock.wait(seconds, AbortSignal.any([cancel.signal, signal])).then(() => {
            this.#end = undefined;
            this.resize({ min: 0, desired: 0 });
        }));
    }

    cancelEnd(): void {
        this.#end?.cancel.abort();
        this.#end = undefined;
    }

    /**
     * Has CodeDeploy bring a release to all instances in service.
     * @throws ColourGroupError when the deployment group has none
     */
    deploy(version: string): GroupDeployment {
        if (!this.inDeploymentGroup || this.inService.length === 0) {
            throw new ColourGroupError(`the deployment group of ${this.colour} has no instances`);
        }
        const deployment = this.args.deployTo(version, this.inService);
        this.#deployments.push(deployment);
        this.track(deployment.ended.then(({ outcome }) => {
            if (outcome === "succeeded") this.lastDeployed = version;
        }));
        return deployment;
    }

    /** Waits until nothing goes on by itself any more, a scheduled end included. */
    async idle(): Promise<void> {
        while (this.#underWay.size > 0) await Promise.all(this.#underWay);
    }

    private reconcile(): void {
        const staying = [...this.#members.values()].filter(({ state }) => state !== "terminating");
        // A rehearsal knows no zones to even out: the newest go first.
        for (const member of staying.slice(this.#size.desired)) this.track(this.terminate(member));
        for (let number = staying.length; number < this.#size.desired; number++) this.launch();
    }

    private launch(): void {
        const host = this.args.hostNamed(`${this.colour}-${++this.#launches}`);
        const member: Launched = { host, state: "pending", giveUp: new AbortController(), arrived: Promise.resolve() };
        this.#members.set(host.id, member);
        member.arrived = this.bringIntoService(member);
        this.track(member.arrived);
    }

    private async bringIntoService(member: Launched): Promise<void> {
        const { host, giveUp } = member;
        // The launch hook is there or not when the instance is launched, whatever becomes of the group while it boots.
        const release = this.inDeploymentGroup ? this.lastDeployed : undefined;
        try {
            await host.begin();
            await this.args.clock.wait(this.args.bootSeconds, AbortSignal.any([giveUp.signal, this.args.signal]));
            // Whose last events wait until the instance is healthy in its target group.
            if (release !== undefined) await this.installAtLaunch(release, member);
            else await host.enter();
            if (member.state === "pending") member.state = "inService";
        } catch {
            // Who terminates it waits for its arrival; otherwise the hook's default abandons it, and the group launches another.
            if (member.state === "pending" && !this.args.signal.aborted) this.track(this.terminate(member).then(() => { this.reconcile(); }));
        }
    }

    private async installAtLaunch(release: string, { host, giveUp }: Launched): Promise<void> {
        const deployment = this.args.deployTo(release, [host]);
        giveUp.signal.addEventListener("abort", () => { deployment.stop(); });
        const { outcome, failures } = await deployment.ended;
        if (outcome !== "succeeded") throw new ColourGroupError(failures.join("; "));
    }

    private async terminate(member: Launched): Promise<void> {
        member.state = "terminating";
        member.giveUp.abort();
        await member.arrived;
        await member.host.leave();
        await member.host.remove();
        this.#members.delete(member.host.id);
    }

    /** What goes on by itself; its end by the group's signal is nobody's trouble. */
    private track(work: Promise<void>): void {
        const tracked = work.catch((error: unknown) => {
            if (!(error instanceof Error) || error.name !== "AbortError") this.troubles.push(error instanceof Error ? error.message : String(error));
        }).finally(() => this.#underWay.delete(tracked));
        this.#underWay.add(tracked);
    }
}
