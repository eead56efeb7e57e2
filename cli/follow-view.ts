import type { FollowTell } from "../release/aws/follow-deployment";
import { currentEvent, endedOf, isTargetEnded, type Progress, secondsBetween, type TargetState } from "../release/deployment-progress";
import type { Teller } from "./teller";

/** Instances that a picture has room for. */
const mostRows = 12;

/** Tells a deployment: as a picture that moves on a terminal, as a line for each change elsewhere. */
export function followView(tell: Teller): FollowTell {
    const { live } = tell;
    return {
        step: text => { tell.step(text); },
        warn: text => { tell.warn(text); },
        ...(live && { progress: progress => { live(progress ? drawProgress(progress) : []); } }),
    };
}

/** How far a deployment is: a line about the whole, and one for each instance as far as there is room. */
export function drawProgress({ deploymentId, status, since, now, wave, targets }: Progress): readonly string[] {
    const title = [
        `deployment ${deploymentId}`, status, ...(wave > 0 ? [`wave ${wave}`] : []),
        `${endedOf(targets)} of ${targets.length} instances done`, `${secondsBetween(since, now) ?? 0} s`,
    ];
    // What a person looks for comes first; instances of a kind stay in their order.
    const sorted = [...targets].sort((a, b) => rank(a) - rank(b));
    const shown = targets.length <= mostRows ? targets : sorted.slice(0, mostRows);
    const hidden = targets.length - shown.length;
    return [title.join("   "), ...shown.map(target => drawTarget(target, now)), ...(hidden > 0 ? [`  … and ${hidden} more`] : [])];
}

function rank({ status }: TargetState): number {
    const ranks = ["Failed", "InProgress", "Pending"];
    return ranks.includes(status) ? ranks.indexOf(status) : ranks.length;
}

function drawTarget(target: TargetState, now: Date): string {
    const { instanceId, status } = target;
    const event = currentEvent(target);
    if (status === "Failed") return `  ${instanceId}  FAILED ${event?.name ?? ""}`.trimEnd();
    if (isTargetEnded(target)) return `  ${instanceId}  ${status === "Succeeded" ? "serves" : "left out"}`;
    if (event === undefined) return `  ${instanceId}  waits`;
    return `  ${instanceId}  ${event.name} ${secondsBetween(event.startedAt, now) ?? 0} s`;
}
