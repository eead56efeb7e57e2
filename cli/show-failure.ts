import { readBadEnd } from "../release/aws/ended-deployment";
import { DeliveryError } from "../release/aws/error";
import { readHistory } from "../release/aws/history";
import { longestJournal } from "../release/journal";
import { clientsOf } from "./clients";
import type { CommandContext } from "./context";
import { type ExitCode, exitCodes } from "./exit-code";
import type { OpenStage } from "./open-stage";
import { printFailure } from "./tell-end";

/**
 * Prints the failure page of a deployment that is over, with what is known today. Done when there is one: that it failed is no news.
 * @param n its number in the history
 * @throws DeliveryError usage when there is no such number, or no failure of it
 */
export async function showFailure(open: OpenStage, n: number, context: CommandContext): Promise<ExitCode> {
    const { codeDeploy, s3 } = clientsOf(open);
    const { stack } = open.stage;
    const { entries } = await readHistory(codeDeploy, s3, open.stage, { releases: longestJournal, signal: context.signal });
    const entry = entries.find(each => each.n === n);
    if (!entry) throw new DeliveryError(`The history of ${stack} has no number ${n}. See ./gapless history ${stack}.`, "usage");
    const { version, image, commit } = entry;
    const end = await readBadEnd(codeDeploy, open.stage, entry, context.signal);
    await printFailure(open, { version, image, ...(commit !== undefined && { commit }) }, end, context);
    return exitCodes.done;
}
