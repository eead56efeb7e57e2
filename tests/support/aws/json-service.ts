import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { StaticOperationSchema } from "@smithy/types";
import { accessAt, type DoubleAccess } from "./double-access";
import { Faults } from "./faults";
import { ServiceError } from "./service-error";
import { readInput, WireError, writeOutput } from "./wire-model";

/** A call as it came in, refused ones included. */
export interface Call {
    readonly operation: string;
    readonly input: unknown;
}

/** An operation: input as the SDK sends it in, output as the SDK gives it out, errors as {@link ServiceError}. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each operation has an input of its own; the model has checked it
export type Operation = (input: any) => object | Promise<object>;

/**
 * A service of AWS that speaks JSON 1.1, on loopback. Inputs and outputs are held against the model that the SDK's own
 * client carries, so a misspelt member is refused here as it would be lost there.
 */
export class JsonService implements AsyncDisposable {
    /** Every call, in order. */
    readonly calls: Call[] = [];
    readonly faults = new Faults();
    private readonly server: Server;
    private readonly waiting: (() => void)[] = [];

    /**
     * @param model exports of the SDK's client, with a schema `<operation>$` for each operation
     * @param operations those that the double knows
     */
    protected constructor(private readonly model: object, private readonly operations: () => Readonly<Record<string, Operation>>) {
        this.server = createServer((request, response) => void this.serve(request, response));
        // Nobody is kept alive by a double.
        this.server.unref();
    }

    /** Address, for AWS_ENDPOINT_URL_… of a child process. */
    get url(): string {
        return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    }

    /** For `new XClient(…)`. One try a call, so that faults reach the code at once: the SDK's own pauses take real time. */
    get access(): DoubleAccess {
        return accessAt(this.url);
    }

    /** The inputs of an operation's calls, in order. */
    inputsOf(operation: string): readonly unknown[] {
        return this.calls.filter(call => call.operation === operation).map(({ input }) => input);
    }

    /** The operations that were called, in order. */
    get operationsCalled(): readonly string[] {
        return this.calls.map(({ operation }) => operation);
    }

    /** Resolves when an operation was called so many times, counted from the beginning. */
    async called(operation: string, times = 1): Promise<void> {
        while (this.inputsOf(operation).length < times) await new Promise<void>(resolve => this.waiting.push(resolve));
    }

    protected async listen(): Promise<void> {
        await new Promise<void>(resolve => this.server.listen(0, "127.0.0.1", resolve));
    }

    async [Symbol.asyncDispose](): Promise<void> {
        this.server.closeAllConnections();
        await new Promise(resolve => this.server.close(resolve));
    }

    private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
        const operation = String(request.headers["x-amz-target"]).replace(/^.*\./, "");
        const body = await text(request);
        try {
            const input = JSON.parse(body) as unknown;
            this.calls.push({ operation, input });
            for (const resolve of this.waiting.splice(0)) resolve();
            const fault = this.faults.take(operation);
            if (fault === "drop") request.socket.destroy();
            else if (fault !== "hang") answer(response, 200, await this.carryOut(operation, input, fault?.refuse));
        } catch (error) {
            const { code, message, status } = asServiceError(error);
            answer(response, status, { __type: code, message });
        }
    }

    private async carryOut(operation: string, json: unknown, refusal: ServiceError | undefined): Promise<unknown> {
        if (refusal) throw refusal;
        const schema = (this.model as Readonly<Record<string, StaticOperationSchema | undefined>>)[`${operation}$`];
        const known = this.operations()[operation];
        if (!schema || !known) throw new ServiceError("UnknownOperationException", `The double of this service does not know ${operation}`);
        const input = readInputOf(schema, json);
        return writeOutput(schema, await known(input));
    }
}

function readInputOf(schema: StaticOperationSchema, json: unknown): unknown {
    try {
        return readInput(schema, json);
    } catch (error) {
        if (error instanceof WireError) throw new ServiceError("ValidationException", error.message);
        throw error;
    }
}

// A mistake of the double itself must not look like a refusal.
function asServiceError(error: unknown): ServiceError {
    return error instanceof ServiceError ? error : new ServiceError("InternalFailure", `The double failed: ${String(error)}`, 500);
}

function answer(response: ServerResponse, status: number, body: unknown): void {
    response.writeHead(status, { "content-type": "application/x-amz-json-1.1", "x-amzn-requestid": "double" });
    response.end(JSON.stringify(body));
}
