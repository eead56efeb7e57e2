import type { Colour } from "./blue-green/colour";
import { type ColourParts, type Colours, type ColourStatus, type RollStatus } from "./colour-status";
import { type Problem, toldOf } from "./status";
import { parameterNames, parameterPath, type Stage } from "./stage";
import { inSeconds } from "./time-text";

type ColouredStage = Pick<Stage, "project" | "stack" | "region" | "codeDeployApplication"> & { readonly blueGreen: NonNullable<Stage["blueGreen"]> };

/** What is not as it should be with two colours, worst first, each with the command to type. */
export function colourProblems(stage: ColouredStage, picture: Colours, parts: ColourParts): readonly Problem[] {
    const { roll, colours } = picture;
    const serving = colours.filter(({ role }) => role === "serves");
    return [
        ...serving.flatMap(colour => endOfServing(stage, colour)),
        ...(roll ? left(stage, roll, colours) : []),
        // A roll under way is half way by its nature.
        ...(roll === null ? [...disagreement(stage, picture), ...colours.flatMap(({ colour }) => detached(stage, colour, parts)), ...serving.flatMap(colour => wrongMinimum(stage, colour))] : []),
    ];
}

function endOfServing({ region, blueGreen }: ColouredStage, { colour, endsAt }: ColourStatus): readonly Problem[] {
    if (endsAt === undefined) return [];
    return [{
        what: `Auto Scaling ends all instances of ${colour}, which serves, at ${inSeconds(endsAt)}`,
        next: `aws autoscaling delete-scheduled-action --auto-scaling-group-name ${blueGreen[colour].autoScalingGroup} --scheduled-action-name gapless-end --region ${region}`,
    }];
}

function left({ stack }: ColouredStage, { id, kind, version, step, driver, problem }: RollStatus, colours: readonly ColourStatus[]): readonly Problem[] {
    if (driver !== null) return [];
    const again = kind === "flip" ? `./gapless flip ${stack}` : `./gapless roll ${stack} ${version}`;
    if (problem !== undefined) return [{ what: `roll ${id} of release ${version} cannot go back: ${problem}`, next: `./gapless abort ${stack}` }];
    return [{ what: `nobody drives roll ${id} of release ${version} any more: ${step}${colours.every(isEndless) ? "; both colours run until somebody ends it" : ""}`, next: `./gapless abort ${stack} takes it back; ${again} goes on with it` }];
}

/** Past its disarming, nothing ends a roll's instances by itself. */
function isEndless({ desired = 0, endsAt }: ColourStatus): boolean {
    return desired > 0 && endsAt === undefined;
}

function disagreement({ project, stack, region, blueGreen }: ColouredStage, { serving, colours }: Colours): readonly Problem[] {
    if (colours.some(({ weight }) => weight === undefined)) return [];
    if (colours.every(({ weight }) => weight !== 100)) {
        return [{
            what: `the load balancer sends ${colours.map(({ colour, weight }) => `${weight} % of the requests to ${colour}`).join(" and ")}, and no roll is under way`,
            next: "set its weights to 100 and 0 by hand, so that it is clear which colour serves",
        }];
    }
    if (serving === blueGreen.active) return [];
    const name = `${parameterPath(project, stack)}/${parameterNames.activeColour}`;
    return [{
        what: `the load balancer sends the requests to ${serving}, and ${name} names ${blueGreen.active}`,
        next: `aws ssm put-parameter --name ${name} --value ${serving} --overwrite --region ${region}`,
    }];
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
    // A colour to which nothing has been released yet has no instances.
    if (minSize === undefined || desired === 0 || minSize === sizes.minSize) return [];
    return [{ what: `${colour} serves with ${minSize} instances at the least, and the stack wants ${sizes.minSize}`, next: `./gapless up ${stack}` }];
}
