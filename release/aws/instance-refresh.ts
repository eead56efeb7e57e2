import {
    type AutoScalingClient, DescribeInstanceRefreshesCommand, type InstanceRefresh, InstanceRefreshInProgressFault,
    paginateDescribeScalingActivities, StartInstanceRefreshCommand,
} from "@aws-sdk/client-auto-scaling";
import type { Clock } from "../clock";
import { describeRefresh, healthyPercent, type RefreshPlan, type RefreshResult, type RefreshState, resultOf } from "../instance-refresh";
import { DeliveryError } from "./error";
import { Poll } from "./poll";

export interface RefreshEnd {
    readonly id: string;
    readonly result: RefreshResult;
    readonly reason?: string;
}

export interface RefreshSurroundings {
    readonly clock: Clock;
    /** Ends the watching, not the refresh. */
    readonly signal: AbortSignal;
    readonly tell: { step(text: string): void; warn(text: string): void };
}

export interface RefreshOrder {
    readonly group: string;
    readonly plan: Exclude<RefreshPlan, { readonly replace: "none" }>;
    readonly warmupSeconds: number;
    /** Alarms that end the refresh when they fire, as they end a deployment. */
    readonly alarms: readonly string[];
}

/** The refresh of a group that goes on; undefined when none does. A group has one at a time. */
export async function runningRefresh(autoScaling: AutoScalingClient, group: string, abortSignal?: AbortSignal): Promise<RefreshState | undefined> {
    // The newest come first.
    const question = new DescribeInstanceRefreshesCommand({ AutoScalingGroupName: group, MaxRecords: 1 });
    const { InstanceRefreshes: [newest] = [] } = await autoScaling.send(question, abortSignal && { abortSignal });
    const state = newest && stateOf(newest);
    return state && resultOf(state) === undefined ? state : undefined;
}

/**
 * Has Auto Scaling replace a group's instances; the refresh's id, also of one that somebody else has just begun.
 * Without going back by itself: AWS does so only to a template that names its image, for which ours leave it to the launch.
 */
export async function startRefresh(autoScaling: AutoScalingClient, { group, plan, warmupSeconds, alarms }: RefreshOrder): Promise<string> {
    try {
        const { InstanceRefreshId } = await autoScaling.send(new StartInstanceRefreshCommand({
            AutoScalingGroupName: group,
            Strategy: "Rolling",
            Preferences: {
                MinHealthyPercentage: healthyPercent.least,
                MaxHealthyPercentage: healthyPercent.most,
                InstanceWarmup: warmupSeconds,
                SkipMatching: plan.replace === "outdated",
                ...(alarms.length > 0 && { AlarmSpecification: { Alarms: [...alarms] } }),
            },
        }));
        return InstanceRefreshId ?? "";
    } catch (error) {
        if (!(error instanceof InstanceRefreshInProgressFault)) throw error;
        const running = await runningRefresh(autoScaling, group);
        if (running === undefined) throw error;
        return running.id;
    }
}

/**
 * Watches a refresh until its end.
 * @throws DeliveryError when AWS cannot be asked any more; the signal's reason when it is aborted. The refresh goes on in both cases.
 */
export async function followRefresh(autoScaling: AutoScalingClient, group: string, id: string, { clock, signal, tell }: RefreshSurroundings): Promise<RefreshEnd> {
    const goesOn = `The instance refresh ${id} goes on. The same command watches it again; `
        + `aws autoscaling cancel-instance-refresh --auto-scaling-group-name ${group} stops it.`;
    const poll = new Poll({ clock, signal, warn: text => { tell.warn(text); }, goesOn });
    let told = "";
    for (;;) {
        const state = await poll.ask(abortSignal => stateOfRefresh(autoScaling, group, id, abortSignal));
        const result = resultOf(state);
        if (result !== undefined) return endOf(autoScaling, group, id, result, state.reason);
        const line = describeRefresh(state);
        const changed = line !== told;
        if (changed) tell.step(told = line);
        await poll.rest(changed);
    }
}

async function stateOfRefresh(autoScaling: AutoScalingClient, group: string, id: string, abortSignal: AbortSignal): Promise<RefreshState> {
    const { InstanceRefreshes: [refresh] = [] } = await autoScaling.send(
        new DescribeInstanceRefreshesCommand({ AutoScalingGroupName: group, InstanceRefreshIds: [id] }), { abortSignal },
    );
    if (!refresh) throw new DeliveryError(`Auto Scaling no longer knows the instance refresh ${id} of ${group}.`);
    return stateOf(refresh);
}

function stateOf({ InstanceRefreshId = "", Status = "Pending", StatusReason, PercentageComplete = 0, InstancesToUpdate }: InstanceRefresh): RefreshState {
    return {
        id: InstanceRefreshId, status: Status, percentage: PercentageComplete,
        ...(StatusReason !== undefined && StatusReason !== "" && { reason: StatusReason }),
        ...(InstancesToUpdate !== undefined && { toUpdate: InstancesToUpdate }),
    };
}

async function endOf(autoScaling: AutoScalingClient, group: string, id: string, result: RefreshResult, reason: string | undefined): Promise<RefreshEnd> {
    if (result === "succeeded") return { id, result };
    const failure = await lastFailedActivity(autoScaling, group).catch(() => undefined);
    const words = [reason, failure !== undefined && `The group's last failed activity: ${failure}`].filter(text => typeof text === "string").join(" ");
    return { id, result, ...(words !== "" && { reason: words }) };
}

/** Of an instance that did not come, the refresh itself says little; the group's activities say why. */
async function lastFailedActivity(autoScaling: AutoScalingClient, group: string): Promise<string | undefined> {
    for await (const { Activities = [] } of paginateDescribeScalingActivities({ client: autoScaling, pageSize: 20 }, { AutoScalingGroupName: group })) {
        const failed = Activities.find(({ StatusCode }) => StatusCode === "Failed" || StatusCode === "Cancelled");
        return failed && [failed.Description, failed.StatusMessage].filter(Boolean).join(": ");
    }
    return undefined;
}
