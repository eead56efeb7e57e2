import { z } from "zod";
import { colour } from "./colour";
import { rollState } from "./machine";

const colourRelease = z.object({
    version: z.string(),
    /** `repository@sha256:…` */
    image: z.string(),
});
export type ColourRelease = Readonly<z.output<typeof colourRelease>>;

/** What a stack remembers of its two colours. Which one serves stands elsewhere: in the weights, and in the parameter that follows them. */
export const colourDocument = z.object({
    schemaVersion: z.literal(1),
    /** The roll under way, which somebody drives or has left; null when the last one is over. */
    roll: rollState.nullable(),
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
