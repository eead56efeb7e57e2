import { type CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { type CodeDeployClient, GetDeploymentCommand, type RollbackInfo } from "@aws-sdk/client-codedeploy";
import { DescribeTargetHealthCommand, type ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { S3Client } from "@aws-sdk/client-s3";
import type { SSMClient } from "@aws-sdk/client-ssm";
import { colours } from "../blue-green/colour";
import type { Clock } from "../clock";
import type { DeploymentEnd, FailedInstance, RollEnd } from "../deployment-end";
import type { ContainerLog, Failure, TargetHealth } from "../failure-page";
import { versionIn } from "../release-metadata";
import type { BlueGreen, Stage } from "../stage";
import { type ColourWeights, readWeights } from "./blue-green/weights";
import { containerLog } from "./container-logs";
import { type History, readHistory, versionOfRevision } from "./history";
import { refusalOf } from "./refusal";

export interface FailureClients {
    readonly codeDeploy: CodeDeployClient;
    readonly s3: S3Client;
    readonly loadBalancing: ElasticLoadBalancingV2Client;
    readonly cloudWatch: CloudWatchClient;
    readonly ssm: SSMClient;
}

export interface GatherOptions {
    readonly clock: Clock;
    readonly signal: AbortSignal;
}

/** A deployment that did not succeed. */
export type BadEnd = DeploymentEnd & { readonly result: Failure["result"] };

// A page is read; what has failed on three instances is enough to see what they have in common.
const mostInstances = 3;

/** Gathers what AWS knows about a failed deployment. What it does not tell is named among what is missing, and hides nothing else. */
export async function gatherFailure(clients: FailureClients, stage: Stage, end: BadEnd, { clock, signal }: GatherOptions): Promise<Failure> {
    const { deploymentId, failedInstances, roll } = end;
    const shown = failedInstances.slice(0, mostInstances);
    // A roll's way back takes the instances away, so nobody can be asked about them.
    const ids = roll ? [] : shown.map(({ instanceId }) => instanceId);
    const codeDeployId = roll ? roll.codeDeployId : deploymentId;
    const missing: string[] = [];
    const [about, past, alarms, weights, health, containers] = await Promise.all([
        codeDeployId === undefined ? undefined : known("why it failed", missing, () => aboutDeployment(clients.codeDeploy, stage, codeDeployId)),
        known("what serves now", missing, () => readHistory(clients.codeDeploy, clients.s3, stage, { signal })),
        known("alarms", missing, () => firingAlarms(clients.cloudWatch, alarmsOf(stage, roll))),
        roll && stage.blueGreen && known("which colour gets the requests", missing, weightsOf(clients, stage.blueGreen, signal)),
        known("how the load balancer sees it", missing, () => targetHealth(clients.loadBalancing, stage, ids)),
        containersOf(clients.ssm, ids, missing, { clock, signal }),
    ]);
    signal.throwIfAborted();
    return {
        ...endOf(end),
        ...whyOf(about, end),
        instances: shown.map(instance => explained(instance, health, containers)),
        otherInstances: failedInstances.slice(mostInstances).map(({ instanceId }) => instanceId),
        alarms: alarms ?? [],
        ...(past && servingIn(past, deploymentId)),
        ...requestsIn(weights, past, about?.version, roll),
        missing: [...new Set(missing)].sort(),
    };
}

function endOf({ deploymentId, result, rollbackDeploymentId, rollbackResult, roll }: BadEnd): Pick<Failure, "deploymentId" | "result" | "rollbackDeploymentId" | "rollbackResult" | "roll"> {
    return {
        deploymentId, result, ...(rollbackDeploymentId !== undefined && { rollbackDeploymentId }), ...(rollbackResult !== undefined && { rollbackResult }), ...(roll && { roll }),
    };
}

/** What CodeDeploy says; of a roll, which has more reasons to fail than its deployment, what was written down. */
function whyOf(about: Pick<Failure, "version" | "errorCode" | "message"> | undefined, { reason, roll }: BadEnd): Pick<Failure, "version" | "errorCode" | "message"> {
    return { ...about, ...((about === undefined || roll) && reason !== undefined && { message: reason }) };
}

function explained(instance: FailedInstance, health: ReadonlyMap<string, TargetHealth> | undefined, containers: ReadonlyMap<string, ContainerLog> | undefined): Failure["instances"][number] {
    const [seen, container] = [health?.get(instance.instanceId), containers?.get(instance.instanceId)];
    return { ...instance, ...(seen && { health: seen }), ...(container && { container }) };
}

/** Each by itself: of an instance that is gone nothing is heard, of the others all. */
async function containersOf(ssm: SSMClient, ids: readonly string[], missing: string[], { clock, signal }: GatherOptions): Promise<ReadonlyMap<string, ContainerLog>> {
    const logs = await Promise.all(ids.map(async id => [id, await known("the container's log", missing, () => containerLog(ssm, id, clock, signal))] as const));
    return new Map(logs.flatMap(([id, log]) => (log ? [[id, log] as const] : [])));
}

/** What a source tells; undefined, and a word among what is missing, when it does not. */
async function known<Facts>(what: string, missing: string[], ask: () => Promise<Facts>): Promise<Facts | undefined> {
    try {
        return await ask();
    } catch (error) {
        missing.push(`${what}: ${error instanceof Error ? refusalOf(error) ?? error.message : String(error)}`);
        return undefined;
    }
}

async function aboutDeployment(codeDeploy: CodeDeployClient, stage: Stage, deploymentId: string): Promise<Pick<Failure, "version" | "errorCode" | "message">> {
    const { deploymentInfo: { revision, description, errorInformation, rollbackInfo } = {} } = await codeDeploy.send(new GetDeploymentCommand({ deploymentId }));
    const version = versionOfRevision(revision, stage.releaseBucket) ?? versionIn(description);
    const { code, message: why } = errorInformation ?? {};
    const message = withRefusal(why, rollbackInfo);
    return { ...(version !== undefined && { version }), ...(code !== undefined && { errorCode: code }), ...(message !== undefined && { message }) };
}

/** Why it failed, and why nothing was rolled back where CodeDeploy says so. */
function withRefusal(why: string | undefined, { rollbackDeploymentId, rollbackMessage }: RollbackInfo = {}): string | undefined {
    if (rollbackDeploymentId !== undefined || !rollbackMessage) return why;
    return [why, `not rolled back: ${rollbackMessage}`].filter(Boolean).join("; ");
}

/** What serves, and what had begun the deployment. */
function servingIn({ running, entries }: History, deploymentId: string): Pick<Failure, "serving" | "by"> {
    const by = entries.find(entry => entry.deploymentId === deploymentId)?.by;
    const serving = running ? { deploymentId: running.deploymentId, ...(running.version !== undefined && { version: running.version }) } : null;
    return { serving, ...(by !== undefined && { by }) };
}

function weightsOf({ loadBalancing }: FailureClients, blueGreen: BlueGreen, signal: AbortSignal): () => Promise<ColourWeights> {
    return () => readWeights(loadBalancing, blueGreen, signal);
}

/** Colours that get requests. While a roll goes back, nothing but its own name says what is on the colour that it led to. */
function requestsIn(weights: ColourWeights | undefined, past: History | undefined, version: string | undefined, roll: RollEnd | undefined): Pick<Failure, "requests"> {
    if (weights === undefined) return {};
    const requests = colours.filter(colour => weights[colour] > 0).map(colour => {
        const on = colour === roll?.to ? version : past?.colours?.[colour]?.version;
        return { colour, percent: weights[colour], ...(on !== undefined && { version: on }) };
    });
    return { requests };
}

/** A roll fails by those of the colour that it led to. */
function alarmsOf({ alarms, blueGreen }: Stage, roll: RollEnd | undefined): readonly string[] {
    return blueGreen && roll ? blueGreen[roll.to].alarms : alarms;
}

async function firingAlarms(cloudWatch: CloudWatchClient, alarms: readonly string[]): Promise<readonly string[]> {
    // Without names it would be all of the account.
    if (alarms.length === 0) return [];
    const { MetricAlarms = [], CompositeAlarms = [] } = await cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames: [...alarms], StateValue: "ALARM" }));
    return [...MetricAlarms, ...CompositeAlarms].flatMap(({ AlarmName, StateValue }) => (AlarmName !== undefined && StateValue === "ALARM" ? [AlarmName] : []));
}

async function targetHealth(loadBalancing: ElasticLoadBalancingV2Client, { targetGroupArn }: Stage, ids: readonly string[]): Promise<ReadonlyMap<string, TargetHealth>> {
    if (ids.length === 0) return new Map();
    const { TargetHealthDescriptions = [] } = await loadBalancing.send(new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn, Targets: ids.map(Id => ({ Id })) }));
    return new Map(TargetHealthDescriptions.flatMap(({ Target, TargetHealth: { State, Reason, Description } = {} }) => {
        if (Target?.Id === undefined || State === undefined) return [];
        return [[Target.Id, { state: State, ...(Reason !== undefined && { reason: Reason }), ...(Description !== undefined && { description: Description }) }] as const];
    }));
}
