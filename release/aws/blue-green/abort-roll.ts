import { canTurnBack } from "../../blue-green/machine";
import { describeHolder } from "../../lock";
import { rollUnderWay } from "../../roll-history";
import type { Stage } from "../../stage";
import { coloursOf } from "../colour-document";
import { DeliveryError } from "../error";
import { readLock, StageLock } from "../stage-lock";
import type { ColourClients } from "./clients";
import { type ColourSession, underLock } from "./colour-session";
import { type ColouredStage, colouredStage } from "./coloured-stage";
import { type ArmedEnd, endIdle, findEndless } from "./end-idle";
import { endedRoll, followRoll } from "./follow-roll";
import type { ColourRollEnd, DriveRollOptions } from "./roll-options";
import { undo } from "./settle-left";

export interface AbortOptions extends DriveRollOptions {
    /** Why, for the journal. @default the owner's name says who */
    readonly reason?: string;
}

/**
 * Ends the roll under way: asks whoever drives it to go back and follows that, or drives the way back itself where nobody does any more.
 * A roll past its commit is not undone: what is left of it is carried out, and it ends as succeeded.
 * Where none is under way, it gives an end to instances that nobody ends: of a roll that could not do so itself.
 * @returns undefined when there is nothing to stop
 */
export async function abortRoll(clients: ColourClients, stage: Stage, options: AbortOptions): Promise<ColourRollEnd | ArmedEnd | undefined> {
    const coloured = colouredStage(stage);
    const reason = options.reason ?? `stopped by ${options.owner.who}`;
    const locked = <T>(work: (session: ColourSession) => Promise<T>): Promise<T> => underLock(clients, coloured, "abort", options, work);
    const { holder, standing } = await readLock(new StageLock(clients.s3, stage.releaseBucket, options.owner, options.clock), options.signal);
    const id = await wishEnd(clients, coloured, reason, options);
    if (id === undefined) return await findEndless(clients, coloured.blueGreen, options.signal) ? locked(endIdle) : undefined;
    if (holder !== null && standing === "held") {
        options.tell.step(`asked to stop: ${describeHolder(holder)}`);
        try {
            return await followRoll(clients.s3, stage, id, options);
        } catch (error) {
            // Whoever was asked has died meanwhile.
            if (!(error instanceof DeliveryError && error.kind === "needsPerson")) throw error;
            options.tell.warn(error.message);
        }
    }
    return locked(async session => {
        const left = rollUnderWay((await session.colours.read(session.signal)).value);
        // Its driver may have come to its end before anybody asked it.
        return left?.roll.id === id ? undo(session, left, reason) : endedRoll(clients.s3, stage, id, session.signal);
    });
}

/** Writes down that the roll under way shall end, for whoever drives it. Returns its name; undefined when there is none. */
async function wishEnd({ s3 }: ColourClients, { releaseBucket }: ColouredStage, reason: string, { clock, signal, tell }: AbortOptions): Promise<string | undefined> {
    let id: string | undefined;
    await coloursOf(s3, releaseBucket, clock).change(document => {
        const roll = rollUnderWay(document);
        id = roll?.roll.id;
        if (roll === undefined) return document;
        if (!canTurnBack(roll)) {
            tell.step(roll.phase === "back" ? `roll ${roll.roll.id} goes back already` : `roll ${roll.roll.id} is past its commit: ${roll.roll.to} serves, and what is left of it is done`);
            return document;
        }
        return { ...document, stopRequested: reason };
    }, signal);
    return id;
}
