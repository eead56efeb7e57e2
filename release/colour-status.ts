import { type Colour, colours } from "./blue-green/colour";
import type { ColourDocument } from "./blue-green/document";
import type { ActiveRoll } from "./blue-green/machine";
import { describeRollState } from "./blue-green/step-text";
import { describeHolder, type Holder, type Standing } from "./lock";
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
    /** `filling`: it gets a release, or gives one up, by a roll under way; `warm`: one call leads the clients back to it; `idle`: nobody needs it. */
    readonly role: "serves" | "filling" | "warm" | "idle";
    /** Undefined too while nothing is known to be installed. */
    readonly version?: string | undefined;
    /** Percent of the requests. */
    readonly weight?: number | undefined;
    readonly healthy?: number | undefined;
    readonly desired?: number | undefined;
    readonly minSize?: number | undefined;
    /** When Auto Scaling ends its instances, ISO 8601. */
    readonly endsAt?: string | undefined;
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
    /** Which one serves: by the weights, else by what was written down. */
    readonly serving: Colour;
    readonly colours: readonly ColourStatus[];
    /** Null for none; undefined when it was not told. */
    readonly roll?: RollStatus | null | undefined;
}

type Lock = { readonly holder: Holder | null; readonly standing: Standing } | undefined;

/** Makes one picture of both colours. */
export function readColours(blueGreen: NonNullable<Stage["blueGreen"]>, parts: ColourParts, lock: Lock, now: Date): Colours {
    const weights = toldOf(parts.weights);
    const document = toldOf(parts.document);
    const serving = (weights && colours.find(colour => weights[colour] === 100)) ?? blueGreen.active;
    const roll = document && rollUnderWay(document);
    const warm = document && warmAt(document, now);
    return {
        serving,
        colours: colours.map(colour => ({
            colour, role: roleOf(colour, serving, roll, warm), version: document?.[colour]?.version, weight: weights?.[colour], ...sizeOf(colour, parts),
        })),
        roll: document && (roll ? describeRoll(roll, document, lock) : null),
    };
}

function warmAt({ warm }: ColourDocument, now: Date): Colour | undefined {
    return warm !== null && Date.parse(warm.until) > now.getTime() ? warm.colour : undefined;
}

function roleOf(colour: Colour, serving: Colour, roll: ActiveRoll | undefined, warm: Colour | undefined): ColourStatus["role"] {
    if (colour === serving) return "serves";
    // Before and after the requests have moved: the other one is in the roll's hands.
    if (roll) return "filling";
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
