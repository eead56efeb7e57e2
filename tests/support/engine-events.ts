import type { EngineEvent } from "@pulumi/pulumi/automation";

// Event logs of Pulumi's engine, made by hand from the engine's event types, which the compiler holds them to: there is no engine
// where these tests run. What no type says is as Pulumi 3.248 does it: the order of the steps of a replacement, `<{%…%}>` for colours,
// `[secret]` for secrets.

type Step = NonNullable<EngineEvent["resourcePreEvent"]>["metadata"];
type State = NonNullable<Step["old"]>;

export const stackUrn = "urn:pulumi:dev::gapless::pulumi:pulumi:Stack::gapless-dev";

export function urn(type: string, name: string): string {
    return `urn:pulumi:dev::gapless::${type}::${name}`;
}

function state(type: string, name: string, about: Partial<State>): State {
    return { type, urn: urn(type, name), id: `${name}-id`, parent: stackUrn, inputs: {}, outputs: {}, provider: "", ...about };
}

let sequence = 0;

function event(content: Omit<EngineEvent, "sequence" | "timestamp">): EngineEvent {
    return { sequence: sequence++, timestamp: 1_767_225_600, ...content };
}

export interface StepAbout {
    readonly op: Step["op"];
    readonly type: string;
    readonly name: string;
    readonly before?: Record<string, unknown>;
    readonly after?: Record<string, unknown>;
    readonly detailedDiff?: Record<string, { readonly diffKind: string; readonly inputDiff: boolean }>;
    readonly diffs?: string[];
    readonly keys?: string[];
    readonly retainOnDelete?: boolean;
}

function metadata({ op, type, name, before, after, retainOnDelete, detailedDiff, ...more }: StepAbout): Step {
    return {
        op, type, urn: urn(type, name), provider: "urn:pulumi:dev::gapless::pulumi:providers:aws::default::id", ...more,
        ...(detailedDiff && { detailedDiff: detailedDiff as NonNullable<Step["detailedDiff"]> }),
        ...(before && { old: state(type, name, { inputs: before, ...(retainOnDelete && { retainOnDelete }) }) }),
        ...(after && { new: state(type, name, { inputs: after }) }),
    };
}

export function begin(step: StepAbout): EngineEvent { return event({ resourcePreEvent: { metadata: metadata(step) } }); }
export function end(step: StepAbout): EngineEvent { return event({ resOutputsEvent: { metadata: metadata(step) } }); }
export function whole(step: StepAbout): readonly EngineEvent[] { return [begin(step), end(step)]; }
export function fail(step: StepAbout): EngineEvent { return event({ resOpFailedEvent: { metadata: metadata(step), status: 1, steps: 1 } }); }

export function diagnostic(severity: "info" | "warning" | "error", message: string, urn?: string, ephemeral = false): EngineEvent {
    return event({ diagnosticEvent: { severity, message, color: "raw", ephemeral, ...(urn && { urn }) } });
}

export function policy(enforcementLevel: "warning" | "mandatory", message: string, resourceUrn: string): EngineEvent {
    return event({ policyEvent: { enforcementLevel, message, resourceUrn, color: "raw", policyName: "no-open-ports", policyPackName: "own", policyPackVersion: "1", policyPackVersionTag: "1" } });
}

/** The stack's own step, which also tells the outputs. */
export function stackStep(before: Record<string, unknown>, after: Record<string, unknown>): EngineEvent {
    const type = "pulumi:pulumi:Stack";
    return event({ resOutputsEvent: { metadata: { op: "same", type, urn: stackUrn, provider: "", old: state(type, "gapless-dev", { outputs: before }), new: state(type, "gapless-dev", { outputs: after }) } } });
}

export const alb = { type: "aws:lb/loadBalancer:LoadBalancer", name: "web-alb" } as const;
export const group = { type: "aws:autoscaling/group:Group", name: "web-group" } as const;
export const old = { type: "aws:ec2/instance:Instance", name: "old-host" } as const;

/** One is replaced, one updated, one deleted, and one stays. */
export const someChanges: readonly EngineEvent[] = [
    ...whole({ op: "same", type: "aws:ec2/vpc:Vpc", name: "network", before: {}, after: {} }),
    ...whole({ op: "update", ...group, before: { maxSize: 2, tags: { a: "b" } }, after: { maxSize: 4 }, detailedDiff: { maxSize: { diffKind: "update", inputDiff: true }, "tags.a": { diffKind: "delete", inputDiff: true } } }),
    ...whole({ op: "create-replacement", ...alb, before: { internal: false }, after: { internal: true }, keys: ["internal"], detailedDiff: { internal: { diffKind: "update-replace", inputDiff: true } } }),
    ...whole({ op: "replace", ...alb, before: { internal: false }, after: { internal: true }, detailedDiff: { internal: { diffKind: "update-replace", inputDiff: true } } }),
    ...whole({ op: "delete-replaced", ...alb, before: { internal: false } }),
    ...whole({ op: "delete", ...old, before: {} }),
    stackStep({ url: "http://a" }, { url: "http://a" }),
];

export const nothingChanges: readonly EngineEvent[] = [
    ...whole({ op: "same", ...group, before: {}, after: {} }),
    stackStep({ url: "http://a" }, { url: "http://a" }),
];
