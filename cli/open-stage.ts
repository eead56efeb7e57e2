import { readStackConfig } from "../rehearsal/program/stack-config";
import { type Access, makeAccess } from "../release/aws/access";
import { DeliveryError } from "../release/aws/error";
import { findStage } from "../release/aws/find-stage";
import type { Stage } from "../release/stage";
import type { CommandContext } from "./context";

/** A stage, and how AWS is called where it lies. */
export interface OpenStage {
    readonly stage: Stage;
    readonly access: Access;
}

/** Finds a stack's stage on AWS: by the stack's file, and by what its program has written down there. */
export async function openStage(stack: string, context: CommandContext): Promise<OpenStage> {
    const access = await accessOf(stack, context);
    const { project } = readStackConfig(context.folder, stack);
    return { stage: await findStage(project, stack, access), access };
}

/** How AWS is called for a stack: in the region of its file, and in the role that GAPLESS_ROLE_ARN names. */
export async function accessOf(stack: string, { folder, env }: CommandContext): Promise<Access> {
    const { config } = readStackConfig(folder, stack);
    const region = config["aws:region"];
    if (region === undefined) {
        throw new DeliveryError(`Pulumi.${stack}.yaml must have aws:region, the region of AWS that the stack lies in.`, "usage");
    }
    return makeAccess(region, env["GAPLESS_ROLE_ARN"] || undefined);
}
