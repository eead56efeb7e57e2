import { EventFailure } from "../agent/failure";
import { statLink, type HostRoot } from "../agent/host-root";
import { planInstall, type Instruction } from "../agent/install-plan";
import type { Appspec } from "../agent/appspec";
import type { AppspecParts, PartPath } from "./appspec-parts";

/** What the agent's install would come to on a host where nothing is yet. */
export interface PlannedInstall {
    /** Entries that make Install fail, with the agent's words. */
    readonly failures: readonly { readonly path: PartPath; readonly message: string }[];
    /** Permissions that change nothing. */
    readonly idle: readonly PartPath[];
}

/** Plans with one entry more at a time, and without those that fail, so that all of them are found. */
export async function planParts(host: HostRoot, archive: string, { files, permissions }: AppspecParts): Promise<PlannedInstall> {
    const failures: { readonly path: PartPath; readonly message: string }[] = [];
    const idle: PartPath[] = [];
    let plan: Appspec = { hooks: new Map(), files: [], permissions: [] };
    let planned: readonly Instruction[] = [];
    const add = async (more: Partial<Appspec>, path: PartPath): Promise<boolean> => {
        try {
            const instructions = await planInstall(host, archive, { ...plan, ...more });
            const added = instructions.slice(planned.length);
            await checkSources(host, added);
            [plan, planned] = [{ ...plan, ...more }, instructions];
            return added.length > 0;
        } catch (error) {
            if (!(error instanceof EventFailure)) throw error;
            failures.push({ path, message: error.message });
            return true;
        }
    };
    for (const rule of files) await add({ files: [...plan.files, rule] }, rule.path);
    for (const rule of permissions) {
        if (!await add({ permissions: [...plan.permissions, rule] }, rule.path)) idle.push(rule.path);
    }
    return { failures, idle };
}

/** A plan knows what to copy; that it is not there the agent sees when it copies, with half of the release installed. */
async function checkSources(host: HostRoot, instructions: readonly Instruction[]): Promise<void> {
    for (const instruction of instructions) {
        if (instruction.type === "copy" && await statLink(host.locate(instruction.source)) === undefined) {
            throw new EventFailure(`No such file or directory - ${instruction.source}`);
        }
    }
}
