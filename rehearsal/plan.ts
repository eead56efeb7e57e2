import { lintPlan, type Finding } from "../release/lint";
import { waves } from "../release/minimum-healthy-hosts";
import { defaults, type RolloutPlan } from "../release/rollout";
import type { RehearsalOptions } from "./options";
import type { ProgramFacts } from "./program/program-facts";
import { scaleWaits, type ScaledWaits } from "./time-scale";

/** What one rehearsal will do: the stage's rollout, on so many instances, at such a pace. */
export interface RehearsalPlan {
    readonly options: RehearsalOptions;
    readonly facts: ProgramFacts;
    readonly instances: number;
    readonly rollout: RolloutPlan;
    readonly waits: ScaledWaits;
    /** Instances that a group may have: room to grow even where the stage's fleet cannot, since what happens then is looked at. */
    readonly largestFleet: number;
    /** What the linter has to say that does not stop the rollout. */
    readonly warnings: readonly Finding[];
}

/** The stage cannot be rolled out as it is set. */
export class PlanError extends Error {
    override readonly name = "PlanError";
}

const fewestInstances = 4;
const mostInstances = 8;

/** Instances by which a colour can grow in a rehearsal, even where the stage's fleet cannot. */
const scaleOutRoom = 2;
/** What the linter says of waves, of which blue/green has none. */
const ofWaves: readonly string[] = ["minSize", "deploymentConfig", "zoneByZone"];

/** Works out what to rehearse; throws a PlanError when the linter finds that the rollout cannot work. */
export function planRehearsal(facts: ProgramFacts, options: RehearsalOptions): RehearsalPlan {
    if (!facts.colours && (options.shiftPercents ?? options.bakeSeconds) !== undefined) {
        throw new PlanError(`--shift and --bake say how requests move to another colour, and stage '${facts.stage}' has strategy rolling. Add --strategy blueGreen.`);
    }
    const instances = options.instances ?? instancesFor(facts);
    const rollout: RolloutPlan = {
        ...defaults,
        minSize: instances,
        maxSize: Math.max(instances, facts.maxSize, facts.colours ? instances + scaleOutRoom : 0),
        minimumHealthyHosts: facts.minimumHealthyHosts,
        drainSeconds: facts.targetGroup.drainSeconds,
        stopGraceSeconds: facts.release.stopGraceSeconds,
        longestRequestSeconds: facts.longestRequestSeconds,
        idleTimeoutSeconds: facts.idleTimeoutSeconds,
        healthCheck: facts.targetGroup.healthCheck,
    };
    const findings = lintPlan(rollout).filter(({ key }) => !(facts.colours && ofWaves.includes(key)));
    const errors = findings.filter(finding => finding.severity === "error");
    if (errors.length > 0) {
        throw new PlanError(
            [`A rollout over ${instances} instances cannot work as stage '${facts.stage}' is set:`, ...errors.map(describeFinding)].join("\n"),
        );
    }
    return {
        options, facts, instances, rollout,
        largestFleet: Math.max(rollout.maxSize, instances + scaleOutRoom),
        waits: scaleWaits(rollout.healthCheck, options.timeScale),
        warnings: [...findings.filter(finding => finding.severity === "warning"), ...(facts.zoneByZone ? [zonesAreMissing] : [])],
    };
}

/** Few, but no fewer than roll: of 8 instances a rule such as 90% lets none go, though it does of the stage's 20. */
function instancesFor({ minSize, minimumHealthyHosts }: ProgramFacts): number {
    const wanted = Math.min(mostInstances, Math.max(fewestInstances, minSize));
    const sizes = Array.from({ length: Math.max(1, minSize - wanted + 1) }, (_, more) => wanted + more);
    return sizes.find(size => waves(size, minimumHealthyHosts).length > 0) ?? wanted;
}

const zonesAreMissing: Finding = {
    severity: "warning",
    key: "zoneByZone",
    rule: "is not rehearsed: a rehearsal knows no zones and takes instances of any",
    received: "true",
    fix: "Expect the same on AWS, in more waves and with the pauses between zones.",
};

/** A finding in one line. */
export function describeFinding({ key, rule, received, fix }: Finding): string {
    return `${key}: ${rule}; received ${received}. ${fix}`;
}
