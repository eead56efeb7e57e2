import { type Colour, colours, otherColour } from "../../release/blue-green/colour";
import { now } from "../load/clock";
import { type HaproxyArgs, startHaproxy } from "./haproxy";
import { type BalancerNumbers, colourHaproxyConfig, type ColourRouting, weightsMap } from "./haproxy-config";
import { BalancerError, type RuntimeSocket } from "./runtime-socket";
import { type Answered, TargetGroup } from "./target-group";

export interface ColourBalancerArgs extends Omit<HaproxyArgs, "config" | "files"> {
    readonly numbers: BalancerNumbers;
    readonly routing: ColourRouting;
    readonly healthyWithinMs: number;
}

/** Percent of the requests that each colour gets. */
export type Weights = Readonly<Record<Colour, number>>;

/** One change of the weights, which is one command. */
export interface Shift {
    /** When it was sent, in milliseconds since 1970, on the clock of the load's records. */
    readonly atMs: number;
    /** Milliseconds until it was answered. */
    readonly tookMs: number;
    readonly weights: Weights;
}

/** The load balancer of a blue/green rehearsal: HAProxy with a target group for each colour and weights between them. */
export class ColourBalancer {
    readonly targets: Readonly<Record<Colour, TargetGroup>>;
    readonly #shifts: Shift[] = [];

    private constructor(
        private readonly runtime: RuntimeSocket,
        /** Where clients come in. */
        readonly url: string,
        { routing: { slots }, healthyWithinMs }: ColourBalancerArgs,
    ) {
        const group = (backend: Colour): TargetGroup => new TargetGroup({ runtime, backend, slots: slots[backend], healthyWithinMs });
        this.targets = { blue: group("blue"), green: group("green") };
    }

    /** Starts it; blue gets all requests. */
    static async start(args: ColourBalancerArgs, signal: AbortSignal): Promise<ColourBalancer> {
        const config = colourHaproxyConfig(args.numbers, args.routing);
        const { runtime, url } = await startHaproxy({ ...args, config, files: { [weightsMap]: "green 0\n" } }, signal);
        return new ColourBalancer(runtime, url, args);
    }

    /** Every change of the weights, in order. */
    get shifts(): readonly Shift[] {
        return this.#shifts;
    }

    async weights(): Promise<Weights> {
        const map = await this.runtime.ask(`show map ${weightsMap}`);
        const green = Number(/\bgreen (\d+)$/m.exec(map)?.[1] ?? NaN);
        if (Number.isNaN(green)) throw new BalancerError(`HAProxy does not tell its weights: ${map.slice(0, 200)}`);
        return { green, blue: 100 - green };
    }

    /** Gives a colour so many percent of the requests, and the other the rest: one command. */
    async shift(to: Colour, percent: number): Promise<void> {
        const weights = { [to]: percent, [otherColour(to)]: 100 - percent } as Record<Colour, number>;
        const atMs = now();
        await this.runtime.tell(`set map ${weightsMap} green ${weights.green}`);
        this.#shifts.push({ atMs, tookMs: now() - atMs, weights });
    }

    /** Targets of each colour that take requests. */
    async healthy(): Promise<Readonly<Record<Colour, number>>> {
        const [blue = 0, green = 0] = await Promise.all(colours.map(async colour =>
            [...(await this.targets[colour].health()).values()].filter(state => state === "healthy").length));
        return { blue, green };
    }

    answered(colour: Colour): Promise<Answered> {
        return this.targets[colour].answered();
    }
}
