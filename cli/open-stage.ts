import { type Access, makeAccess } from "../release/aws/access";
import { findStage } from "../release/aws/find-stage";
import { thisOwner } from "../release/aws/stage-lock";
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
    return { stage: await findStage(project, stack, access, context.signal), access };
}

/** How AWS is called for a stack: in its region, and in the role that GAPLESS_ROLE_ARN names, which a token may vouch for. */
export function accessOf(stack: string, context: CommandContext): Promise<Access> {
    return accessIn(addressOf(stack, context).region, context);
}

function accessIn(region: string, { env }: CommandContext): Promise<Access> {
    const { GAPLESS_ROLE_ARN: roleArn, AWS_ROLE_ARN: ownRole, AWS_WEB_IDENTITY_TOKEN_FILE: tokenFile } = env;
    if (!roleArn) return makeAccess(region);
    // With a role of its own, the token is that role's, which then takes the other.
    return makeAccess(region, { roleArn, who: thisOwner(env).who, ...(tokenFile && !ownRole && { tokenFile }) });
}
