import type { Colour } from "./blue-green/colour";
import { requestsText } from "./colour-page";
import { type ColourParts, type Colours, type ColourStatus, type RollStatus } from "./colour-status";
import { disarmCommand } from "./requests-command";
import { type Problem, toldOf } from "./status";
import { parameterNames, parameterPath, type Stage } from "./stage";
import { coloursKey } from "./store-keys";
import { inSeconds } from "./time-text";
import { goOnCommand } from "./ways-on";

type ColouredStage = Pick<Stage, "project" | "stack" | "region" | "codeDeployApplication" | "releaseBucket"> & { readonly blueGreen: NonNullable<Stage["blueGreen"]> };

/** What is not as it should be with two colours, worst first, each with the command to type. */
export function colourProblems(stage: ColouredStage, picture: Colours, parts: ColourParts): readonly Problem[] {
    const { roll, colours } = picture;
    const serving = colours.filter(({ role }) => role === "serves");
    return [
        ...serving.flatMap(colour => endOfServing(stage, colour)),
        ...unreadable(stage, picture, parts),
        ...(roll ? left(stage, picture, roll) : []),
        // A roll under way is half way by its nature.
        ...(roll === null ? settled(stage, picture, parts) : []),
    ];
}

function settled(stage: ColouredStage, picture: Colours, parts: ColourParts): readonly Problem[] {
    const { colours } = picture;
    return [
        ...disagreement(stage, picture), ...colours.flatMap(colour => endless(stage, colour)), ...colours.flatMap(({ colour }) => detached(stage, colour, parts)),
        ...colours.filter(({ role }) => role === "serves").flatMap(colour => wrongMinimum(stage, colour)),
    ];
}

function endOfServing({ region, blueGreen }: ColouredStage, { colour, endsAt }: ColourStatus): readonly Problem[] {
    if (endsAt === undefined) return [];
    return [{
        what: `Auto Scaling ends all instances of ${colour}, which serves, at ${inSeconds(endsAt)}`,
        next: disarmCommand(blueGreen, region, colour),
    }];
}

/** Requests do not need it, and everything else does. */
function unreadable({ releaseBucket, region }: ColouredStage, picture: Colours, { document }: ColourParts): readonly Problem[] {
    if ("told" in document) return [];
    const requests = requestsText(picture);
    return [{
        what: `s3://${releaseBucket}/${coloursKey} cannot be read, so no roll can begin, go on or be taken back${requests === undefined ? "" : `; ${requests}, and goes on to`}. Put its last good version back`,
        next: `aws s3api list-object-versions --bucket ${releaseBucket} --prefix ${coloursKey} --region ${region}`,
    }];
}

function left({ stack }: ColouredStage, picture: Colours, { id, kind, version, step, phase, driver, problem }: RollStatus): readonly Problem[] {
    if (driver !== null) return [];
    const next = `./gapless abort ${stack}`;
    const stands = [requestsText(picture), costOfBoth(picture)].flatMap(text => text ?? []).map(text => `; ${text}`).join("");
    if (problem !== undefined) return [{ what: `roll ${id} of release ${version} cannot go back: ${problem}${stands}`, next }];
    return [{ what: `nobody drives roll ${id} of release ${version} any more: ${step}${stands}${phase === "forward" ? `. To go on with it instead: ${goOnCommand({ kind, version }, stack)}` : ""}`, next }];
}

/** Undefined where Auto Scaling ends one of them by itself. */
function costOfBoth({ colours }: Colours): string | undefined {
    return colours.every(({ desired = 0, endsAt }) => desired > 0 && endsAt === undefined) ? "both colours run, and cost, until somebody comes" : undefined;
}

/** A way back that has no end, or the rest of a roll. */
function endless({ stack }: ColouredStage, { colour, role, weight, desired = 0, endsAt }: ColourStatus): readonly Problem[] {
    if ((role !== "idle" && role !== "warm") || weight !== 0 || desired === 0 || endsAt !== undefined) return [];
    return [{ what: `${colour} gets no requests, and nothing ends its ${desired === 1 ? "instance" : `${desired} instances`}`, next: `./gapless abort ${stack}` }];
}

function disagreement({ project, stack, region, blueGreen }: ColouredStage, picture: Colours): readonly Problem[] {
    const { serving, colours } = picture;
    if (colours.some(({ weight }) => weight === undefined)) return [];
    if (colours.every(({ weight }) => weight !== 100)) {
        const best = fittest(colours, blueGreen.active);
        const health = best?.healthy === undefined ? "" : `; ${best.colour} has ${best.healthy === 0 ? "no healthy target either" : `${best.healthy} healthy`}`;
        return [{ what: `${requestsText(picture) ?? ""}, and no roll is under way, so nothing can be deployed${health}`, next: best?.sendAll }];
    }
    if (serving === blueGreen.active) return [];
    const name = `${parameterPath(project, stack)}/${parameterNames.activeColour}`;
    return [{
        what: `the load balancer sends the requests to ${serving}, and ${name} names ${blueGreen.active}`,
        next: `aws ssm put-parameter --name ${name} --value ${serving} --overwrite --region ${region}`,
    }];
}

/** The colour with the most healthy targets; of equal ones, the one that was written down. */
function fittest(colours: readonly ColourStatus[], active: Colour): ColourStatus | undefined {
    const rank = ({ colour, healthy = 0 }: ColourStatus): number => healthy + (colour === active ? 0.5 : 0);
    return colours.toSorted((a, b) => rank(b) - rank(a))[0];
}

/** Instances that such a group launches get no release. */
function detached({ region, codeDeployApplication, blueGreen }: ColouredStage, colour: Colour, { attached }: ColourParts): readonly Problem[] {
    const groups = toldOf(attached[colour]);
    const { autoScalingGroup, deploymentGroup } = blueGreen[colour];
    if (groups === undefined || groups.includes(autoScalingGroup)) return [];
    return [{
        what: `${autoScalingGroup} is not in deployment group ${deploymentGroup}, so instances that it launches get no release`,
        next: `aws deploy update-deployment-group --application-name ${codeDeployApplication} --current-deployment-group-name ${deploymentGroup} --auto-scaling-groups ${autoScalingGroup} --region ${region}`,
    }];
}

function wrongMinimum({ stack, blueGreen: { sizes } }: ColouredStage, { colour, minSize, desired }: ColourStatus): readonly Problem[] {
    // A colour to which nothing has been released yet has no instances. For a while after a roll, what serves has a higher minimum, lest it shrinks at once.
    if (minSize === undefined || desired === 0 || minSize >= sizes.minSize) return [];
    return [{ what: `${colour} serves with ${minSize} instances at the least, and the stack wants ${sizes.minSize}`, next: `./gapless up ${stack}` }];
}
