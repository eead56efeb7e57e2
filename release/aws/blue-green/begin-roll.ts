import { otherColour } from "../../blue-green/colour";
import { beginRoll } from "../../blue-green/machine";
import type { Roll } from "../../blue-green/roll";
import type { BlueGreen } from "../../stage";
import { readyRelease } from "../ready-release";
import { writeDown } from "../write-down";
import { type ColourSession, newRollId } from "./colour-session";
import { driveToEnd } from "./drive-to-end";
import { entryOf } from "./roll-journal";
import type { ColourRollEnd, ColourRollOptions } from "./roll-options";
import { rememberServing } from "./serving-release";
import type { WarmColour } from "./warm-colour";

/** How a roll to a warm colour hurries. */
export interface FlipHaste {
    /** Whether what serves is bad: then nothing is waited for, and nothing is watched. */
    readonly urgent: boolean;
}

/**
 * Begins a roll to the colour that does not serve, and drives it to its end.
 * @param warm by which no release need be deployed
 * @throws the reason of `stop` where that was wished before: nothing is begun then
 */
export async function rollTo(
    session: ColourSession, version: string, warm: (WarmColour & FlipHaste) | undefined, options: ColourRollOptions,
): Promise<ColourRollEnd> {
    // A wish that was heard while an earlier roll was finished.
    options.stop?.throwIfAborted();
    const { clients: { s3, ecr }, stage, signal } = session;
    const release = await readyRelease(s3, ecr, stage, version, signal);
    const roll = newRoll(session, version, warm, options);
    const start = beginRoll(roll);
    const entry = entryOf(stage, roll, release, options);
    await rememberServing(session);
    options.tell.step(`roll ${roll.id} of release ${version} from ${roll.from} to ${roll.to}`);
    await writeDown(s3, stage, entry, options);
    return driveToEnd(session, start, { release, entry });
}

function newRoll({ stage: { blueGreen } }: ColourSession, version: string, warm: (WarmColour & FlipHaste) | undefined, options: ColourRollOptions): Roll {
    const { active: from, sizes } = blueGreen;
    return {
        id: newRollId(), kind: warm ? "flip" : "deploy", version, from, to: otherColour(from), ...paceOf(blueGreen, warm, options),
        minSize: sizes.minSize, begun: options.clock.now().toISOString(), ...(warm && { warmUntil: warm.until }), ...(warm?.urgent === true && { urgent: true }),
    };
}

function paceOf(usual: BlueGreen, warm: FlipHaste | undefined, options: ColourRollOptions): Pick<Roll, "shiftPercents" | "bakeSeconds" | "warmSeconds"> {
    const { shiftPercents = warm ? [100] : usual.shiftPercents, bakeSeconds = warm?.urgent === true ? 0 : usual.bakeSeconds, warmSeconds = usual.warmSeconds } = options;
    return { shiftPercents, bakeSeconds, warmSeconds };
}
