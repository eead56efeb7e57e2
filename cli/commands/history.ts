import { CodeDeployClient } from "@aws-sdk/client-codedeploy";
import { S3Client } from "@aws-sdk/client-s3";
import { readHistory } from "../../release/aws/history";
import { historyRows, renderHistory } from "../../release/history-page";
import type { CommandContext } from "../context";
import { exitCodes, type ExitCode } from "../exit-code";
import { openStage } from "../open-stage";

export interface HistoryWords {
    readonly limit: number;
    readonly json?: boolean;
}

/** Prints the newest releases of a stack and what came of them, by its journal and by CodeDeploy's own word. */
export async function historyCommand(stack: string, { limit }: HistoryWords, context: CommandContext): Promise<ExitCode> {
    const { stage, access } = await openStage(stack, context);
    const { entries, unnamed, running } = await readHistory(new CodeDeployClient(access), new S3Client(access), stage, { releases: limit, signal: context.signal });
    const rows = historyRows(entries, unnamed, running, limit);
    context.print({ schemaVersion: 1, project: stage.project, stack, releases: rows }, renderHistory(rows, stack));
    return exitCodes.done;
}
