import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { type LogLine, readLogs } from "../../release/aws/logs";
import type { CommandContext } from "../context";
import { exitCodes, type ExitCode } from "../exit-code";
import { openStage } from "../open-stage";

export interface LogsWords {
    /** Seconds. */
    readonly since: number;
    readonly instance?: string;
    readonly filter?: string;
    readonly follow?: boolean;
    readonly json?: boolean;
}

/** Takes one line of output; false when nobody reads any more. */
export type WriteLine = (line: string) => Promise<boolean>;

/** Prints what the containers of a stack write. A line at a time, so that it may be endless: `print` is for results. */
export async function logsCommand(stack: string, words: LogsWords, context: CommandContext, write: WriteLine = toStandardOutput): Promise<ExitCode> {
    const { stage, access } = await openStage(stack, context);
    const question = {
        logGroup: stage.logGroup, since: new Date(context.clock.now().getTime() - words.since * 1000),
        instanceId: words.instance, containing: words.filter, follow: words.follow ?? false,
    };
    const render = words.json ? asJson : asText;
    let none = true;
    try {
        for await (const line of readLogs(new CloudWatchLogsClient(access), question, context)) {
            none = false;
            if (!await write(render(line))) return exitCodes.done;
        }
    } catch (error) {
        if (!context.signal.aborted) throw error;
        return exitCodes.interrupted;
    }
    if (none) context.tell.note(`No line since ${question.since.toISOString()}${ofWhat(words)} in ${stage.logGroup}. Take a longer --since, or see ./gapless status ${stack}.`);
    return exitCodes.done;
}

function asText({ time, instanceId, text }: LogLine): string {
    return `${time.toISOString()} ${instanceId} ${text}`;
}

function asJson({ time, instanceId, version, text }: LogLine): string {
    return JSON.stringify({ time: time.toISOString(), instanceId, version, text });
}

function ofWhat({ instance, filter }: LogsWords): string {
    return [instance !== undefined && ` of ${instance}`, filter !== undefined && ` with ${JSON.stringify(filter)}`].filter(Boolean).join("");
}

function toStandardOutput(line: string): Promise<boolean> {
    const { stdout } = process;
    return new Promise((resolve, reject) => {
        const settle = (error?: Error | null): void => {
            stdout.off("error", settle);
            if (!error) resolve(true);
            // As `| head` does when it has seen enough.
            else if ((error as NodeJS.ErrnoException).code === "EPIPE") resolve(false);
            else reject(error);
        };
        stdout.once("error", settle);
        stdout.write(`${line}\n`, error => { if (!error) settle(); });
    });
}
