import { colours } from "./blue-green/colour";
import { colourProblems } from "./colour-problems";
import { type ColourParts, type Colours, isWatched, readColours, type RollStatus } from "./colour-status";
import { resultOfStatus, runningRelease, type SettledEntry } from "./history";
import type { Holder, Standing } from "./lock";
import { problemsOf } from "./problems";
import { versionIn } from "./release-metadata";
import { rollbackDepth } from "./rollback-depth";
import { isRollId, runningOn } from "./roll-history";
import type { Stage } from "./stage";
import {
    type Alarm, type Fleet, type Group, type InstanceStatus, type LastAttempt, type OnItsWay, partNames, type PipelineStage, type PipelineState, type Resources, type Serving,
    servingOf, type Status, type StatusParts, type Target, type Told, toldOf,
} from "./status";

type DescribedStage = Pick<Stage, "project" | "stack" | "region" | "url" | "build" | "blueGreen"> & Omit<Resources, "buildPipeline">;

/** Makes one picture of all that was told. What was not told leaves its part open, and hides nothing else. */
export function readStatus(stage: DescribedStage, parts: StatusParts, now: Date): Status {
    const { project, stack, region, url } = stage;
    const firing = firingOf(toldOf(parts.alarms));
    const group = toldOf(parts.group);
    const entries = toldOf(parts.entries) ?? [];
    const pipeline = toldOf(parts.pipeline);
    const fleet = toldOf(parts.fleet);
    const coloured = colouredOf(stage, parts, firing, now);
    const serves = servedByColour(coloured, entries) ?? (group && servedBy(group, entries, pipeline));
    const picture = {
        schemaVersion: 1 as const, project, stack, region, url, resources: resourcesOf(servedStage(stage, coloured)), serves,
        instances: instancesOf(fleet, toldOf(parts.targets)),
        desired: fleet?.desired,
        ...(coloured && { colours: coloured.colours }),
        onItsWay: [...rolling(coloured?.colours.roll, entries), ...onItsWay(group, entries, pipeline)],
        lastAttempt: lastRoll(entries) ?? (group && lastAttemptOf(group, entries)),
        lock: lockOf(toldOf(parts.lock)),
        alarms: coloured ? watchedAlarms(coloured) : firing,
        rollback: rollbackOf(parts, serves),
    };
    return { ...picture, problems: [...problemsOfColours(coloured), ...problemsOf(picture, parts)], unknown: [...unknownOf(parts), ...unknownColours(parts.colours)] };
}

interface Coloured {
    readonly stage: DescribedStage & { readonly blueGreen: NonNullable<Stage["blueGreen"]> };
    readonly parts: ColourParts;
    readonly colours: Colours;
}

function colouredOf(stage: DescribedStage, { colours: parts, lock }: StatusParts, firing: readonly string[], now: Date): Coloured | undefined {
    const { blueGreen } = stage;
    return blueGreen && parts && { stage: { ...stage, blueGreen }, parts, colours: readColours({ ...stage, blueGreen }, parts, firing, toldOf(lock), now) };
}

/** By the weights: what was written down follows them. */
function servedStage(stage: DescribedStage, coloured: Coloured | undefined): DescribedStage {
    if (!coloured) return stage;
    const { autoScalingGroup, deploymentGroup, targetGroupArn, alarms } = coloured.stage.blueGreen[coloured.colours.serving];
    return { ...stage, fleet: { autoScalingGroup }, deploymentGroup, targetGroupArn, alarms };
}

function problemsOfColours(coloured: Coloured | undefined): Status["problems"] {
    return coloured ? colourProblems(coloured.stage, coloured.colours, coloured.parts) : [];
}

function watchedAlarms({ colours: { colours } }: Coloured): readonly string[] {
    return colours.filter(isWatched).flatMap(({ alarms }) => alarms);
}

/** Undefined for a stage with one colour, and until the first roll is over: then CodeDeploy knows. */
function servedByColour(coloured: Coloured | undefined, entries: readonly SettledEntry[]): Serving | undefined {
    const document = coloured && toldOf(coloured.parts.document);
    const running = document && runningOn(coloured.colours.serving, entries, document);
    return running && servingOf(running, undefined);
}

function resourcesOf({ codeDeployApplication, deploymentGroup, pipeline, build, alarms, releaseBucket, logGroup, targetGroupArn, repository, fleet }: DescribedStage): Resources {
    return { codeDeployApplication, deploymentGroup, pipeline, buildPipeline: build?.pipeline, alarms, releaseBucket, logGroup, targetGroupArn, repository, fleet };
}

function lastAttemptOf({ lastAttempt, version }: Group, entries: readonly SettledEntry[]): LastAttempt | null {
    if (!lastAttempt) return null;
    const { deploymentId, status, begunAt, at } = lastAttempt;
    const entry: Partial<SettledEntry> = entries.find(one => one.deploymentId === deploymentId) ?? {};
    const { n, result = resultOfStatus(status), rollbackDeploymentId, reason } = entry;
    return { deploymentId, result, begunAt, endedAt: at ?? entry.endedAt, n, version: entry.version ?? version, rollbackDeploymentId, reason };
}

