import { type ColourStatus, isWatched } from "./colour-status";
import type { SettledEntry } from "./history";
import { expiryText } from "./lock";
import { isWayBack } from "./rollback-depth";
import { type Group, type InstanceStatus, type PipelineState, type Problem, type Status, type StatusParts, toldOf } from "./status";
import { isRollId } from "./roll-history";
import { shortReason } from "./short-reason";
import { inSeconds } from "./time-text";

type Picture = Omit<Status, "problems" | "unknown">;

/** What is not as it should be, worst first, each with the command to type. */
export function problemsOf(picture: Picture, parts: StatusParts): readonly Problem[] {
    return [
        ...serving(picture), ...health(picture), ...alarms(picture), ...lock(picture), ...waiting(picture),
        ...lastDeployment(picture, parts), ...published(picture, parts), ...outdated(picture), ...wayBack(picture),
    ];
}

function serving({ stack, serves, onItsWay }: Picture): readonly Problem[] {
    if (serves === null && onItsWay.length > 0) return [];
    if (serves === null) return [{ what: "no release has been deployed yet", next: `./gapless deploy ${stack}` }];
    if (!serves || serves.version !== undefined) return [];
    return [{
        what: `nothing names the release of deployment ${serves.deploymentId}, which succeeded last: it was made past this command line, or CodeDeploy rolled back unwatched`,
        next: `./gapless history ${stack}`,
    }];
}

function health({ stack, instances, desired, onItsWay }: Picture): readonly Problem[] {
    const bad = instances.filter(({ health }) => health === "unhealthy" || health === "unavailable" || health === "absent");
    const healthy = instances.filter(instance => instance.health === "healthy").length;
    const told = instances.some(instance => instance.health !== undefined);
    const [first] = bad;
    if (first) return [{ what: `${countOf(bad)} not healthy: ${namesOf(bad)}`, next: `./gapless logs ${stack} --instance ${first.id}` }];
    // A deployment takes instances out by and by.
    const settled = onItsWay.every(({ kind }) => kind === "pipeline");
    if (!told || !settled || desired === undefined || healthy >= desired) return [];
    return [{ what: `${healthy} of ${desired} instances are healthy; the others start or leave`, next: `./gapless status ${stack}` }];
}

function alarms({ stack, alarms: firing, colours }: Picture): readonly Problem[] {
    if (firing.length === 0) return [];
    if (colours) return colours.colours.filter(one => isWatched(one) && one.alarms.length > 0).map(one => ({ what: `an alarm of ${one.colour}, which ${doing(one)}, fires: ${one.alarms.join(", ")}`, next: `./gapless logs ${stack}` }));
    return [{ what: `CodeDeploy starts no deployment while an alarm fires: ${firing.join(", ")}`, next: `./gapless logs ${stack}` }];
}

function doing({ role, weight }: ColourStatus): string {
    if (role === "serves") return "serves";
    return weight === undefined || weight === 0 ? "is in a roll" : `has ${weight} % of the requests`;
}

function lock({ stack, lock: held }: Picture): readonly Problem[] {
    if (!held || held.standing === "held") return [];
    const why = held.standing === "ownerGone" ? "its process is gone" : `there has been no sign of life of it for ${expiryText}`;
    return [{ what: `the lock is left over from ${held.holder.command} of ${held.holder.who}: ${why}`, next: `./gapless unlock ${stack}` }];
}

function waiting({ onItsWay }: Picture): readonly Problem[] {
    return onItsWay.flatMap(one => one.kind === "pipeline" && one.state === "awaitsApproval"
        ? [{ what: `release ${one.version ?? "of an unknown version"} waits for an approval`, next: "approve or reject it in CodePipeline's console" }] : []);
}

/** A failure matters until something newer has succeeded. */
function lastDeployment({ stack }: Picture, { group, entries }: StatusParts): readonly Problem[] {
    const deployments = toldOf(group);
    const journal = toldOf(entries) ?? [];
    const newest = journal.at(-1);
    const found = newest && isRollId(newest.deploymentId) ? unluckyRoll(newest) : deployments && (failedAttempt(deployments, journal) ?? unlucky(deployments, journal.at(-1)));
    return found === undefined ? [] : [{ what: found.what, next: [`./gapless history ${stack}`, ...(found.n === undefined ? [] : [`--show ${found.n}`])].join(" ") }];
}

