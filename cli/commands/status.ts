import { gatherStatus, makeStatusClients } from "../../release/aws/status";
import { thisOwner } from "../../release/aws/stage-lock";
import { renderStatus } from "../../release/status-page";
import type { CommandContext } from "../context";
import { exitCodes, type ExitCode } from "../exit-code";
import { openStage } from "../open-stage";

/** Prints what a stack is like. That it could be told is exit code 0; what it is like is on the page, and in `problems` of the JSON. */
export async function statusCommand(stack: string, context: CommandContext): Promise<ExitCode> {
    const { stage, access } = await openStage(stack, context);
    const now = context.clock.now();
    const status = await gatherStatus(makeStatusClients(access, stage), stage, thisOwner(context.env), now, context.signal);
    context.print(status, renderStatus(status, now));
    return exitCodes.done;
}
