import { makeColourClients } from "../../release/aws/blue-green/clients";
import { rollColours } from "../../release/aws/blue-green/roll-colours";
import { keepOrigin, readOrigin } from "../../release/aws/origin";
import { byProgram } from "../../release/release-metadata";
import { awaitStage } from "../await-stage";
import { clientsOf } from "../clients";
import type { CommandContext } from "../context";
import type { ExitCode } from "../exit-code";
import { type OpenStage, openStage } from "../open-stage";
import { driveRoll, rollRelease } from "../roll-release";
import { needBlueGreen, rollWishes, type ShiftWords } from "../roll-words";
import { tellNothingNew } from "../tell-end";
import type { WaitWords } from "../words/release";

export interface RollWords extends WaitWords, ShiftWords {
    /** Execution of the deploy pipeline that calls the command. */
    readonly execution?: string;
}

/** Puts an existing release onto the fleet, past the pipeline; or, when the pipeline itself calls it, as the pipeline was told. */
export async function rollCommand(stack: string, version: string, words: RollWords, context: CommandContext): Promise<ExitCode> {
    const open = await (words.execution === undefined ? openStage : awaitStage)(stack, context);
    const wishes = rollWishes(open.stage, words, "direct");
    if (words.execution === undefined) return rollRelease(open, { version }, wishes, words, context);
    needBlueGreen(open.stage, "--execution", ": its pipeline deploys by CodeDeploy.");
    return rollInPipeline(open, version, { ...words, execution: words.execution }, context);
}

/** Whoever has handed the release over to the pipeline stands in the journal, and says how the clients go over. */
async function rollInPipeline(open: OpenStage, version: string, words: RollWords & { readonly execution: string }, context: CommandContext): Promise<ExitCode> {
    const { stage, access } = open;
    const { s3, codePipeline } = clientsOf(open);
    const { objectVersion, commit, builder: who = byProgram, wishes } = await readOrigin(s3, codePipeline, stage, words.execution);
    const own = rollWishes(stage, words, "direct");
    const release = { version, ...(commit !== undefined && { commit }), objectVersion, executionId: words.execution };
    return driveRoll(open, release, context, async drive => {
        const end = await rollColours(makeColourClients(access), stage, version, { ...drive, ...wishes, ...own, by: "pipeline", owner: { ...drive.owner, who }, waitMinutes: words.wait });
        if (end === undefined) return tellNothingNew(open, version, context);
        await keepOrigin(s3, stage, end.roll.id, { objectVersion, commit }, context);
        return end;
    });
}
