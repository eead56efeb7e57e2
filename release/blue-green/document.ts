import { z } from "zod";
import { colour } from "./colour";
import { type ActiveRoll, rollState, stepsOf } from "./machine";

const colourRelease = z.object({
    version: z.string(),
    /** `repository@sha256:…` */
    image: z.string(),
});
export type ColourRelease = Readonly<z.output<typeof colourRelease>>;

/** Checked here, so that nothing else meets a roll that it could neither drive nor describe. */
const activeRoll = rollState.transform((state, context): ActiveRoll => {
    const { id } = state.roll;
    if (state.phase !== "ended" && stepsOf(state)[state.at] !== undefined) return state;
    context.addIssue(state.phase === "ended" ? `roll ${id} has ended, so it is not under way` : `roll ${id} has no step ${state.at} on its way ${state.phase}`);
    return z.NEVER;
});

/** What a stack remembers of its two colours. Which one serves stands elsewhere: in the weights, and in the parameter that follows them. */
export const colourDocument = z.object({
    schemaVersion: z.literal(1),
    /** The roll under way, which somebody drives or has left; null when the last one is over. */
    roll: activeRoll.nullable(),
    /** Why a person wants the roll under way to end. */
    stopRequested: z.string().nullable(),
    /** What was installed on each colour last. */
    blue: colourRelease.nullable(),
    green: colourRelease.nullable(),
    /** The colour that serves no more and waits for a way back; null for none. */
    warm: z.object({ colour, until: z.iso.datetime() }).nullable(),
}).readonly();
export type ColourDocument = z.output<typeof colourDocument>;

export const emptyColourDocument: ColourDocument = { schemaVersion: 1, roll: null, stopRequested: null, blue: null, green: null, warm: null };
