import { type Colour, otherColour } from "../../release/blue-green/colour";
import type { ColourDocument } from "../../release/blue-green/document";
import type { RollState } from "../../release/blue-green/machine";
import type { Weights } from "../balancer/colour-balancer";
import type { ColourSite } from "../blue-green/colour-site";

/** How one colour's groups stand. */
export interface GroupStanding {
    readonly min: number;
    readonly desired: number;
    /** Instances, whatever their state. */
    readonly instances: number;
    readonly inService: number;
    /** Targets that take requests. */
    readonly healthy: number;
    readonly inDeploymentGroup: boolean;
    /** When AWS itself would end it. */
    readonly endsAt: Date | undefined;
}

/** How a stack stands: all that a roll changes. */
export interface Standing {
    readonly weights: Weights;
    /** The parameter. */
    readonly activeColour: Colour;
    readonly document: ColourDocument;
    readonly groups: Readonly<Record<Colour, GroupStanding>>;
}

/** How it must stand between two rolls. */
export interface WantedStanding {
    readonly serving: Colour;
    readonly version: string;
    readonly minSize: number;
    /** Whether the other colour waits for a way back, or has no instance. */
    readonly other: "warm" | "gone";
}

export async function readStanding({ balancer, groups, store, activeColour }: ColourSite): Promise<Standing> {
    const healthy = await balancer.healthy();
    const of = (colour: Colour): GroupStanding => {
        const { size, members, inService, inDeploymentGroup, endsAt } = groups[colour];
        return { ...size, instances: members.length, inService: inService.length, healthy: healthy[colour], inDeploymentGroup, endsAt };
    };
    return { weights: await balancer.weights(), activeColour, document: store.read(), groups: { blue: of("blue"), green: of("green") } };
}

/** What a stack must look like after a roll, by how it ended. */
export function standingAfter(end: RollState, before: { readonly version: string; readonly otherWasWarm: boolean }): Omit<WantedStanding, "minSize"> {
    const { from, to, version, warmSeconds } = end.roll;
    if (end.phase === "ended" && end.outcome === "succeeded") return { serving: to, version, other: warmSeconds > 0 ? "warm" : "gone" };
    return { serving: from, version: before.version, other: end.roll.kind === "flip" && before.otherWasWarm ? "warm" : "gone" };
}

/** What is not as it must be, a sentence each. */
export function standingProblems(standing: Standing, wanted: WantedStanding): readonly string[] {
    const { serving, other } = wanted;
    return [
        ...servingProblems(standing, wanted),
        ...(other === "warm" ? warmProblems : goneProblems)(standing, otherColour(serving)),
        ...documentProblems(standing, wanted),
    ];
}

type Rule = readonly [kept: boolean, problem: string];

function broken(rules: readonly Rule[]): readonly string[] {
    return rules.filter(([kept]) => !kept).map(([, problem]) => problem);
}

function servingProblems({ weights, activeColour, groups }: Standing, { serving, minSize }: WantedStanding): readonly string[] {
    const { min, desired, instances, inService, healthy, inDeploymentGroup, endsAt } = groups[serving];
    return broken([
        [weights[serving] === 100, `${serving} gets ${weights[serving]} % of the requests instead of all`],
        [activeColour === serving, `the parameter says ${activeColour}, and ${serving} serves`],
        [min === minSize, `${serving} serves with a minimum of ${min} instead of ${minSize}`],
        [desired >= minSize && instances === desired && inService === desired, `${serving} serves with ${inService} of ${Math.max(desired, minSize)} instances in service (${instances} in all)`],
        [healthy === desired, `${healthy} of ${desired} targets of ${serving} are healthy`],
        [inDeploymentGroup, `${serving} serves and is not in its deployment group`],
        [endsAt === undefined, `${serving} serves, and its end is scheduled`],
    ]);
}

function warmProblems({ groups, document: { warm } }: Standing, colour: Colour): readonly string[] {
    const { desired, inService, inDeploymentGroup, endsAt } = groups[colour];
    return broken([
        [desired > 0 && inService === desired, `${colour} should be warm, and has ${inService} of ${desired} instances`],
        [endsAt !== undefined, `${colour} is warm, and nothing ends it`],
        [warm?.colour === colour, `${colour} is warm, and the document does not say so`],
        [inDeploymentGroup, `${colour} is not in its deployment group`],
    ]);
}

function goneProblems({ groups, document: { warm } }: Standing, colour: Colour): readonly string[] {
    const { min, desired, instances, inDeploymentGroup, endsAt } = groups[colour];
    return broken([
        [min === 0 && desired === 0 && instances === 0, `${colour} should be gone, and has ${instances} instances (minimum ${min}, desired ${desired})`],
        [endsAt === undefined, `${colour} is gone, and an end of it is still scheduled`],
        [warm === null, `the document says that ${warm?.colour ?? ""} is warm, and nothing is`],
        [inDeploymentGroup, `${colour} is not in its deployment group`],
    ]);
}

function documentProblems({ document }: Standing, { serving, version }: WantedStanding): readonly string[] {
    const { roll, stopRequested, [serving]: release } = document;
    return broken([
        [roll === null, `the document says that roll ${roll?.roll.id ?? ""} is under way, and it is over`],
        [stopRequested === null, "the document still asks for a stop"],
        [release?.version === version, `the document says that ${serving} has release ${release?.version ?? "none"}, and ${version} serves`],
    ]);
}
