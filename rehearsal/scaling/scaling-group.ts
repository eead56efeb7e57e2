import type { Clock } from "../../release/clock";
import { InstanceFailure, type Target } from "../codedeploy/deployment";

/** A group was asked for what it cannot do. */
export class ScalingGroupError extends Error {
    override readonly name = "ScalingGroupError";
}

/** How many instances a group has. */
export interface GroupSize {
    /** Fewest that scaling may leave. */
    readonly min: number;
    /** As many as there shall be now. */
    readonly desired: number;
}

/** An instance of a group, with its place in the target group. */
export interface Host extends Target {
    /** Makes it, without a release. */
    begin(): Promise<void>;
    /** Enters the target group; checks decide when it gets requests. */
    enter(): Promise<void>;
    /** Leaves the target group, with the whole drain. */
    leave(): Promise<void>;
    /** Takes it away with all that runs on it. */
    remove(): Promise<void>;
    /** Its machine fails: all that runs on it is gone at once and its agent silent, while its places in the target group and in the group stay. */
    die(): Promise<void>;
    /** Has its agent be killed in the middle of what it does, and started again. */
    crashAgent(): void;
}

export interface Member {
    readonly host: Host;
    readonly state: "pending" | "inService" | "terminating";
}

export interface ScalingGroupArgs {
    /** Start of its instances' names, as `i` of i-1. */
    readonly name: string;
    readonly maxSize: number;
    /** Seconds from an instance's launch until it has booted. */
    readonly bootSeconds: () => number;
    readonly clock: Clock;
    readonly hostNamed: (id: string) => Host;
    /** Ends what the group does by itself. */
    readonly signal: AbortSignal;
}

/** What CodeDeploy does with an instance that is launched; it rejects with an InstanceFailure or ScalingGroupError when that fails, else with what this machine cannot do. */
export type LaunchHook = (host: Host, giveUp: AbortSignal) => Promise<void>;

/** What CodeDeploy does with an instance that is terminated and has drained. */
export type TerminationHook = (host: Host) => Promise<void>;

interface Launched {
    readonly host: Host;
    state: Member["state"];
    /** Ends its way into service. */
    readonly giveUp: AbortController;
    arrived: Promise<void>;
}

/**
 * Stands for an Auto Scaling group. As on AWS it goes on by itself, whoever drives a deployment: instances boot, get what the launch hook
 * brings them, or end at a time that was set.
 */
export abstract class ScalingGroup {
    readonly maxSize: number;
    /** What went wrong in this machine where nobody waits for it. */
    readonly troubles: string[] = [];
    readonly #members = new Map<string, Launched>();
    readonly #underWay = new Set<Promise<void>>();
    #size: GroupSize = { min: 0, desired: 0 };
    #launches = 0;
    #end: { readonly at: Date; readonly cancel: AbortController } | undefined;

    constructor(private readonly group: ScalingGroupArgs) {
        this.maxSize = group.maxSize;
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

    /**
     * Changes its size and begins to launch or to terminate. As with Auto Scaling, `desired` follows a `min` above it.
     * @throws ScalingGroupError for a size out of bounds
     */
    resize(change: Partial<GroupSize>): void {
        const min = change.min ?? this.#size.min;
        const desired = change.desired ?? Math.max(min, this.#size.desired);
        if (min < 0 || desired < min || desired > this.maxSize) {
            throw new ScalingGroupError(`the group ${this.group.name} takes ${min} to ${this.maxSize} instances; received ${desired}`);
        }
        this.#size = { min, desired };
        this.reconcile();
    }

    /** What a scaling policy does, within the group's bounds. */
    scaleBy(instances: number): void {
        const { min, desired } = this.#size;
        this.resize({ desired: Math.min(this.maxSize, Math.max(min, desired + instances)) });
    }

    /** Takes an instance away that is gone by itself, and launches another instead. */
    replace(id: string): void {
        const member = this.#members.get(id);
        if (member === undefined || member.state === "terminating") return;
        this.track(this.terminate(member).then(() => { this.reconcile(); }));
    }

    /** Sets the scheduled action that empties it, instead of one that was set before. A time that is past is now. */
    scheduleEnd(at: Date): void {
        this.cancelEnd();
        const cancel = new AbortController();
        this.#end = { at, cancel };
        const { clock, signal } = this.group;
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

    /** Waits until nothing goes on by itself any more, a scheduled end included. */
    async idle(): Promise<void> {
        while (this.#underWay.size > 0) await Promise.all(this.#underWay);
    }

    /** What happens to an instance that is launched now, when it has booted; undefined = there is no hook, so it enters the target group as it is. */
    protected abstract launchHook(): LaunchHook | undefined;

    /** What happens to an instance that has been in service, before it is taken away; undefined = there is no hook. */
    protected terminationHook(): TerminationHook | undefined {
        return undefined;
    }

    /** What goes on by itself; its end by the group's signal is nobody's trouble. */
    protected track(work: Promise<void>): void {
        const tracked = work.catch((error: unknown) => {
            if (!(error instanceof Error) || error.name !== "AbortError") this.troubles.push(error instanceof Error ? error.message : String(error));
        }).finally(() => this.#underWay.delete(tracked));
        this.#underWay.add(tracked);
    }

    private reconcile(): void {
        if (this.group.signal.aborted) return;
        const staying = [...this.#members.values()].filter(({ state }) => state !== "terminating");
        // A rehearsal knows no zones to even out: the newest go first.
        for (const member of staying.slice(this.#size.desired)) this.track(this.terminate(member));
        for (let number = staying.length; number < this.#size.desired; number++) this.launch();
    }

    private launch(): void {
        const host = this.group.hostNamed(`${this.group.name}-${++this.#launches}`);
        const member: Launched = { host, state: "pending", giveUp: new AbortController(), arrived: Promise.resolve() };
        this.#members.set(host.id, member);
        member.arrived = this.bringIntoService(member);
        this.track(member.arrived);
    }

    private async bringIntoService(member: Launched): Promise<void> {
        const { host, giveUp } = member;
        // The launch hook is there or not when the instance is launched, whatever becomes of the group while it boots.
        const hook = this.launchHook();
        const given = AbortSignal.any([giveUp.signal, this.group.signal]);
        await host.begin();
        await this.group.clock.wait(this.group.bootSeconds(), given);
        if (hook === undefined) await host.enter();
        // Its last events wait until the instance is healthy in its target group.
        else {
            try {
                await hook(host, given);
            } catch (error) {
                if (given.aborted) return;
                if (!(error instanceof InstanceFailure || error instanceof ScalingGroupError)) throw error;
                this.abandon(member);
                return;
            }
        }
        if (member.state === "pending") member.state = "inService";
    }

    /** As AWS does with an instance whose launch hook fails: it ends, and another is launched, over and over. */
    private abandon(member: Launched): void {
        if (member.state === "pending" && !this.group.signal.aborted) this.track(this.terminate(member).then(() => { this.reconcile(); }));
    }

    private async terminate(member: Launched): Promise<void> {
        const hook = member.state === "inService" ? this.terminationHook() : undefined;
        member.state = "terminating";
        member.giveUp.abort();
        // Whatever kept it from arriving is tracked.
        await member.arrived.catch(() => undefined);
        try {
            await member.host.leave();
            await hook?.(member.host);
        } finally {
            await this.remove(member);
        }
    }

    /** What stands at the group's end stays; else a member is gone, even where this machine had trouble with it. */
    private async remove({ host }: Launched): Promise<void> {
        if (this.group.signal.aborted) return;
        try {
            await host.remove();
        } finally {
            this.#members.delete(host.id);
        }
    }
}
