import { randomBytes } from "node:crypto";
import type { Colour } from "../../blue-green/colour";
import type { ColourDocument } from "../../blue-green/document";
import { withColours } from "../../stage";
import { coloursOf } from "../colour-document";
import type { JsonDocument } from "../document";
import { awaitNobodyAtWork } from "../stage-at-work";
import { StageLock, withLock } from "../stage-lock";
import type { ColourClients } from "./clients";
import type { ColouredStage } from "./coloured-stage";
import type { DriveRollOptions } from "./roll-options";
import { readWeights, servingColour } from "./weights";

/** Work on both colours of a stage by whoever holds its lock. */
export interface ColourSession {
    readonly clients: ColourClients;
    readonly stage: ColouredStage;
    readonly colours: JsonDocument<ColourDocument>;
    readonly options: DriveRollOptions;
    /** Aborted when the lock is lost, too. */
    readonly signal: AbortSignal;
}

/** @param command as a person would type it */
export function underLock<T>(
    clients: ColourClients, stage: ColouredStage, command: string, options: DriveRollOptions, work: (session: ColourSession) => Promise<T>,
): Promise<T> {
    const { owner, clock } = options;
    const colours = coloursOf(clients.s3, stage.releaseBucket, clock);
    return withLock(new StageLock(clients.s3, stage.releaseBucket, owner, clock), { ...options, command }, signal => work({ clients, stage, colours, options, signal }));
}

/** The stage as the weights say that it serves: what stands in its parameter may be older. */
export async function stageThatServes({ clients: { loadBalancing }, stage, signal }: ColourSession): Promise<ColouredStage> {
    return served(stage, servingColour(await readWeights(loadBalancing, stage.blueGreen, signal), stage.stack));
}

/** Waits until nobody deploys to either colour by hand, nor replaces its instances. */
export async function awaitBothIdle({ clients, stage, options, signal }: ColourSession): Promise<void> {
    for (const colour of ["blue", "green"] as const) await awaitNobodyAtWork(clients, served(stage, colour), { ...options, signal });
}

export function newRollId(): string {
    return `bg-${randomBytes(4).toString("hex")}`;
}

function served(stage: ColouredStage, active: Colour): ColouredStage {
    const { blueGreen } = stage;
    return { ...withColours(stage, blueGreen, active, blueGreen.sizes), blueGreen: { ...blueGreen, active } };
}
