import { type CloudWatchLogsClient, type FilteredLogEvent, FilterLogEventsCommand, ResourceNotFoundException } from "@aws-sdk/client-cloudwatch-logs";
import type { Clock } from "../clock";
import { DeliveryError } from "./error";
import { LogWindow } from "./logs-window";
import { Poll } from "./poll";

/** A line that a container has written. */
export interface LogLine {
    readonly time: Date;
    readonly instanceId: string;
    /** Release that wrote it; undefined when the log's stream does not say. */
    readonly version: string | undefined;
    readonly text: string;
}

export interface LogQuestion {
    readonly logGroup: string;
    readonly since: Date;
    /** @default all instances */
    readonly instanceId?: string | undefined;
    /** Text that a line contains. @default any */
    readonly containing?: string | undefined;
    /** Whether to go on asking when the log's end was reached. */
    readonly follow: boolean;
}

export interface LogSurroundings {
    readonly clock: Clock;
    readonly signal: AbortSignal;
    readonly tell: { warn(text: string): void };
}

/**
 * Reads what the containers of a stage write, each line once, until the log's end or, following, until the signal is aborted.
 *
 * By FilterLogEvents in both cases. CloudWatch's live tail would show lines a little sooner, but costs money by the minute, ends
 * after three hours, leaves lines out when there are more than 500 a second, and what came while the network was cut is lost.
 */
export async function* readLogs(logs: CloudWatchLogsClient, question: LogQuestion, { clock, signal, tell }: LogSurroundings): AsyncGenerator<LogLine> {
    const window = new LogWindow(question.since);
    const warn = (text: string): void => { if (!signal.aborted) tell.warn(text); };
    const poll = new Poll({ clock, signal, warn, goesOn: "The service goes on writing; the same command shows what it wrote." });
    for (;;) {
        const begun = clock.now();
        let more = false;
        for await (const event of eventsFrom(logs, question, window.from, poll)) {
            if (!window.admit(event)) continue;
            more = true;
            yield lineOf(event);
        }
        window.complete(begun);
        if (!question.follow) return;
        await poll.rest(more);
    }
}

interface LogEvent {
    readonly id: string;
    readonly timestamp: number;
    readonly stream: string;
    readonly message: string;
}

async function* eventsFrom(logs: CloudWatchLogsClient, question: LogQuestion, startTime: number, poll: Poll): AsyncGenerator<LogEvent> {
    const { containing = "" } = question;
    let nextToken: string | undefined;
    do {
        const command = new FilterLogEventsCommand({ ...filterOf(question), startTime, nextToken });
        const page = await poll.ask(abortSignal => logs.send(command, { abortSignal })).catch((error: unknown) => explain(error, question));
        yield* (page.events ?? []).map(eventOf).filter(({ message }) => message.includes(containing));
        nextToken = page.nextToken;
    } while (nextToken !== undefined);
}

function filterOf({ logGroup, instanceId, containing }: LogQuestion) {
    const filterPattern = patternFor(containing ?? "");
    return {
        logGroupName: logGroup,
        ...(instanceId !== undefined && { logStreamNamePrefix: `${instanceId}/` }),
        ...(filterPattern !== undefined && { filterPattern }),
    };
}

/**
 * What CloudWatch is asked for on behalf of a text: lines that hold the text's longest part of plain characters. Its own quoted
 * phrases match whole words, and its expressions take few characters, so which lines hold the very text is decided here.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
export function patternFor(text: string): string | undefined {
    const [longest] = (text.match(/[A-Za-z0-9:_#=@/;,-]+/g) ?? []).sort((a, b) => b.length - a.length);
    return longest === undefined ? undefined : `%${longest}%`;
}

function eventOf({ eventId = "", timestamp = 0, logStreamName = "", message = "" }: FilteredLogEvent): LogEvent {
    return { id: eventId, timestamp, stream: logStreamName, message };
}

/** Streams are called `<instance>/<version>` (app-scripts/scripts/run.sh). */
function lineOf({ timestamp, stream, message }: LogEvent): LogLine {
    const [instanceId = "", version] = stream.split("/");
    return { time: new Date(timestamp), instanceId, version, text: message.replace(/\r?\n$/, "") };
}

function explain(error: unknown, { logGroup }: LogQuestion): never {
    if (!(error instanceof Error && error.cause instanceof ResourceNotFoundException)) throw error;
    throw new DeliveryError(`There is no log group ${logGroup}. Somebody has removed it; ./gapless refresh STACK and ./gapless up STACK make it again.`, "failed", { cause: error });
}
