import {
    BatchGetDeploymentTargetsCommand, type CodeDeployClient, type InstanceTarget, type LifecycleEvent, ListDeploymentTargetsCommand,
} from "@aws-sdk/client-codedeploy";
import { type EventState, isTargetEnded, type TargetState } from "../deployment-progress";
import { batchesOf } from "./deployment-infos";

const callsAtOnce = 4;

/** The instances of a deployment; those that have ended are not asked for again. */
export class DeploymentTargets {
    private known: ReadonlyMap<string, TargetState> = new Map();
    /** Calls that the last look took. */
    calls = 0;

    constructor(private readonly codeDeploy: CodeDeployClient, private readonly deploymentId: string) {}

    get seen(): readonly TargetState[] {
        return [...this.known.values()];
    }

    /** Looks at all instances once more. */
    async look(signal: AbortSignal): Promise<readonly TargetState[]> {
        this.calls = 0;
        const ids = await this.list(signal);
        const open = ids.filter(id => { const target = this.known.get(id); return !target || !isTargetEnded(target); });
        const news = new Map((await this.get(open, signal)).map(target => [target.instanceId, target]));
        this.known = new Map(ids.flatMap(id => {
            const target = news.get(id) ?? this.known.get(id);
            return target ? [[id, target]] : [];
        }));
        return this.seen;
    }

    private async list(signal: AbortSignal): Promise<readonly string[]> {
        const ids = new Set<string>();
        let nextToken: string | undefined;
        do {
            this.calls += 1;
            const page = await this.codeDeploy.send(
                new ListDeploymentTargetsCommand({ deploymentId: this.deploymentId, ...(nextToken && { nextToken }) }), { abortSignal: signal },
            ).catch(emptyBeforeStart);
            for (const id of page.targetIds ?? []) ids.add(id);
            nextToken = page.nextToken;
        } while (nextToken);
        return [...ids];
    }

    private async get(ids: readonly string[], signal: AbortSignal): Promise<readonly TargetState[]> {
        const batches = batchesOf(ids);
        const found: TargetState[] = [];
        const takeNext = async (): Promise<void> => {
            for (let batch = batches.shift(); batch; batch = batches.shift()) found.push(...await this.getBatch(batch, signal));
        };
        await Promise.all(Array.from({ length: callsAtOnce }, takeNext));
        return found;
    }

    private async getBatch(ids: readonly string[], signal: AbortSignal): Promise<readonly TargetState[]> {
        this.calls += 1;
        try {
            const { deploymentTargets = [] } = await this.codeDeploy.send(
                new BatchGetDeploymentTargetsCommand({ deploymentId: this.deploymentId, targetIds: [...ids] }), { abortSignal: signal },
            );
            return deploymentTargets.flatMap(({ instanceTarget }) => (instanceTarget ? [targetState(instanceTarget)] : []));
        } catch (error) {
            if (!isVanished(error)) throw error;
            // One of them has vanished since the list was made, and CodeDeploy does not say which.
            return ids.length === 1 ? [] : this.halves(ids, signal);
        }
    }

    private async halves(ids: readonly string[], signal: AbortSignal): Promise<readonly TargetState[]> {
        const middle = Math.ceil(ids.length / 2);
        return [...await this.getBatch(ids.slice(0, middle), signal), ...await this.getBatch(ids.slice(middle), signal)];
    }
}

function emptyBeforeStart(error: unknown): { readonly targetIds?: string[]; readonly nextToken?: string } {
    if (error instanceof Error && error.name === "DeploymentNotStartedException") return {};
    throw error;
}

function isVanished(error: unknown): boolean {
    return error instanceof Error && ["DeploymentTargetDoesNotExistException", "InstanceDoesNotExistException"].includes(error.name);
}

function targetState({ targetId = "", status = "Unknown", lifecycleEvents = [] }: InstanceTarget): TargetState {
    return { instanceId: targetId, status, events: lifecycleEvents.map(eventState) };
}

function eventState({ lifecycleEventName: name = "", status = "Unknown", startTime, endTime, diagnostics }: LifecycleEvent): EventState {
    return {
        name, status, startedAt: startTime, endedAt: endTime, script: diagnostics?.scriptName,
        errorCode: diagnostics?.errorCode, message: diagnostics?.message, logTail: diagnostics?.logTail,
    };
}