/** The roll that began last, where the newest that was released was one. */
function lastRoll(entries: readonly SettledEntry[]): LastAttempt | undefined {
    const newest = entries.at(-1);
    if (newest === undefined || !isRollId(newest.deploymentId)) return undefined;
    const { deploymentId, result, when, endedAt, n, version, reason } = newest;
    return { deploymentId, result, begunAt: when, endedAt, n, version, reason };
}

function unknownColours(parts: ColourParts | undefined): Status["unknown"] {
    if (!parts) return [];
    const { document, weights, groups, targets, attached } = parts;
    const all: readonly (readonly [string, Told<unknown>])[] = [
        ["what is known of the colours", document], ["which colour gets the requests", weights],
        ...colours.flatMap(colour => [
            [`the group of ${colour}`, groups[colour]], [`the health of ${colour}`, targets[colour]], [`the deployment group of ${colour}`, attached[colour]],
        ] as const),
    ];
    return all.flatMap(([part, told]) => ("refused" in told ? [{ part, reason: told.refused }] : []));
}

function unknownOf(parts: StatusParts): Status["unknown"] {
    return (Object.keys(partNames) as (keyof typeof partNames)[]).flatMap(name => {
        const part = parts[name];
        return "refused" in part ? [{ part: partNames[name], reason: part.refused }] : [];
    });
}

function servedBy(group: Group, entries: readonly SettledEntry[], pipeline: PipelineState | undefined): Serving | null {
    const { lastSuccess, lastAttempt } = group;
    if (!lastSuccess) return null;
    const { deploymentId, at } = lastSuccess;
    // AWS does not say whether a group's revision is that of its last success or of its last attempt, so only where both are one.
    const { version, revision } = lastAttempt?.deploymentId === deploymentId ? group : {};
    return servingOf(runningRelease(entries, { deploymentId, version: version ?? versionOfDeployment(pipeline, deploymentId), revision }), at);
}

function lockOf(lock: { readonly holder: Holder | null; readonly standing: Standing } | undefined): Status["lock"] {
    if (!lock) return undefined;
    return lock.holder ? { holder: lock.holder, standing: lock.standing } : null;
}

function firingOf(alarms: readonly Alarm[] | undefined): readonly string[] {
    return (alarms ?? []).filter(({ state }) => state === "ALARM").map(({ name }) => name);
}

/** The source's change belongs to a deployment when both are of one execution. */
function versionOfDeployment(pipeline: PipelineState | undefined, deploymentId: string): string | undefined {
    const deploy = pipeline?.stages.find(({ action }) => action?.externalId === deploymentId);
    return versionIn(changeOf(pipeline, deploy?.executionId));
}

function changeOf(pipeline: PipelineState | undefined, executionId: string | undefined): string | undefined {
    const source = pipeline?.stages[0];
    return executionId !== undefined && source?.executionId === executionId ? source.action?.summary : undefined;
}

/** Every instance that Auto Scaling or the load balancer knows. */
function instancesOf(fleet: Fleet | undefined, targets: readonly Target[] | undefined): readonly InstanceStatus[] {
    const health = new Map(targets?.map(({ id, ...told }) => [id, told]));
    const known = (fleet?.instances ?? []).map(instance => ({
        ...instance, ...(targets && (health.get(instance.id) ?? { health: "absent" })),
    }));
    const ids = new Set(known.map(({ id }) => id));
    return [...known, ...(targets ?? []).filter(({ id }) => !ids.has(id))];
}

function rolling(roll: RollStatus | null | undefined, entries: readonly SettledEntry[]): readonly OnItsWay[] {
    if (!roll) return [];
    const { id, version, begunAt, step } = roll;
    return [{ kind: "roll", deploymentId: id, version, since: begunAt, step, who: entries.find(({ deploymentId }) => deploymentId === id)?.who }];
}

const activeDeployment: readonly string[] = ["Created", "Queued", "InProgress", "Baking", "Ready"];

function onItsWay(group: Group | undefined, entries: readonly SettledEntry[], pipeline: PipelineState | undefined): readonly OnItsWay[] {
    const attempt = group?.lastAttempt;
    const deployments = attempt && activeDeployment.includes(attempt.status) ? [attempt] : [];
    return [
        ...deployments.map(({ deploymentId, status, begunAt }): OnItsWay => {
            const entry = entries.find(one => one.deploymentId === deploymentId);
            const version = entry?.version ?? group?.version ?? versionOfDeployment(pipeline, deploymentId);
            return { kind: "deployment", deploymentId, status, since: entry?.when ?? begunAt, version, who: entry?.who };
        }),
        ...(pipeline?.stages ?? []).flatMap(stage => executionIn(stage, pipeline)),
    ];
}

function executionIn({ name, executionId, status, action }: PipelineStage, pipeline: PipelineState | undefined): readonly OnItsWay[] {
    if (status !== "InProgress" || executionId === undefined) return [];
    const change = changeOf(pipeline, executionId);
    const state = action?.approval && action.status === "InProgress" ? "awaitsApproval" : "runs";
    return [{ kind: "pipeline", state, stage: name, executionId, since: action?.at, change, version: versionIn(change) }];
}

function rollbackOf({ entries, store, images }: StatusParts, serving: Serving | null | undefined): Status["rollback"] {
    const journal = toldOf(entries);
    const bundles = toldOf(store);
    const digests = toldOf(images);
    return journal && bundles && digests !== undefined ? rollbackDepth(journal, serving, bundles.versions, digests) : undefined;
}
