import { hostname } from "node:os";
import { isAlive, thisUser } from "../../release/machine";
import { deploymentLocks } from "../automation/locks/deployment-lock";
import { describeLock, type HeldLock, type Here } from "../automation/locks/held-lock";
import { openWorkspace } from "../automation/pulumi/stack";
import { stateLocks } from "../automation/locks/state-locks";
import { systemTools, type Tools } from "../automation/tools";
import type { CommandContext } from "../context";
import { exitCodes, type ExitCode } from "../exit-code";

export interface UnlockWords {
    /** Where Pulumi keeps its state; undefined for where it is logged in. */
    readonly backend?: string;
    readonly json?: boolean;
    readonly force?: boolean;
}

interface Looked {
    readonly held: HeldLock;
    readonly removed: boolean;
}

/** Removes the locks of owners that are gone; with --force all. Exit code 4 when one stays. */
export async function unlockCommand(
    stack: string, { force = false, backend }: UnlockWords, context: CommandContext, tools: Tools = systemTools(), here: Here = thisPlace(),
): Promise<ExitCode> {
    const open = await openWorkspace(stack, { backend }, context, tools);
    const locks = [...await stateLocks(open, context, here), ...await deploymentLocks(stack, context)];
    const looked: Looked[] = [];
    for (const held of locks) looked.push({ held, removed: (force || held.owner === "gone") && await held.remove() });
    const stay = looked.some(({ removed }) => !removed);
    context.print({ schemaVersion: 1, stack, locks: looked.map(forMachines) }, render(stack, looked, stay));
    return stay ? exitCodes.needsPerson : exitCodes.done;
}

function thisPlace(): Here {
    return { host: hostname(), user: thisUser(process.env), isAlive };
}

function forMachines({ held: { remove: _, ...about }, removed }: Looked): object {
    return { ...about, removed };
}

function render(stack: string, looked: readonly Looked[], stay: boolean): string {
    if (looked.length === 0) return `Nobody holds a lock of ${stack}.`;
    return [
        ...looked.map(({ held, removed }) => `${describeLock(held)}; ${removed ? "removed" : "kept"}`),
        ...(stay ? [`Wait for the end of those at work. When they are surely dead: ./gapless unlock ${stack} --force`] : []),
        ...(looked.some(({ held, removed }) => removed && held.lock === "state") ? [`Pulumi may have been killed half way: ./gapless refresh ${stack} reads from AWS what has become of it.`] : []),
    ].join("\n");
}
