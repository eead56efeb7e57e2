import { type Colour, colours } from "./blue-green/colour";
import type { ColourDocument } from "./blue-green/document";
import type { ActiveRoll } from "./blue-green/machine";
import { describeRollState } from "./blue-green/step-text";
import { describeHolder, type Holder, type Standing } from "./lock";
import { requestsCommand } from "./requests-command";
import { rollUnderWay } from "./roll-history";
import type { Stage } from "./stage";
import { type Target, type Told, toldOf } from "./status";

/** What is asked for one status of a stage with two colours, beside what is asked of what serves. */
export interface ColourParts {
    readonly document: Told<ColourDocument>;
    /** Percent of the requests. */
    readonly weights: Told<Readonly<Record<Colour, number>>>;
    readonly groups: Readonly<Record<Colour, Told<ColourGroup>>>;
    readonly targets: Readonly<Record<Colour, Told<readonly Target[]>>>;
    /** Auto Scaling groups that each colour's deployment group brings releases to. */
    readonly attached: Readonly<Record<Colour, Told<readonly string[]>>>;
}

/** The Auto Scaling group of a colour. */
export interface ColourGroup {
    readonly minSize: number;
    readonly desired: number;
    /** When Auto Scaling ends all instances by itself, ISO 8601. */
    readonly end?: string | undefined;
}

/** A colour as it is right now. What is undefined was not told. */
export interface ColourStatus {
    readonly colour: Colour;
    /**
     * `filling`: it gets a release, or gives one up, by a roll under way; `warm`: one call leads the clients back to it; `idle`: it has no release, or nobody
     * needs it. Undefined while both get requests and no roll is known of.
     */
    readonly role?: "serves" | "filling" | "warm" | "idle" | undefined;
    /** Undefined too while nothing is known to be installed. */
    readonly version?: string | undefined;
    /** Percent of the requests. */
    readonly weight?: number | undefined;
    readonly healthy?: number | undefined;
    readonly desired?: number | undefined;
    readonly minSize?: number | undefined;
    /** When Auto Scaling ends its instances, ISO 8601. */
    readonly endsAt?: string | undefined;
    /** Those of its alarms that fire. */
    readonly alarms: readonly string[];
    /** AWS's own command that sends all requests to it. */
    readonly sendAll: string;
}

/** A roll under way. */
export interface RollStatus {
    readonly id: string;
    readonly kind: "deploy" | "flip";
    readonly version: string;
    readonly from: Colour;
    readonly to: Colour;
    readonly begunAt: string;
    readonly phase: ActiveRoll["phase"];
    /** The step that it is at, for people. */
    readonly step: string;
    /** Who drives it; null when nobody does any more, undefined when that was not told. */
    readonly driver?: string | null | undefined;
    readonly stopRequested?: string | undefined;
    /** Why its way back is blocked. */
    readonly problem?: string | undefined;
}

/** Both colours, and the roll between them. */
export interface Colours {
    /** Which one serves: by the weights; by what was written down where both get requests, or the weights were not told. */
    readonly serving: Colour;
    readonly colours: readonly ColourStatus[];
    /** Null for none; undefined when it was not told. */
    readonly roll?: RollStatus | null | undefined;
}

type ColouredStage = Pick<Stage, "region"> & { readonly blueGreen: NonNullable<Stage["blueGreen"]> };
type Lock = { readonly holder: Holder | null; readonly standing: Standing } | undefined;

/** Makes one picture of both colours. */
export function readColours({ blueGreen, region }: ColouredStage, parts: ColourParts, firing: readonly string[], lock: Lock, now: Date): Colours {
    const weights = toldOf(parts.weights);
    const document = toldOf(parts.document);
    const serving = servingBy(weights, blueGreen.active);
    const roll = document && rollUnderWay(document);
    const warm = document && warmAt(document, now);
    const isSplit = roll === undefined && weights !== undefined && weights[serving] !== 100;
    const hasNothing = (colour: Colour): boolean => document?.[colour] === null && toldOf(parts.groups[colour])?.desired === 0;
    return {
        serving,
        colours: colours.map(colour => ({
            colour, role: isSplit ? undefined : roleOf(colour, hasNothing(serving) ? undefined : serving, roll, warm),
            version: document?.[colour]?.version, weight: weights?.[colour], ...sizeOf(colour, parts),
            alarms: blueGreen[colour].alarms.filter(alarm => firing.includes(alarm)), sendAll: requestsCommand(blueGreen, region, colour),
        })),
        roll: document && (roll ? describeRoll(roll, document, lock) : null),
    };
}

/** Whether its alarms are of interest: those of a colour without requests speak of nothing, unless it is about to have some. */
export function isWatched({ role, weight = 0 }: ColourStatus): boolean {
    return role === "serves" || role === "filling" || (role === undefined && weight > 0);
}

/** The colour that serves, as far as the weights say; else the one that was written down. */
export function servingBy(weights: Readonly<Record<Colour, number>> | undefined, active: Colour): Colour {
    return (weights && colours.find(colour => weights[colour] === 100)) ?? active;
}

function warmAt({ warm }: ColourDocument, now: Date): Colour | undefined {
    return warm !== null && Date.parse(warm.until) > now.getTime() ? warm.colour : undefined;
}

function roleOf(colour: Colour, serving: Colour | undefined, roll: ActiveRoll | undefined, warm: Colour | undefined): ColourStatus["role"] {
    if (colour === serving) return "serves";
    // Before and after the requests have moved: the other one is in the roll's hands. Where nothing serves, what it leads from has nothing to give.
    if (roll && (serving !== undefined || colour === roll.roll.to)) return "filling";
    return colour === warm ? "warm" : "idle";
}

function sizeOf(colour: Colour, { groups, targets }: ColourParts): Pick<ColourStatus, "healthy" | "desired" | "minSize" | "endsAt"> {
    const group = toldOf(groups[colour]);
    const healthy = toldOf(targets[colour])?.filter(({ health }) => health === "healthy").length;
    return { healthy, desired: group?.desired, minSize: group?.minSize, endsAt: group?.end };
}

// The words by which a driver takes the lock. Whoever changes the stack meanwhile drives no roll.
const drivers: readonly string[] = ["roll", "rollback", "flip", "pipeline", "abort"];

function describeRoll(state: ActiveRoll, { stopRequested }: ColourDocument, lock: Lock): RollStatus {
    const { id, kind, version, from, to, begun } = state.roll;
    const holder = lock?.standing === "held" && lock.holder !== null && drivers.includes(lock.holder.command) ? lock.holder : null;
    return {
        id, kind, version, from, to, begunAt: begun, phase: state.phase, step: describeRollState(state), stopRequested: stopRequested ?? undefined,
        driver: lock && (holder && describeHolder(holder)),
        problem: state.phase === "back" ? state.problem : undefined,
    };
}
