import type { LifecycleEvent } from "../../release/lifecycle";
import type { FaultOutcome } from "./fault";
import type { FaultStage } from "./fault-stage";

/** Why a release must go back: one that goes back for another reason proves nothing. */
export interface Reason {
    /** The lifecycle event that failed. @default none must have */
    readonly event?: LifecycleEvent;
    /** What was said of it. @default anything */
    readonly says?: string;
}

/** Deploys a release that must go back without anybody having seen it. */
export async function goesBack(stage: FaultStage, version: string, reason: Reason): Promise<FaultOutcome> {
    const deployed = await stage.deploy(version);
    return {
        happened: deployed.told,
        broken: [
            ...await deployed.problems(["rolledBack"]),
            ...(isTold(reason, deployed.told) ? [] : [`it ${deployed.told}; wanted: ${describe(reason)}`]),
        ],
        unseen: version,
    };
}

function isTold({ event, says = "" }: Reason, told: string): boolean {
    if (event === undefined) return !told.includes(" failed on ") && told.includes(says);
    const at = told.indexOf(`${event} failed on `);
    return at !== -1 && told.includes(says, at);
}

function describe({ event, says }: Reason): string {
    const name = event ?? "no lifecycle event";
    return says === undefined ? name : `${name} with "${says}"`;
}
