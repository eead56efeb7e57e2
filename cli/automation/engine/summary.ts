import type { OutputMap } from "@pulumi/pulumi/automation";
import type { Change, ChangeKind, PropertyChange } from "./change";
import { shortType } from "./change";
import { count, countByKind, describeProperty, duration, words } from "./change-words";
import type { Diagnostic, PolicyViolation, Verb } from "./operation";
import type { Performed } from "./perform";

/** An operation that has ended, for machines: what --json prints. */
export interface Summary {
    readonly schemaVersion: 1;
    readonly stack: string;
    readonly operation: Verb;
    readonly result: "succeeded" | "failed";
    /** Why it failed, for a person. */
    readonly error?: string;
    readonly changes: Readonly<Partial<Record<ChangeKind, number>>>;
    /** Whether the stack's outputs change. */
    readonly outputsChange: boolean;
    readonly resources: readonly {
        readonly urn: string;
        readonly type: string;
        readonly name: string;
        readonly op: ChangeKind;
        readonly properties: readonly PropertyChange[];
    }[];
    /** Secret ones as `[secret]`. */
    readonly outputs?: Readonly<Record<string, unknown>>;
    readonly diagnostics: readonly Diagnostic[];
    readonly policyViolations: readonly PolicyViolation[];
    readonly durationSeconds: number;
}

export const secretMark = "[secret]";

export function summarize(stack: string, { operation, seconds, failure }: Performed, outputs?: OutputMap): Summary {
    const changes = operation.changesOf();
    return {
        schemaVersion: 1, stack, operation: operation.verb,
        result: failure ? "failed" : "succeeded",
        ...(failure && { error: failure.message }),
        changes: Object.fromEntries(countByKind(changes)),
        outputsChange: operation.outputsChange,
        resources: changes.map(({ urn, type, name, kind, properties }) => ({ urn, type, name, op: kind, properties })),
        ...(outputs && { outputs: maskedOutputs(outputs) }),
        diagnostics: operation.diagnostics,
        policyViolations: operation.violations,
        durationSeconds: seconds,
    };
}

export function maskedOutputs(outputs: OutputMap): Readonly<Record<string, unknown>> {
    return Object.fromEntries(Object.entries(outputs).map(([name, { value, secret }]) => [name, secret ? secretMark : value as unknown]));
}

/** What an operation has come to or would do, for a person. */
export function renderSummary(stack: string, { operation, seconds, failure }: Performed): string {
    const changes = operation.changesOf();
    const shown = operation.verb === "preview" ? changes.flatMap(renderChange) : [];
    const outputs = operation.outputsChange && changes.length === 0 ? "; its outputs change" : "";
    return [...shown, `${operation.verb} ${stack}${failure ? ", as far as it came" : ""}: ${count(operation.verb, changes)}${outputs} (${duration(seconds)})`].join("\n");
}

function renderChange({ kind, name, type, properties }: Change): readonly string[] {
    return [`${words[kind].sign} ${words[kind].todo} ${name} (${shortType(type)})`, ...properties.map(property => `      ${describeProperty(property)}`)];
}
