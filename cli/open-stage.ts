import { type Access, makeAccess } from "../release/aws/access";
import { findStage } from "../release/aws/find-stage";
import type { Stage } from "../release/stage";
import type { CommandContext } from "./context";
import { addressOf } from "./stage-address";

/** A stage, and how AWS is called where it lies. */
export interface OpenStage {
    readonly stage: Stage;
    readonly access: Access;
}

/** Finds a stack's stage on AWS: by its address, and by what its program has written down there. */
export async function openStage(stack: string, context: CommandContext): Promise<OpenStage> {
    const { project, region } = addressOf(stack, context);
    const access = await accessIn(region, context);
    return { stage: await findStage(project, stack, access), access };
}

/** How AWS is called for a stack: in its region, and in the role that GAPLESS_ROLE_ARN names. */
export function accessOf(stack: string, context: CommandContext): Promise<Access> {
    return accessIn(addressOf(stack, context).region, context);
}

function accessIn(region: string, { env }: CommandContext): Promise<Access> {
    return makeAccess(region, env["GAPLESS_ROLE_ARN"] || undefined);
}
