import { createRequire } from "node:module";
import { promisify } from "node:util";
import type * as Grpc from "@grpc/grpc-js";
import * as pulumi from "@pulumi/pulumi";
import type * as EngineServices from "@pulumi/pulumi/proto/engine_grpc_pb";
import type * as EngineMessages from "@pulumi/pulumi/proto/engine_pb";
import type * as ProviderMessages from "@pulumi/pulumi/proto/provider_pb";
import type * as ResourceServices from "@pulumi/pulumi/proto/resource_grpc_pb";
import type * as ResourceMessages from "@pulumi/pulumi/proto/resource_pb";
import type * as Empties from "google-protobuf/google/protobuf/empty_pb";
import type * as Structs from "google-protobuf/google/protobuf/struct_pb";
import { answersOfAccount } from "../../rehearsal/program/account-stand-ins";
import { type Answers, answersOfAws, outputsOf, type Values } from "../../rehearsal/program/stand-ins";

// Loaded from where Pulumi stands, for these must be the very copies that its generated code uses.
const ofPulumi = createRequire(createRequire(import.meta.url).resolve("@pulumi/pulumi"));
const grpc = ofPulumi("@grpc/grpc-js") as typeof Grpc;
const { Struct } = ofPulumi("google-protobuf/google/protobuf/struct_pb") as typeof Structs;
const { Empty } = ofPulumi("google-protobuf/google/protobuf/empty_pb") as typeof Empties;
const { EngineService } = ofPulumi("./proto/engine_grpc_pb") as typeof EngineServices;
const engineMessages = ofPulumi("./proto/engine_pb") as typeof EngineMessages;
const { InvokeResponse } = ofPulumi("./proto/provider_pb") as typeof ProviderMessages;
const { ResourceMonitorService } = ofPulumi("./proto/resource_grpc_pb") as typeof ResourceServices;
const resourceMessages = ofPulumi("./proto/resource_pb") as typeof ResourceMessages;

/** A resource as the runner asked for it. */
export interface RequestedResource {
    readonly type: string;
    readonly name: string;
    readonly inputs: Values;
}

/** Stands for Pulumi's engine towards Pulumi's own Node runner: makes nothing, answers like AWS, remembers what it was told. */
export class EngineDouble {
    readonly resources: RequestedResource[] = [];
    /** What the program told its user, such as `error: …`. */
    readonly messages: string[] = [];
    /** Outputs of the stack. */
    outputs: Values = {};
    private stackUrn = "";
    private port = 0;
    private readonly server = new grpc.Server();

    private constructor(config: Values) {
        const answers: Answers = { ...answersOfAws, ...answersOfAccount(config) };
        this.server.addService(ResourceMonitorService, {
            // Without values that know they are outputs, inputs arrive plain.
            supportsFeature: answering((request: ResourceMessages.SupportsFeatureRequest) =>
                new resourceMessages.SupportsFeatureResponse().setHassupport(request.getId() !== "outputValues")),
            registerResource: answering((request: ResourceMessages.RegisterResourceRequest) => this.register(request)),
            registerResourceOutputs: answering((request: ResourceMessages.RegisterResourceOutputsRequest) => {
                if (request.getUrn() === this.stackUrn) this.outputs = valuesOf(request.getOutputs());
                return new Empty();
            }),
            readResource: answering((request: ResourceMessages.ReadResourceRequest) => this.read(request)),
            invoke: answering((request: ResourceMessages.ResourceInvokeRequest) => {
                const answer = answers[request.getTok()];
                if (!answer) throw new Error(`No answer is declared for ${request.getTok()}`);
                return new InvokeResponse().setReturn(structOf(answer(valuesOf(request.getArgs()))));
            }),
            signalAndWaitForShutdown: answering(() => new Empty()),
        });
        this.server.addService(EngineService, {
            log: answering((request: EngineMessages.LogRequest) => {
                const severity = severities[request.getSeverity()];
                if (severity !== "debug") this.messages.push(`${severity}: ${request.getMessage()}`);
                return new Empty();
            }),
            getRootResource: answering(() => new engineMessages.GetRootResourceResponse().setUrn(this.stackUrn)),
            setRootResource: answering((request: EngineMessages.SetRootResourceRequest) => {
                this.stackUrn = request.getUrn();
                return new engineMessages.SetRootResourceResponse();
            }),
        });
    }

    /** Starts an engine on a free port of this machine, for a stack of that config. */
    static async start(config: Values): Promise<EngineDouble> {
        const engine = new EngineDouble(config);
        const bind = promisify(engine.server.bindAsync.bind(engine.server));
        engine.port = await bind("127.0.0.1:0", grpc.ServerCredentials.createInsecure());
        return engine;
    }

    get address(): string {
        return `127.0.0.1:${this.port}`;
    }

    [Symbol.dispose](): void {
        this.server.forceShutdown();
    }

    private register(request: ResourceMessages.RegisterResourceRequest): ResourceMessages.RegisterResourceResponse {
        const [type, name, inputs] = [request.getType(), request.getName(), valuesOf(request.getObject())];
        this.resources.push({ type, name, inputs });
        const fromProvider = request.getCustom() || request.getRemote();
        const { id, state } = outputsOf({ type, name, inputs });
        return new resourceMessages.RegisterResourceResponse()
            .setUrn(`urn:pulumi:stack::project::${type}::${name}`)
            .setId(request.getCustom() ? id : "")
            .setObject(structOf(fromProvider ? state : {}));
    }

    private read(request: ResourceMessages.ReadResourceRequest): ResourceMessages.ReadResourceResponse {
        const [type, name] = [request.getType(), request.getName()];
        const { state } = outputsOf({ type, name, inputs: valuesOf(request.getProperties()), id: request.getId() });
        return new resourceMessages.ReadResourceResponse().setUrn(`urn:pulumi:stack::project::${type}::${name}`).setProperties(structOf(state));
    }
}

const severities = { 0: "debug", 1: "info", 2: "warning", 3: "error" } as const;

/** A gRPC method that answers at once. */
function answering<Request, Response>(answer: (request: Request) => Response): Grpc.handleUnaryCall<Request, Response> {
    return ({ request }, done) => {
        try {
            done(null, answer(request));
        } catch (error) {
            done(error as Error);
        }
    };
}

function valuesOf(struct: Structs.Struct | undefined): Values {
    const values = struct ? (pulumi.runtime.deserializeProperties(struct) as Values) : {};
    return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, pulumi.runtime.unwrapRpcSecret(value) as unknown]));
}

function structOf(values: Values): Structs.Struct {
    // By way of JSON, because a struct knows no undefined.
    return Struct.fromJavaScript(JSON.parse(JSON.stringify(values)) as Parameters<typeof Struct.fromJavaScript>[0]);
}
