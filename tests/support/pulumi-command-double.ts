import assert from "node:assert/strict";
import grpc from "@grpc/grpc-js";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import events from "@pulumi/pulumi/proto/events_grpc_pb";
import messages from "@pulumi/pulumi/proto/events_pb";
import { SemVer } from "semver";
import { commandError, type RunnablePulumi } from "../../cli/automation/pulumi/pulumi-process";

export interface CommandCall {
    /** As typed, with `<events>` for the address that events are sent to. */
    readonly words: string;
    readonly folder: string;
    readonly env: Readonly<Record<string, string>>;
}

/** What an operation of the engine does when it is asked for. */
export interface EngineRun {
    readonly events?: readonly EngineEvent[];
    /** Fails with that on standard error. */
    readonly error?: string;
    /** Waits, after the events, until it is cancelled; then tells these and fails as the engine does. */
    readonly hangUntilCancelled?: readonly EngineEvent[];
    /** Called when all events are told and nothing has ended. */
    readonly meanwhile?: () => void | Promise<void>;
}

type Answer = string | Error | { readonly hang: () => void };
const engineVerbs = ["preview", "up", "refresh", "destroy"];

/**
 * Pulumi's command line, as far as the Automation API asks it for what our commands do. Strict: what it was not told to answer fails the
 * test, also when the code swallows that. Events go the way that they go since Pulumi 3.206, by gRPC to the address in --event-log.
 */
export class PulumiCommandDouble implements RunnablePulumi, Disposable {
    readonly command = "pulumi";
    readonly version = new SemVer("3.248.0");
    readonly calls: CommandCall[] = [];
    /** Ends what is only asked; the engine's operations bring their own. */
    signal = new AbortController().signal;
    readonly #answers = new Map<string, Answer>();
    readonly #runs: { readonly verb: string; readonly run: EngineRun }[] = [];
    readonly #unexpected: string[] = [];

    constructor() {
        this.answer("whoami --json", JSON.stringify({ user: "alice", url: "file:///state" }));
        this.answer("stack select --stack dev", "");
        this.answer("stack export --show-secrets --stack dev", JSON.stringify({ version: 3, deployment: { resources: [{ urn: "urn:pulumi:dev::gapless::a::b" }] } }));
        this.answer("stack output --json --stack dev", JSON.stringify({ url: "http://a", key: "[secret]" }));
        this.answer("stack output --json --show-secrets --stack dev", JSON.stringify({ url: "http://a", key: "s3cr3t" }));
        this.answer("stack history --json --page-size 1 --page 1 --stack dev", "[]");
    }

    /** What a command prints, or how it fails. */
    answer(words: string, answer: Answer): void { this.#answers.set(words, answer); }

    fail(words: string, stderr: string): void { this.answer(words, commandError(`code: 255\n${stderr}`)); }

    /** Gives no answer before the command is interrupted. @param meanwhile called when it is asked */
    hang(words: string, meanwhile: () => void): void { this.answer(words, { hang: meanwhile }); }

    /** The engine's operations come in this order. */
    next(verb: "preview" | "up" | "refresh" | "destroy", run: EngineRun): void { this.#runs.push({ verb, run }); }

    get words(): readonly string[] { return this.calls.map(({ words }) => words); }

    /** What was asked of the engine. */
    get operations(): readonly string[] { return this.words.filter(words => engineVerbs.includes(words.split(" ", 1)[0] ?? "")); }

    readonly run: RunnablePulumi["run"] = async (args, folder, env, _out, _error, signal) => {
        const place = args.indexOf("--event-log") + 1;
        const words = args.map((word, at) => (place > 0 && at === place ? "<events>" : word)).join(" ");
        this.calls.push({ words, folder, env });
        if (engineVerbs.includes(args[0] ?? "")) return this.#operate(args[0] ?? "", args[place] ?? "", signal);
        const answer = this.#answers.get(words);
        if (answer === undefined) return this.#refuse(words);
        if (answer instanceof Error) throw answer;
        if (typeof answer === "object") return this.#hang(answer.hang);
        return { stdout: answer, stderr: "", code: 0 };
    };

    async #hang(meanwhile: () => void): Promise<never> {
        const aborted = new Promise(resolve => { this.signal.addEventListener("abort", resolve, { once: true }); });
        meanwhile();
        await aborted;
        throw this.signal.reason as Error;
    }

    async #operate(verb: string, address: string, signal: AbortSignal | undefined): ReturnType<RunnablePulumi["run"]> {
        const next = this.#runs.shift();
        if (next?.verb !== verb) return this.#refuse(`${verb}, where ${next?.verb ?? "nothing"} was expected`);
        const { events: told = [], error, hangUntilCancelled, meanwhile } = next.run;
        const ended = error === undefined && !hangUntilCancelled ? [summary(told.length)] : [];
        await send(address, [...told, ...ended], async tellMore => {
            await meanwhile?.();
            if (!hangUntilCancelled) return;
            assert.ok(signal, "what may take long takes a signal");
            if (!signal.aborted) await new Promise(resolve => { signal.addEventListener("abort", resolve, { once: true }); });
            tellMore(hangUntilCancelled);
        });
        if (hangUntilCancelled) throw commandError("error: update canceled");
        if (error !== undefined) throw commandError(error);
        return { stdout: "", stderr: "", code: 0 };
    }

    #refuse(words: string): never {
        this.#unexpected.push(words);
        throw new Error(`unexpected: pulumi ${words}`);
    }

    /** Everything that came was expected, and everything expected came. */
    [Symbol.dispose](): void {
        assert.deepEqual(this.#unexpected, [], "unexpected commands of Pulumi");
        assert.deepEqual(this.#runs.map(({ verb }) => verb), [], "expected operations of the engine that never came");
    }
}

function summary(sequence: number): EngineEvent {
    return { sequence, timestamp: 0, summaryEvent: { maybeCorrupt: false, durationSeconds: 1, resourceChanges: {}, policyPacks: {} } };
}

async function send(address: string, told: readonly EngineEvent[], more: (tell: (events: readonly EngineEvent[]) => void) => Promise<void>): Promise<void> {
    assert.match(address, /^tcp:\/\/127\.0\.0\.1:\d+$/);
    const client = new events.EventsClient(address.slice("tcp://".length), grpc.credentials.createInsecure());
    try {
        let stream!: ReturnType<typeof client.streamEvents>;
        const taken = new Promise<void>((resolve, reject) => {
            stream = client.streamEvents((error: Error | null) => { if (error) reject(error); else resolve(); });
        });
        const tell = (events: readonly EngineEvent[]): void => {
            for (const event of events) stream.write(new messages.EventRequest().setEvent(JSON.stringify(event)));
        };
        tell(told);
        await more(tell);
        stream.end();
        await taken;
    } finally {
        client.close();
    }
}
