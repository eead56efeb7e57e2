import { z } from "zod";
import { ReleaseError } from "../error";
import { colour } from "./colour";

/** One change of the colour that serves: a release on its way to the idle colour and then to the clients, or the way back to a warm one. */
export const roll = z.object({
    /** Tells it from any other of the stack, such as `bg-1f3a9c04`. */
    id: z.string(),
    /** `deploy` fills the idle colour first; `flip` takes it as it stands, still warm. */
    kind: z.enum(["deploy", "flip"]),
    /** Release that `to` serves in the end. */
    version: z.string(),
    /** Colour that serves until then. */
    from: colour,
    to: colour,
    /** Percent of the requests that go to `to`, one share after the other; the last is 100. */
    shiftPercents: z.array(z.number().int()).readonly(),
    /** Seconds for which alarms and targets are watched after each shift; 0 for not at all. */
    bakeSeconds: z.number().int().min(0),
    /** Seconds for which `from` is kept as it is when it serves no more. */
    warmSeconds: z.number().int().min(0),
    /** Fewest instances of a colour that serves. */
    minSize: z.number().int().min(1),
    /** When it began, as ISO 8601 says it. */
    begun: z.iso.datetime(),
    /** Whether what serves is bad and is gone back from: then no time is lost on making `to` larger than it was when it served. */
    urgent: z.boolean().optional(),
    /** Flip: when `to` would have been given up. */
    warmUntil: z.iso.datetime().optional(),
});
export type Roll = Readonly<z.output<typeof roll>>;

/** What is wrong with shares of requests, as the end of a sentence that begins with their name; undefined for nothing. */
export function shiftProblem(percents: readonly number[]): string | undefined {
    const grows = percents.every((percent, index) => Number.isInteger(percent) && percent > (percents[index - 1] ?? 0));
    return grows && percents.at(-1) === 100 ? undefined : "must be whole percents that grow and end with 100, such as 10, 50, 100";
}

/** @throws ReleaseError when it could not be carried out */
export function checkRoll({ kind, from, to, shiftPercents, bakeSeconds, warmSeconds, minSize, warmUntil }: Roll): void {
    if (from === to) throw new ReleaseError(`a roll leads from one colour to the other, not from ${from} to ${to}`);
    const problem = shiftProblem(shiftPercents);
    if (problem !== undefined) throw new ReleaseError(`the shares of a roll ${problem}; received ${shiftPercents.join(", ")}`);
    for (const [name, value, least] of [["bakeSeconds", bakeSeconds, 0], ["warmSeconds", warmSeconds, 0], ["minSize", minSize, 1]] as const) {
        if (!Number.isInteger(value) || value < least) throw new ReleaseError(`${name} of a roll must be a whole number of ${least} or more; received ${value}`);
    }
    if (kind === "flip" && warmUntil === undefined) throw new ReleaseError("a flip must know until when the colour that it leads to is kept warm");
}
