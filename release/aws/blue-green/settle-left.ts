import type { ColourDocument } from "../../blue-green/document";
import { type ActiveRoll, advanceRoll, canTurnBack } from "../../blue-green/machine";
import { rollUnderWay } from "../../roll-history";
import { DeliveryError } from "../error";
import { readyRelease } from "../ready-release";
import type { ColourSession } from "./colour-session";
import { driveToEnd } from "./drive-to-end";
import { entryOf, findEntry } from "./roll-journal";
import type { ColourRollEnd, ColourRollOptions } from "./roll-options";

/** Whether a roll that was left is what is wanted; `unclear` when that depends on what becomes of it. */
export type Wish = (left: ActiveRoll, document: ColourDocument) => boolean | "unclear";

/**
 * Goes on with what an earlier driver has left, when it is what is wanted; else undoes it, or finishes what cannot be undone.
 * @returns the end when nothing more is to be done: it was wanted, or its way back is blocked
 * @throws DeliveryError needsPerson when it is unclear whether it is wanted
 */
export async function settleLeft(session: ColourSession, isWanted: Wish, options: ColourRollOptions): Promise<ColourRollEnd | undefined> {
    const { stage, colours, signal } = session;
    const { value } = await colours.read(signal);
    const left = rollUnderWay(value);
    if (left === undefined) return undefined;
    const { id, kind, version } = left.roll;
    const name = `roll ${id} of release ${version}, which nobody drives any more,`;
    const wanted = left.phase === "forward" && isWanted(left, value);
    if (wanted === true) {
        options.tell.step(`${name} goes on`);
        return goOn(session, left, options);
    }
    if (wanted === "unclear" && canTurnBack(left)) {
        throw new DeliveryError(
            `${stage.stack} has an unfinished roll, so what would be the release before is unclear: ${name} is on its way to ${left.roll.to}. `
            + `Go back to what served: ./gapless abort ${stage.stack}. Go on with it: ./gapless ${kind === "flip" ? `flip ${stage.stack}` : `roll ${stage.stack} ${version}`}.`,
            "needsPerson",
        );
    }
    options.tell.step(`${name} ${canTurnBack(left) ? "is undone first" : left.phase === "back" ? "goes back first" : "is finished first"}`);
    const end = await undo(session, left, `another release was wanted by ${options.owner.who}`);
    return end.result === "failed" ? end : undefined;
}

/** Drives a roll back, or to its end where it cannot be undone any more. */
export function undo(session: ColourSession, left: ActiveRoll, reason: string): Promise<ColourRollEnd> {
    const turned = canTurnBack(left) ? advanceRoll(left, { type: "stopRequested", reason }) : left;
    return driveToEnd(session, turned as ActiveRoll, {});
}

async function goOn(session: ColourSession, left: ActiveRoll, options: ColourRollOptions): Promise<ColourRollEnd> {
    const { clients: { s3, ecr }, stage, signal } = session;
    const release = await readyRelease(s3, ecr, stage, left.roll.version, signal);
    const entry = await findEntry(s3, stage, left.roll.id, signal) ?? entryOf(stage, left.roll, release, options);
    return driveToEnd(session, left, { release, entry });
}
