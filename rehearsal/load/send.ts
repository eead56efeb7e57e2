import * as http from "node:http";
import { now } from "./clock";
import type { RequestRecord } from "./request-record";
import type { Turn } from "./traffic";

/** Sends one request now, once, and tells what became of it. Never rejects: an error is a result. */
export function send(turn: Turn, dueMs: number, timeoutMs: number, agent: http.Agent): Promise<RequestRecord> {
    return new Promise(resolve => {
        const lagMs = now() - dueMs;
        let response: http.IncomingMessage | undefined;
        let error: string | undefined;
        const fail = (reason: Error): void => {
            error ??= codeOf(reason);
        };

        const request = http.get(turn.url, { agent: turn.newConnection ? false : agent });
        const timeout = setTimeout(() => {
            error ??= "ETIMEDOUT";
            request.destroy();
        }, timeoutMs);
        request.once("response", received => {
            response = received.resume().on("error", fail);
        });
        request.on("error", fail);
        // "close" comes once in every case, with or without an answer: the one place where a request ends.
        request.once("close", () => {
            clearTimeout(timeout);
            const latencyMs = now() - dueMs;
            const cutShort = response?.complete === true ? undefined : "ECONNRESET";
            resolve({
                dueMs: rounded(dueMs),
                lagMs: rounded(lagMs),
                latencyMs: rounded(latencyMs),
                slow: turn.slow,
                reusedConnection: request.reusedSocket,
                ...(response?.statusCode !== undefined && { status: response.statusCode }),
                ...optional("error", error ?? cutShort),
                ...optional("version", header(response, "x-release")),
                ...optional("instance", header(response, "x-instance")),
            });
        });
    });
}

function codeOf(error: NodeJS.ErrnoException): string {
    return error.code ?? error.name;
}

function header(response: http.IncomingMessage | undefined, name: string): string | undefined {
    const value = response?.headers[name];
    return typeof value === "string" ? value : undefined;
}

function optional<K extends string>(key: K, value: string | undefined): { readonly [key in K]?: string } {
    return value === undefined ? {} : ({ [key]: value } as { readonly [key in K]: string });
}

/** To the microsecond, which is more than the clock is good for and half the text of a full double. */
function rounded(ms: number): number {
    return Math.round(ms * 1000) / 1000;
}
