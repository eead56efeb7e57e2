import { resultOfStatus, runningRelease, type SettledEntry } from "./history";
import type { Holder, Standing } from "./lock";
import { problemsOf } from "./problems";
import { versionIn } from "./release-metadata";
import { rollbackDepth } from "./rollback-depth";
import type { Stage } from "./stage";
import {
    type Alarm, type Fleet, type Group, type InstanceStatus, type LastAttempt, type OnItsWay, partNames, type PipelineStage, type PipelineState, type Resources, type Serving,
    servingOf, type Status, type StatusParts, type Target, toldOf,
} from "./status";

type DescribedStage = Pick<Stage, "project" | "stack" | "region" | "url" | "build"> & Omit<Resources, "buildPipeline">;

/** Makes one picture of all that was told. What was not told leaves its part open, and hides nothing else. */
export function readStatus(stage: DescribedStage, parts: StatusParts): Status {
    const { project, stack, region, url } = stage;
    const group = toldOf(parts.group);
    const entries = toldOf(parts.entries) ?? [];
    const pipeline = toldOf(parts.pipeline);
    const fleet = toldOf(parts.fleet);
    const serves = group && servedBy(group, entries, pipeline);
    const picture = {
        schemaVersion: 1 as const, project, stack, region, url, resources: resourcesOf(stage), serves,
        instances: instancesOf(fleet, toldOf(parts.targets)),
        desired: fleet?.desired,
        onItsWay: onItsWay(group, entries, pipeline),
        lastAttempt: group && lastAttemptOf(group, entries),
        lock: lockOf(toldOf(parts.lock)),
        alarms: firing(toldOf(parts.alarms)),
        rollback: rollbackOf(parts, serves),
    };
    return { ...picture, problems: problemsOf(picture, parts), unknown: unknownOf(parts) };
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

function unknownOf(parts: StatusParts): Status["unknown"] {
    return (Object.keys(partNames) as (keyof StatusParts)[]).flatMap(name => {
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

function firing(alarms: readonly Alarm[] | undefined): readonly string[] {
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
