import { CodeDeployClient } from "@aws-sdk/client-codedeploy";
import { S3Client } from "@aws-sdk/client-s3";
import { readHistory } from "../../release/aws/history";
import { historyRows, renderHistory } from "../../release/history-page";
import type { CommandContext } from "../context";
import { exitCodes, type ExitCode } from "../exit-code";
import { openStage } from "../open-stage";
import { showFailure } from "../show-failure";

export interface HistoryWords {
    readonly limit: number;
    /** Number of a deployment that failed, and is to be explained in place of the list. */
    readonly show?: number;
    readonly json?: boolean;
}

/** Prints the newest releases of a stack and what came of them, by its journal and by CodeDeploy's own word. */
export async function historyCommand(stack: string, { limit, show }: HistoryWords, context: CommandContext): Promise<ExitCode> {
    const open = await openStage(stack, context);
    if (show !== undefined) return showFailure(open, show, context);

    const { stage, access } = open;
    const { entries, unnamed, running } = await readHistory(new CodeDeployClient(access), new S3Client(access), stage, { releases: limit, signal: context.signal });
    const rows = historyRows(entries, unnamed, running, limit);
    context.print({ project: stage.project, stack, releases: rows }, renderHistory(rows, stack));
    return exitCodes.done;
}