/** What went wrong, and its number in the history when that can show why. */
interface Mishap {
    readonly what: string;
    readonly n?: number | undefined;
}

function failedAttempt({ lastAttempt }: Group, journal: readonly SettledEntry[]): Mishap | undefined {
    const end = { Failed: "failed", Stopped: "was stopped" }[lastAttempt?.status ?? ""];
    if (!lastAttempt || end === undefined) return undefined;
    const entry = journal.find(({ deploymentId }) => deploymentId === lastAttempt.deploymentId);
    return { what: `deployment ${lastAttempt.deploymentId} ${end}${because(entry?.reason)}`, n: entry?.n };
}

function unlucky({ lastAttempt, lastSuccess }: Group, newest: SettledEntry | undefined): Mishap | undefined {
    if (!newest || !lastAttempt) return undefined;
    const { n, result, version, deploymentId, rollbackDeploymentId, reason } = newest;
    if (result === "rolledBack" && rollbackDeploymentId === lastSuccess?.deploymentId) return { what: `release ${version} failed and was rolled back${because(reason)}`, n };
    if (result !== "inProgress" || deploymentId === lastAttempt.deploymentId) return undefined;
    return { what: `nobody wrote down the end of deployment ${deploymentId} of release ${version}, and CodeDeploy has begun a later one` };
}

function unluckyRoll({ n, result, version, deploymentId, reason }: SettledEntry): Mishap | undefined {
    switch (result) {
        case "rolledBack": return { what: `release ${version} failed and was taken back${because(reason)}`, n };
        case "stopped": return { what: `roll ${deploymentId} of release ${version} was stopped${because(reason)}`, n };
        case "failed": return { what: `roll ${deploymentId} of release ${version} failed${because(reason)}`, n };
        case "unknown": return { what: `nobody wrote down the end of roll ${deploymentId} of release ${version}`, n };
        case "succeeded": case "inProgress": return undefined;
    }
}

/** What was handed to the pipeline after the release that serves, and is not on its way either. */
function published({ stack, serves, onItsWay }: Picture, { store, pipeline }: StatusParts): readonly Problem[] {
    const trigger = toldOf(store)?.trigger;
    if (!trigger || !serves?.since || onItsWay.length > 0) return [];
    if (trigger.version !== undefined && trigger.version === serves.version) return [];
    if (trigger.at <= serves.since) return leftBehind(stack, trigger.version, serves.version);
    const what = `release ${trigger.version ?? "of an unknown version"} was published at ${inSeconds(trigger.at)} and does not serve`;
    return [{ what: `${what}${because(failureIn(toldOf(pipeline), serves.since))}`, next: `./gapless deploy ${stack}` }];
}

/** As after a rollback: it goes past the pipeline, which knows nothing of it. */
function leftBehind(stack: string, published: string | undefined, serving: string | undefined): readonly Problem[] {
    if (published === undefined || serving === undefined) return [];
    return [{ what: `releases/current.zip holds release ${published} and not ${serving}, which serves: the pipeline would deploy ${published} next`, next: `./gapless deploy ${stack}` }];
}

function because(reason: string | undefined): string {
    return reason === undefined ? "" : `: ${shortReason(reason)}`;
}

function failureIn(pipeline: PipelineState | undefined, since: string): string | undefined {
    const failed = pipeline?.stages.find(({ status, action }) => status === "Failed" && (action?.at ?? "") > since);
    return failed && `the pipeline failed in ${failed.name}${because(failed.action?.reason)}`;
}

function outdated({ stack, instances }: Picture): readonly Problem[] {
    const old = instances.filter(instance => instance.outdated);
    if (old.length === 0) return [];
    return [{ what: `${countOf(old)} not of the newest launch template: ${namesOf(old)}`, next: `./gapless refresh-instances ${stack}` }];
}

function wayBack({ rollback }: Picture): readonly Problem[] {
    const lost = (rollback?.releases ?? []).filter(release => !isWayBack(release));
    if (!rollback || rollback.depth > 0 || lost.length === 0) return [];
    return [{ what: "there is no release to go back to: of those before, the zip or the image is gone", next: "keepReleases in the stack's file says how many stay" }];
}

function countOf(instances: readonly InstanceStatus[]): string {
    return instances.length === 1 ? "1 instance is" : `${instances.length} instances are`;
}

function namesOf(instances: readonly InstanceStatus[]): string {
    return instances.map(({ id }) => id).join(", ");
}
