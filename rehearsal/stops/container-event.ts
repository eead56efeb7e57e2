import { z } from "zod";

/** What Docker tells of a container: a signal was sent to it, or it has ended. */
export type ContainerEvent = {
    readonly container: string;
    readonly image: string;
    /** Milliseconds since 1970, by the daemon's clock. */
    readonly atMs: number;
} & ({ readonly kind: "signal"; readonly signal: number } | { readonly kind: "end"; readonly exitCode: number });

const attributes = { name: z.string(), image: z.string() };
const number = z.string().regex(/^\d+$/).transform(Number);
const line = z.discriminatedUnion("Action", [
    z.object({ Action: z.literal("kill"), timeNano: z.number(), Actor: z.object({ Attributes: z.object({ ...attributes, signal: number }) }) }),
    z.object({ Action: z.literal("die"), timeNano: z.number(), Actor: z.object({ Attributes: z.object({ ...attributes, exitCode: number }) }) }),
]);

/** Reads a line of `docker events --format '{{json .}}'`; undefined for an event of another kind. */
export function readContainerEvent(text: string): ContainerEvent | undefined {
    const read = line.safeParse(JSON.parse(text));
    if (!read.success) return undefined;
    const event = read.data;
    const { name: container, image } = event.Actor.Attributes;
    const common = { container, image, atMs: Math.round(event.timeNano / 1e3) / 1e3 };
    return event.Action === "kill"
        ? { ...common, kind: "signal", signal: event.Actor.Attributes.signal }
        : { ...common, kind: "end", exitCode: event.Actor.Attributes.exitCode };
}
