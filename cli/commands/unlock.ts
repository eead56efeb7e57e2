import { hostname } from "node:os";
import { isAlive, thisUser } from "../../release/machine";
import { DeliveryError } from "../../release/aws/error";
import { describeFailure } from "../automation/engine/failure-text";
import { deploymentLocks } from "../automation/locks/deployment-lock";
import { describeLock, type HeldLock, type Here } from "../automation/locks/held-lock";
import { openWorkspace } from "../automation/pulumi/stack";
import { stateLocks } from "../automation/locks/state-locks";
import { systemTools, type Tools } from "../automation/tools";
import type { CommandContext } from "../context";
import { exitCodes, type ExitCode } from "../exit-code";
import { explain } from "../failure";

export interface UnlockWords {
    /** Where Pulumi keeps its state; undefined for where it is logged in. */
    readonly backend?: string;
    readonly json?: boolean;
    readonly force?: boolean;
}

interface Looked {
    readonly held: HeldLock;
    /** `gone`: it was freed meanwhile. */
    readonly fate: "kept" | "removed" | "gone";
}

/** What there is of Pulumi's own locks, or why they could not be seen. */
interface StateLocks {
    readonly locks: readonly HeldLock[];
    readonly unseen?: Error;
}

/**
 * Removes the locks of owners that are gone; with --force all. Exit code 4 when one stays, and when a person must look.
 * The deployments' lock needs neither Pulumi nor the internet beyond AWS, so it comes first, and Pulumi may fail.
 */
export async function unlockCommand(
    stack: string, { force = false, backend }: UnlockWords, context: CommandContext, tools: Tools = systemTools(), here: Here = thisPlace(),
): Promise<ExitCode> {
    const deployment = await removeDead(await deploymentLocks(stack, context), force);
    const { locks, unseen } = await findStateLocks(stack, backend, context, tools, here);
    const stateUnseen = unseen && explain(unseen);
    if (stateUnseen !== undefined) context.tell.warn(`Pulumi's own locks of ${stack} could not be seen: ${stateUnseen}`);
    const looked = [...deployment, ...await removeDead(locks, force)];
    const stay = looked.some(({ fate }) => fate === "kept") || isForPerson(unseen);
    const result = { stack, locks: looked.map(forMachines), ...(stateUnseen !== undefined && { stateUnseen }) };
    context.print(result, render(stack, looked, unseen === undefined ? "a lock" : "the deployments' lock"));
    return stay ? exitCodes.needsPerson : exitCodes.done;
}

async function removeDead(locks: readonly HeldLock[], force: boolean): Promise<readonly Looked[]> {
    const looked: Looked[] = [];
    for (const held of locks) {
        const dead = force || held.owner === "gone";
        looked.push({ held, fate: !dead ? "kept" : await held.remove() ? "removed" : "gone" });
    }
    return looked;
}

async function findStateLocks(stack: string, backend: string | undefined, context: CommandContext, tools: Tools, here: Here): Promise<StateLocks> {
    try {
        return { locks: await stateLocks(await openWorkspace(stack, { backend }, context, tools), context, here) };
    } catch (error) {
        context.signal.throwIfAborted();
        return { locks: [], unseen: describeFailure(error, { stack, signal: context.signal }) };
    }
}

/** Such as a file that is no lock that is known here. */
function isForPerson(error: Error | undefined): boolean {
    return error instanceof DeliveryError && error.kind === "needsPerson";
}

function thisPlace(): Here {
    return { host: hostname(), user: thisUser(process.env), isAlive };
}

function forMachines({ held: { remove: _, ...about }, fate }: Looked): object {
    return { ...about, removed: fate === "removed" };
}

function render(stack: string, looked: readonly Looked[], whatNobodyHolds: string): string {
    if (looked.length === 0) return `Nobody holds ${whatNobodyHolds} of ${stack}.`;
    return [
        ...looked.map(({ held, fate }) => `${describeLock(held)}; ${fate === "gone" ? "freed meanwhile" : fate}`),
        ...(looked.some(({ fate }) => fate === "kept") ? [`Wait for the end of those at work. When they are surely dead: ./gapless unlock ${stack} --force`] : []),
        ...(looked.some(({ held, fate }) => fate === "removed" && held.lock === "state") ? [`Pulumi may have been killed half way: ./gapless refresh ${stack} reads from AWS what has become of it.`] : []),
    ].join("\n");
}
