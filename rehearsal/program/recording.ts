import * as pulumi from "@pulumi/pulumi";
import type { RegisterResourceOutputsRequest, RegisterResourceRequest, RegisterResourceResponse } from "@pulumi/pulumi/proto/resource_pb";
import * as debuggable from "@pulumi/pulumi/runtime/debuggable.js";
import { answersOfAccount } from "./account-stand-ins";
import { type Answers, answersOfAws, outputsOf, type Values } from "./stand-ins";

/** One resource as the program described it to the engine. */
export interface Registration {
    readonly urn: string;
    readonly type: string;
    readonly name: string;
    /** Made by a provider; a component of the program is not. */
    readonly custom: boolean;
    /** URN of the parent, undefined at the top. */
    readonly parent: string | undefined;
    /** Inputs, with secrets in clear; `secrets` tells which. */
    readonly inputs: Values;
    /** Names of the inputs that are secret in whole or in part. */
    readonly secrets: readonly string[];
    /** What the program reads back; of a component, what it registered as its outputs. */
    readonly outputs: Values;
    /** URNs of everything that must exist before, be it for an input or by `dependsOn`. */
    readonly dependencies: readonly string[];
    readonly protect: boolean;
    readonly retainOnDelete: boolean;
    readonly ignoreChanges: readonly string[];
}

export interface Recording {
    readonly resources: readonly Registration[];
    /** What the program returned, such as its module with the stack's outputs. */
    readonly result: unknown;
}

export interface RecordingArgs {
    /** Name of the Pulumi project. @default gapless */
    readonly project?: string;
    /** Name of the stack. @default dev */
    readonly stack?: string;
    /** Values of the stack's configuration, by full key. @default none */
    readonly config?: Readonly<Record<string, string>>;
    /** Keys of `config` that are secret. @default none */
    readonly secretKeys?: readonly string[];
    /** Answers to the program's look-ups, by token, beside those of the stand-ins. @default none */
    readonly answers?: Answers;
}

/**
 * Runs a Pulumi program against an engine that makes nothing and remembers everything. Fails when the program fails, when it
 * looks up what nobody answers, and when a promise never settles: in each case a resource may be missing without a word.
 */
export async function record(program: () => unknown, args: RecordingArgs = {}): Promise<Recording> {
    const { project = "gapless", stack = "dev", config = {}, secretKeys = [], answers = {} } = args;
    const known = { ...answersOfAws, ...answersOfAccount(config), ...answers };
    const unanswered = new Set<string>();
    await pulumi.runtime.setMocks(
        {
            newResource: ({ type, name, inputs, id }) => outputsOf({ type, name, inputs: inClear(inputs as Values), id }),
            call: ({ token, inputs }) => {
                const answer = known[token];
                // Nothing instead of an error: a throw here would lose the resources behind the look-up and say less.
                if (!answer) unanswered.add(token);
                return answer?.(inClear(inputs as Values)) ?? {};
            },
        },
        project,
        stack,
    );
    pulumi.runtime.setAllConfig({ ...config }, [...secretKeys]);
    const resources = recordRegistrations();

    const result = await withoutSourceMaps(async () => {
        const result = await program();
        await pulumi.runtime.disconnect();
        return result;
    });
    // Internal to Pulumi and without a type; tests/support/registered.test.ts turns red when it changes.
    const [leaked] = (debuggable as unknown as { leakedPromises(): [ReadonlySet<unknown>] }).leakedPromises();
    if (unanswered.size > 0) throw new Error(`No answer is declared for: ${[...unanswered].join(", ")}`);
    if (leaked.size > 0) throw new Error(`${leaked.size} promises never settled, so resources may be missing`);
    return { resources: [...resources.values()], result };
}

/**
 * Pulumi reads the stack of every promise it makes, and to map those to TypeScript is most of a recording's work. A stack is mapped
 * when it is first read: that of an error, which is read afterwards, still is.
 */
async function withoutSourceMaps<T>(work: () => Promise<T>): Promise<T> {
    process.setSourceMapsEnabled(false);
    try {
        return await work();
    } finally {
        process.setSourceMapsEnabled(true);
    }
}

type Response = Pick<RegisterResourceResponse, "getUrn" | "getId" | "getObject">;
type Done<T> = (error: unknown, response: T | undefined) => void;
interface Engine {
    registerResource(request: RegisterResourceRequest, done: Done<Response>): Promise<void>;
    registerResourceOutputs(request: RegisterResourceOutputsRequest, done: Done<unknown>): void;
}

/** Puts a recorder before the mock engine, because mocks are told neither dependencies nor resource options nor a component's outputs. */
function recordRegistrations(): ReadonlyMap<string, Registration> {
    const resources = new Map<string, Registration>();
    const engine = pulumi.runtime.getMonitor() as unknown as Engine;
    const register = engine.registerResource.bind(engine);
    const registerOutputs = engine.registerResourceOutputs.bind(engine);
    engine.registerResource = (request, done) =>
        register(request, (error, response) => {
            if (response) resources.set(response.getUrn(), registrationOf(request, response));
            done(error, response);
        });
    engine.registerResourceOutputs = (request, done) => {
        const component = resources.get(request.getUrn());
        if (component) resources.set(component.urn, { ...component, outputs: inClear(fieldsOf(request.getOutputs())) });
        registerOutputs(request, done);
    };
    return resources;
}

function registrationOf(request: RegisterResourceRequest, response: Response): Registration {
    const inputs = fieldsOf(request.getObject());
    return {
        urn: response.getUrn(),
        type: request.getType(),
        name: request.getName(),
        custom: request.getCustom(),
        parent: request.getParent() || undefined,
        inputs: inClear(inputs),
        secrets: Object.keys(inputs).filter(key => pulumi.runtime.isRpcSecret(inputs[key])),
        outputs: { ...inClear(fieldsOf(response.getObject())), ...(request.getCustom() && { id: response.getId() }) },
        dependencies: request.getDependenciesList(),
        protect: request.getProtect() ?? false,
        retainOnDelete: request.getRetainondelete() ?? false,
        ignoreChanges: request.getIgnorechangesList(),
    };
}

function fieldsOf(struct: ReturnType<RegisterResourceRequest["getObject"]>): Values {
    return struct ? pulumi.runtime.deserializeProperties(struct) : {};
}

function inClear(values: Values): Values {
    return Object.fromEntries(
        Object.entries(values).map(([key, value]) => [key, pulumi.runtime.unwrapRpcSecret(value) as unknown]),
    );
}
