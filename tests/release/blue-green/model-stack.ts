import type { Clock } from "../../../release/clock";
import { type Colour, colours, otherColour } from "../../../release/blue-green/colour";
import type { Roll } from "../../../release/blue-green/roll";

interface Instance {
    /** Seconds at which it is in service. */
    readonly ready: number;
    inService: boolean;
    release?: string | undefined;
    /** Whether its checks fail, though it lives. */
    ill?: boolean;
}

/** An Auto Scaling group with its targets and its deployment group. */
export interface ModelGroup {
    min: number;
    desired: number;
    instances: Instance[];
    /** Seconds at which it is sized to none. */
    end?: number | undefined;
    /** Whether it is in its deployment group, whose hook brings `deployed` to what is launched. */
    attached: boolean;
    deployed?: string | undefined;
}

const bootSeconds = 60;
const maxSize = 8;

/** A stack with two colours whose time passes only when somebody waits. It writes down every breach of what must hold in any state. */
export class ModelStack implements Clock {
    readonly groups: Readonly<Record<Colour, ModelGroup>>;
    readonly weights: Record<Colour, number>;
    active: Colour;
    readonly breaches = new Set<string>();
    /** Happens at each wait. */
    meanwhile: () => void = () => undefined;
    seconds = 0;
    /** Instances of a colour that it lacks through no call of ours: they died, or their service did. */
    private readonly lost: Record<Colour, number> = { blue: 0, green: 0 };
    /** Targets that the colour had that served all requests last. */
    private alone = 0;
    /** Instances with which the other one served before. */
    private readonly before: number;

    /** @param gone releases whose image nobody can pull any more */
    constructor(serving: Colour, groups: Readonly<Record<Colour, ModelGroup>>, private readonly gone: readonly string[]) {
        this.groups = groups;
        this.active = serving;
        this.weights = { blue: 0, green: 0, [serving]: 100 };
        this.alone = groups[serving].desired;
        this.before = groups[otherColour(serving)].desired;
        this.settle();
    }

    now(): Date {
        return new Date(this.seconds * 1000);
    }

    wait(seconds: number, signal: AbortSignal): Promise<void> {
        this.pass(seconds);
        this.meanwhile();
        return signal.aborted ? Promise.reject(new Error("aborted")) : Promise.resolve();
    }

    pass(seconds: number): void {
        const stride = Math.max(60, seconds / 8);
        for (let left = seconds; left > 0; left -= stride) {
            this.seconds += Math.min(left, stride);
            this.settle();
        }
    }

    /** Healthy targets. */
    healthy(colour: Colour): number {
        return this.groups[colour].instances.filter(({ inService, release, ill }) => inService && release !== undefined && ill !== true).length;
    }

    /** Scaling by load, on its own: what serves gets what it needs; what does not has no load. */
    scale(wanted: number): void {
        for (const colour of colours) {
            const group = this.groups[colour];
            group.desired = Math.max(group.min, Math.min(maxSize, this.weights[colour] > 0 && group.desired > 0 ? wanted : 0));
        }
        this.settle();
    }

    /** An instance dies, and another is launched in its place. */
    kill(colour: Colour): void {
        if (this.groups[colour].instances.pop()?.inService === true) this.lost[colour] += 1;
        this.settle();
    }

    detach(colour: Colour): void {
        this.changes(colour, "taken out of its deployment group");
        this.groups[colour].attached = false;
    }

    resize(colour: Colour, size: number): void {
        if (size < this.groups[colour].desired) this.changes(colour, "shrunk");
        Object.assign(this.groups[colour], { min: size, desired: size });
        this.settle();
    }

    arm(colour: Colour, seconds: number): void {
        this.changes(colour, "given an end");
        this.groups[colour].end = seconds;
    }

    /** Brings a release to one instance that lacks it. */
    install(colour: Colour, release: string): void {
        this.changes(colour, "installed");
        const instance = this.groups[colour].instances.find(each => each.inService && each.release !== release);
        if (instance !== undefined) instance.release = release;
    }

    shift({ from, to, urgent }: Roll, percent: number): void {
        const { desired } = this.groups[from];
        if (this.weights[to] === 0) this.alone = this.healthy(from);
        this.setWeight(to, percent, urgent === true ? Math.min(desired, this.before) : desired);
    }

    restore(from: Colour): void {
        this.setWeight(from, 100, this.alone);
    }

    private setWeight(colour: Colour, percent: number, needed: number): void {
        const able = this.healthy(colour) + this.lost[colour];
        if (percent > this.weights[colour] && able < needed) this.breach(`${colour} gets requests with ${able} of ${needed} targets`);
        Object.assign(this.weights, { [colour]: percent, [otherColour(colour)]: 100 - percent });
        this.look();
    }

    private changes(colour: Colour, how: string): void {
        if (this.weights[colour] > 0) this.breach(`${colour} is ${how} with ${this.weights[colour]} % of the requests`);
    }

    /** What Auto Scaling and CodeDeploy's launch hook do. */
    private settle(): void {
        for (const colour of colours) this.settleGroup(colour, this.groups[colour]);
        this.look();
    }

    private settleGroup(colour: Colour, group: ModelGroup): void {
        if (group.end !== undefined && group.end <= this.seconds) {
            this.changes(colour, "ended");
            Object.assign(group, { min: 0, desired: 0, end: undefined });
        }
        group.instances.length = Math.min(group.instances.length, group.desired);
        group.instances = group.instances.map(each => (each.inService || each.ready > this.seconds ? each : this.booted(group)));
        while (group.instances.length < group.desired) group.instances.push({ ready: this.seconds + bootSeconds, inService: false });
        if (this.healthy(colour) === group.desired) this.lost[colour] = 0;
    }

    private booted({ attached, deployed }: ModelGroup): Instance {
        const fails = attached && deployed !== undefined && this.gone.includes(deployed);
        return fails ? { ready: this.seconds + bootSeconds, inService: false } : { ready: this.seconds, inService: true, release: attached ? deployed : undefined };
    }

    /** What must hold in every state. */
    private look(): void {
        for (const colour of colours.filter(each => this.weights[each] > 0)) {
            const { end, instances } = this.groups[colour];
            if (end !== undefined) this.breach(`${colour} has requests and an end`);
            if (instances.some(({ inService, release }) => inService && release === undefined)) this.breach(`${colour} has requests and a target without a release`);
            if (new Set(instances.flatMap(({ release }) => release ?? [])).size > 1) this.breach(`${colour} has requests and two releases`);
            if (this.healthy(colour) + this.lost[colour] === 0 && this.alone > 0) this.breach(`${colour} has requests and no target`);
        }
    }

    private breach(what: string): void {
        this.breaches.add(what);
    }
}
