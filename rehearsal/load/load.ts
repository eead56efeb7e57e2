import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { LoadError } from "./load-error";
import { checkLoadPlan, type LoadPlan } from "./load-plan";
import type { FromLoad, ToLoad } from "./messages";
import type { RequestRecord } from "./request-record";

/** Beyond the time-out of the last request, which is all that the generator waits for. */
const stopMarginMs = 10_000;
const errorTailCharacters = 2000;

/** A load on a service of this machine, sent by a process of its own until told to stop. */
export class Load {
    /** The generator's process. */
    readonly pid: number | undefined;
    /** Resolves with all records when the load has ended, by itself or by `stop`; rejects if its process dies before. */
    readonly finished: Promise<readonly RequestRecord[]>;

    readonly #plan: LoadPlan;
    readonly #child: ChildProcess;
    readonly #records: RequestRecord[] = [];
    readonly #strings = new Map<string, string>();
    #ended = false;
    #errorTail = "";

    /** Starts sending; resolves when the generator's process is at work. */
    static async start(plan: LoadPlan): Promise<Load> {
        checkLoadPlan(plan);
        const child = fork(join(import.meta.dirname, "load-process.ts"), {
            // Node looks for tsx from the working directory, which may be anywhere; this folder is in the project.
            cwd: import.meta.dirname,
            execArgv: ["--import", "tsx"],
            stdio: ["ignore", "ignore", "pipe", "ipc"],
        });
        const load = new Load(plan, child);
        await Promise.race([load.#started(), load.finished]);
        return load;
    }

    private constructor(plan: LoadPlan, child: ChildProcess) {
        this.#plan = plan;
        this.#child = child;
        this.pid = child.pid;
        child.stderr?.setEncoding("utf8").on("data", (text: string) => {
            this.#errorTail = (this.#errorTail + text).slice(-errorTailCharacters);
        });
        child.on("message", (message: FromLoad) => {
            this.#receive(message);
        });
        this.finished = this.#untilGone();
        // A process that dies is reported by whoever stops the load; until then nobody need be listening.
        this.finished.catch(() => undefined);
    }

    /** The records so far, in the order in which the requests ended; grows while the load runs. */
    get records(): readonly RequestRecord[] {
        return this.#records;
    }

    /** Sends no new request, waits for the open ones and resolves with all records. */
    async stop(): Promise<readonly RequestRecord[]> {
        this.#send({ type: "stop" });
        const overdue = setTimeout(() => this.#child.kill("SIGKILL"), this.#plan.timeoutMs + stopMarginMs);
        try {
            return await this.finished;
        } finally {
            clearTimeout(overdue);
        }
    }

    /** Ends the load at once, dropping open requests. */
    async [Symbol.asyncDispose](): Promise<void> {
        this.#child.kill("SIGKILL");
        await this.finished.catch(() => undefined);
    }

    async #started(): Promise<void> {
        this.#send({ type: "start", plan: this.#plan });
        await once(this.#child, "message");
    }

    async #untilGone(): Promise<readonly RequestRecord[]> {
        const child = this.#child;
        try {
            // The exit may be seen before the last messages have been read; the end of the channel comes after them.
            await Promise.all([once(child, "exit"), once(child, "disconnect")]);
        } catch (cause) {
            throw new LoadError("The load generator's process did not start.", { cause });
        }
        if (!this.#ended) {
            const how = child.signalCode ?? `exit code ${String(child.exitCode)}`;
            throw new LoadError([`The load generator's process ended before its time (${how}).`, this.#errorTail].join("\n").trim());
        }
        return this.#records;
    }

    #receive(message: FromLoad): void {
        if (message.type === "records") {
            for (const record of message.records) {
                this.#records.push(this.#compact(record));
            }
        }
        this.#ended ||= message.type === "ended";
    }

    /** Each record has come with strings of its own; there are only a handful of different ones. */
    #compact(record: RequestRecord): RequestRecord {
        const { version, instance, error } = record;
        return {
            ...record,
            ...(version !== undefined && { version: this.#shared(version) }),
            ...(instance !== undefined && { instance: this.#shared(instance) }),
            ...(error !== undefined && { error: this.#shared(error) }),
        };
    }

    #shared(text: string): string {
        const known = this.#strings.get(text) ?? text;
        this.#strings.set(text, known);
        return known;
    }

    #send(message: ToLoad): void {
        if (this.#child.connected) {
            // The process may end at this very moment; `finished` says what became of it.
            this.#child.send(message, () => undefined);
        }
    }
}
