import { type CloudWatchLogsClient, type FilteredLogEvent, paginateFilterLogEvents } from "@aws-sdk/client-cloudwatch-logs";
import type { Clock } from "../clock";
import { DeliveryError } from "./error";
import { LogWindow } from "./logs-window";
import { Patience, Pauses } from "./patience";

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
    const patience = new Patience(clock, tell, "The service goes on writing; the same command shows what it wrote.");
    const pauses = new Pauses();
    for (;;) {
        let more = false;
        try {
            for await (const line of readRound(logs, question, window, clock, signal)) {
                more = true;
                yield line;
            }
            patience.answered();
        } catch (error) {
            giveUpOn(error, question, signal);
            patience.failed(error);
        }
        if (!question.follow) return;
        await clock.wait(pauses.after(more), signal);
    }
}

/** Reads all that is new; what a round that fails has not read, the next one does. */
async function* readRound(logs: CloudWatchLogsClient, question: LogQuestion, window: LogWindow, clock: Clock, signal: AbortSignal): AsyncGenerator<LogLine> {
    const begun = clock.now();
    for await (const event of eventsFrom(logs, question, window.from, signal)) {
        if (window.admit(event)) yield lineOf(event);
    }
    window.complete(begun);
}

interface LogEvent {
    readonly id: string;
    readonly timestamp: number;
    readonly stream: string;
    readonly message: string;
}

async function* eventsFrom(logs: CloudWatchLogsClient, question: LogQuestion, startTime: number, abortSignal: AbortSignal): AsyncGenerator<LogEvent> {
    const { logGroup, instanceId, containing } = question;
    const filterPattern = containing === undefined ? undefined : patternFor(containing);
    const pages = paginateFilterLogEvents({ client: logs }, {
        logGroupName: logGroup,
        startTime,
        ...(instanceId !== undefined && { logStreamNamePrefix: `${instanceId}/` }),
        ...(filterPattern !== undefined && { filterPattern }),
    }, { abortSignal });
    for await (const { events = [] } of pages) {
        yield* events.map(eventOf).filter(({ message }) => containing === undefined || message.includes(containing));
    }
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

function giveUpOn(error: unknown, { logGroup, follow }: LogQuestion, signal: AbortSignal): void {
    if (error instanceof Error && error.name === "ResourceNotFoundException") {
        throw new DeliveryError(`There is no log group ${logGroup}. Somebody has removed it; ./gapless refresh and ./gapless up make it again.`, "failed", { cause: error });
    }
    if (!follow || signal.aborted) throw error;
}
