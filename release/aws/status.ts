import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CodeDeployClient } from "@aws-sdk/client-codedeploy";
import { CodePipelineClient } from "@aws-sdk/client-codepipeline";
import { ECRClient } from "@aws-sdk/client-ecr";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { S3Client } from "@aws-sdk/client-s3";
import { systemClock } from "../clock";
import { parseEcr } from "../ecr-repository";
import { settle, type SettledEntry, type ToldDeployment } from "../history";
import type { Journal } from "../journal";
import type { Owner } from "../lock";
import { readStatus } from "../read-status";
import { isRollId, settleRolls } from "../roll-history";
import type { Stage } from "../stage";
import { type Group, type Status, type StatusParts, type Told, toldOf } from "../status";
import type { Access } from "./access";
import { readColourParts } from "./colour-parts";
import { readDeploymentsByName } from "./history";
import { refusalOf } from "./refusal";
import { StageJournal } from "./stage-journal";
import { readLock, StageLock } from "./stage-lock";
import { readAlarms, readFleet, readGroup, readImages, readPipeline, readStore, readTargets } from "./status-parts";

export interface StatusClients {
    readonly codeDeploy: CodeDeployClient;
    readonly codePipeline: CodePipelineClient;
    readonly s3: S3Client;
    /** For the region of the repository. */
    readonly ecr: ECRClient;
    readonly loadBalancing: ElasticLoadBalancingV2Client;
    readonly autoScaling: AutoScalingClient;
    readonly cloudWatch: CloudWatchClient;
}

export function makeStatusClients(access: Access, { repository }: Stage): StatusClients {
    return {
        codeDeploy: new CodeDeployClient(access), codePipeline: new CodePipelineClient(access), s3: new S3Client(access),
        ecr: new ECRClient({ ...access, region: parseEcr(repository)?.region ?? access.region }),
        loadBalancing: new ElasticLoadBalancingV2Client(access), autoScaling: new AutoScalingClient(access), cloudWatch: new CloudWatchClient(access),
    };
}

/**
 * Asks for everything at once, so it takes one round trip; what has more than a page (1,000 releases or images) takes one more a page, and what a killed
 * command left open another one, or two where CodeDeploy rolled back. What AWS refuses is told as unknown, with the reason.
 */
export async function gatherStatus(clients: StatusClients, stage: Stage, owner: Owner, now: Date, signal: AbortSignal): Promise<Status> {
    const { codeDeploy, codePipeline, s3, ecr, cloudWatch } = clients;
    const told = <T>(part: Promise<T>) => orRefused(part, signal);
    const [served, journal, lock, pipeline, images, store, alarms] = await Promise.all([
        readServed(clients, stage, told, signal),
        told(new StageJournal(s3, stage.releaseBucket).read(signal)),
        told(readLock(new StageLock(s3, stage.releaseBucket, owner, { ...systemClock, now: () => now }), signal)),
        told(readPipeline(codePipeline, stage, signal)),
        told(readImages(ecr, stage, signal)),
        told(readStore(s3, stage, signal)),
        told(readAlarms(cloudWatch, alarmsOf(stage), signal)),
    ]);
    const { group, colours } = served;
    const byDeployment = await settled(journal, toldOf(group), names => told(readDeploymentsByName(codeDeploy, stage, names, signal)));
    const entries = "told" in byDeployment && colours && "told" in colours.document ? { told: settleRolls(byDeployment.told, colours.document.told) } : byDeployment;
    return readStatus(stage, { ...served, entries, lock, pipeline, images, store, alarms }, now);
}

type Keep = <T>(part: Promise<T>) => Promise<Told<T>>;

async function readServed(clients: StatusClients, stage: Stage, told: Keep, signal: AbortSignal): Promise<Pick<StatusParts, "group" | "targets" | "fleet" | "colours">> {
    if (stage.blueGreen) return readColourParts(clients, stage, stage.blueGreen, told, signal);
    const [group, targets, fleet] = await Promise.all([
        told(readGroup(clients.codeDeploy, stage, signal)), told(readTargets(clients.loadBalancing, stage, signal)), told(readFleet(clients.autoScaling, stage, signal)),
    ]);
    return { group, targets, fleet };
}

/** Of both colours: which one serves is asked at the same time. */
function alarmsOf({ alarms, blueGreen }: Stage): readonly string[] {
    return blueGreen ? [...blueGreen.blue.alarms, ...blueGreen.green.alarms] : alarms;
}

async function orRefused<T>(part: Promise<T>, signal: AbortSignal): Promise<Told<T>> {
    try {
        return { told: await part };
    } catch (error) {
        if (signal.aborted || !(error instanceof Error)) throw error;
        return { refused: refusalOf(error) ?? error.message };
    }
}

/**
 * By what the group says of its last two deployments, of those that the journal names: what others are, it does not say. What else
 * the journal leaves open, as a killed command does, CodeDeploy is asked for once more: that something later has begun does not say
 * how it ended, and a rollback goes by that.
 */
async function settled(
    journal: Told<Journal>, group: Group | undefined, ask: (names: readonly string[]) => Promise<Told<readonly ToldDeployment[]>>,
): Promise<Told<readonly SettledEntry[]>> {
    if (!("told" in journal)) return journal;
    const { entries } = journal.told;
    const named = new Set(entries.flatMap(({ deploymentId, rollbackDeploymentId }) => [deploymentId, rollbackDeploymentId]));
    const known = [group?.lastAttempt, group?.lastSuccess].flatMap((one): readonly ToldDeployment[] =>
        one && named.has(one.deploymentId)
            ? [{ deploymentId: one.deploymentId, status: one.status, creator: "user", createdAt: one.begunAt ?? "", endedAt: one.at }] : []);
    const open = entries.filter(({ result, deploymentId }) => result === "inProgress" && !isRollId(deploymentId) && known.every(one => one.deploymentId !== deploymentId));
    const more = open.length === 0 ? [] : toldOf(await ask(open.map(({ deploymentId }) => deploymentId))) ?? [];
    return { told: settle(entries, [...known, ...more]) };
}
