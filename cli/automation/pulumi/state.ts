import type { Deployment } from "@pulumi/pulumi/automation";
import { z } from "zod";
import { nameOf } from "../engine/change";

const state = z.object({
    resources: z.array(z.object({ urn: z.string(), protect: z.boolean().optional() })).nullish(),
    pending_operations: z.array(z.object({ type: z.string(), resource: z.object({ urn: z.string() }) })).nullish(),
}).nullish();

/** What Pulumi's engine had begun and not ended when it was killed. */
export interface PendingOperation {
    readonly name: string;
    /** `creating`, `updating`, `deleting`, `reading` or `importing`. */
    readonly doing: string;
}

/** What Pulumi knows of a stack, as far as commands ask. */
export interface State {
    readonly resourceCount: number;
    /** Names of the resources that Pulumi refuses to delete. */
    readonly protectedNames: readonly string[];
    readonly pending: readonly PendingOperation[];
}

export function readState({ deployment }: Deployment): State {
    const { resources, pending_operations: pending } = state.parse(deployment) ?? {};
    return {
        resourceCount: resources?.length ?? 0,
        protectedNames: (resources ?? []).filter(({ protect }) => protect).map(({ urn }) => nameOf(urn)),
        pending: (pending ?? []).map(({ type, resource }) => ({ name: nameOf(resource.urn), doing: type })),
    };
}

/** What a person has to know of what was begun and never ended; undefined when there is nothing of the kind. */
export function describePending(stack: string, { pending }: Pick<State, "pending">): string | undefined {
    if (pending.length === 0) return undefined;
    return [
        `Pulumi was killed while it worked at ${pending.length === 1 ? "a resource" : `${pending.length} resources`} of ${stack}, and does not know what became of ${pending.length === 1 ? "it" : "them"}:`,
        ...pending.map(({ name, doing }) => `    ${name}, while ${doing}`),
        ...(pending.some(({ doing }) => doing === "creating")
            ? ["What was being created may be there on AWS without Pulumi knowing it: look, and delete it by hand or import it."] : []),
        `./gapless refresh ${stack} reads the others from AWS and ends this.`,
    ].join("\n");
}
