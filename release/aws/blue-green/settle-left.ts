import { isDeepStrictEqual } from "node:util";
import type { ColourDocument } from "../../blue-green/document";
import { type ActiveRoll, advanceRoll, canTurnBack } from "../../blue-green/machine";
import { rollUnderWay } from "../../roll-history";
import { waysOn } from "../../ways-on";
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
 * @throws DeliveryError needsPerson when it is unclear whether it is wanted, or when it is, with other shares or another watch
 */
export async function settleLeft(session: ColourSession, isWanted: Wish, options: ColourRollOptions): Promise<ColourRollEnd | undefined> {
    const { stage, colours, signal } = session;
    const { value } = await colours.read(signal);
    const left = rollUnderWay(value);
    if (left === undefined) return undefined;
    const { id, version } = left.roll;
    const name = `roll ${id} of release ${version}, which nobody drives any more,`;
    const wanted = left.phase === "forward" && isWanted(left, value);
    if (wanted === true) {
        checkSame(left, stage.stack, options);
        options.tell.step(`${name} goes on`);
        return goOn(session, left, options);
    }
    if (wanted === "unclear" && canTurnBack(left)) {
        throw new DeliveryError(
            `${stage.stack} has an unfinished roll, so what would be the release before is unclear: ${name} is on its way to ${left.roll.to}. `
            + waysOn(left, stage.stack),
            "needsPerson",
        );
    }
    options.tell.step(`${name} ${canTurnBack(left) ? "is undone first" : left.phase === "back" ? "goes back first" : "is finished first"}`);
    const end = await undo(session, left, `another release was wanted by ${options.owner.who}`);
    return end.result === "failed" ? end : undefined;
}

/** A roll goes on as it was begun. Other settings of the stage are for the next; what a person has just typed must not be lost silently. */
function checkSame(left: ActiveRoll, stack: string, { shiftPercents, bakeSeconds }: ColourRollOptions): void {
    const { roll } = left;
    const differs = [
        ...(shiftPercents === undefined || isDeepStrictEqual(shiftPercents, roll.shiftPercents) ? [] : [`shares of ${roll.shiftPercents.join(", ")} %, and you ask for ${shiftPercents.join(", ")} %`]),
        ...(bakeSeconds === undefined || bakeSeconds === roll.bakeSeconds ? [] : [`a watch of ${roll.bakeSeconds} s after each share, and you ask for ${bakeSeconds} s`]),
    ];
    if (differs.length === 0) return;
    throw new DeliveryError(
        `${stack} has an unfinished roll ${roll.id} of release ${roll.version}, which would go on as it was begun: with ${differs.join("; with ")}. ${waysOn(left, stack)}`, "needsPerson",
    );
}

/** Drives a roll back, or to its end where it cannot be undone any more. */
export function undo(session: ColourSession, left: ActiveRoll, reason: string): Promise<ColourRollEnd> {
    const turned = canTurnBack(left) ? advanceRoll(left, { type: "stopRequested", reason }) : left;
    return driveToEnd(session, turned, {});
}

async function goOn(session: ColourSession, left: ActiveRoll, options: ColourRollOptions): Promise<ColourRollEnd> {
    const { clients: { s3, ecr }, stage, signal } = session;
    const release = await readyRelease(s3, ecr, stage, left.roll.version, signal);
    const entry = await findEntry(s3, stage, left.roll.id, signal) ?? entryOf(stage, left.roll, release, options);
    return driveToEnd(session, left, { release, entry });
}
