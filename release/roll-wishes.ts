import { z } from "zod";
import { shiftProblem } from "./blue-green/roll";
import { ReleaseError } from "./error";

/** How the clients shall go over to a release, where whoever hands it over says so. What is undefined is as the stack has it. */
export interface RollWishes {
    /** Percent of the requests, one share after the other; the last is 100. */
    readonly shiftPercents?: readonly number[];
    /** Seconds to watch after each share; 0 for not at all. */
    readonly bakeSeconds?: number;
}

/** The wishes as metadata of the object that the pipeline takes as its source. */
export function wishMetadata({ shiftPercents, bakeSeconds }: RollWishes): Record<string, string> {
    return { ...(shiftPercents && { shift: shiftPercents.join(",") }), ...(bakeSeconds !== undefined && { bake: `${bakeSeconds}s` }) };
}

const shares = z.string().regex(/^\d+(,\d+)*$/).transform(text => text.split(",").map(Number));
const pause = z.string().regex(/^\d{1,4}s$/).transform(text => Number.parseInt(text, 10));

/**
 * The wishes that an object's metadata has.
 * @throws ReleaseError when they are not such as one can follow: somebody meant something by them
 */
export function wishesIn({ shift, bake }: Readonly<Record<string, string>>): RollWishes {
    const [shiftRead, bakeRead] = [shares.optional().safeParse(shift), pause.optional().safeParse(bake)];
    const problem = !shiftRead.success || (shiftRead.data && shiftProblem(shiftRead.data)) !== undefined;
    if (problem) throw new ReleaseError(`metadata shift of the released object must be whole percents that grow and end with 100, such as 10,50,100; received ${shift ?? ""}`);
    if (!bakeRead.success) throw new ReleaseError(`metadata bake of the released object must be seconds, such as 60s; received ${bake ?? ""}`);
    return { ...(shiftRead.data && { shiftPercents: shiftRead.data }), ...(bakeRead.data !== undefined && { bakeSeconds: bakeRead.data }) };
}
