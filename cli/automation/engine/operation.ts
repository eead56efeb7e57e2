import { isDeepStrictEqual } from "node:util";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { type Change, changeKinds, type ChangeKind, changeOf, join, nameOf, type StepMetadata } from "./change";
import { plainMessage } from "./plain-message";

export type Verb = "preview" | "up" | "refresh" | "destroy";

export interface Diagnostic {
    readonly severity: "warning" | "error";
    /** Name of the resource that it is about; undefined for the stack as a whole. */
    readonly resource?: string;
    readonly message: string;
}

export interface PolicyViolation {
    readonly policy: string;
    readonly mandatory: boolean;
    readonly resource?: string;
    readonly message: string;
}

/** A resource that the engine works at. */
export interface Work {
    readonly name: string;
    readonly type: string;
    readonly kind: ChangeKind;
    readonly since: Date;
}

/** What has come of an event, for whoever tells it. */
export type News =
    | { readonly done: Change; readonly seconds: number }
    | { readonly failed: Work }
    | { readonly diagnostic: Diagnostic }
    | { readonly violation: PolicyViolation };

/** What the engine has told of one of its operations so far. */
export class Operation {
    readonly changes = new Map<string, Change>();
    readonly diagnostics: Diagnostic[] = [];
    readonly violations: PolicyViolation[] = [];
    /** By URN. */
    readonly running = new Map<string, Work>();
    /** Whether the stack tells something else of itself than before. */
    outputsChange = false;
    readonly #seen = new Set<string>();
    readonly #done = new Set<string>();

    /** @param expected how many resources there were before, or in the preview; 0 for not known */
    constructor(readonly verb: Verb, readonly begun: Date, readonly expected = 0) {}

    get done(): number { return this.#done.size; }

    get total(): number { return Math.max(this.expected, this.#seen.size); }

    /** Whether AWS or what Pulumi manages there becomes another. What is only read does not. */
    get changed(): boolean { return this.changesOf().length > 0; }

    /** What changes, in the order in which it is told. */
    changesOf(): readonly Change[] {
        return changeKinds.filter(kind => kind !== "read")
            .flatMap(kind => [...this.changes.values()].filter(change => change.kind === kind));
    }

    /** Takes in what the engine tells; what is worth telling of it. Never throws: the Automation API would swallow it. */
    take(event: EngineEvent, now: Date): News | undefined {
        if (event.resourcePreEvent) this.#begin(event.resourcePreEvent.metadata, now);
        if (event.resOutputsEvent) return this.#end(event.resOutputsEvent.metadata, now);
        if (event.resOpFailedEvent) return this.#fail(event.resOpFailedEvent.metadata);
        if (event.policyEvent) return this.#violation(event.policyEvent);
        return event.diagnosticEvent && this.#diagnose(event.diagnosticEvent);
    }

    #begin(step: StepMetadata, now: Date): void {
        this.#seen.add(step.urn);
        const change = changeOf(step);
        if (!change) return;
        this.changes.set(step.urn, join(this.changes.get(step.urn), change));
        this.running.set(step.urn, { name: change.name, type: change.type, kind: change.kind, since: now });
    }

    #end(step: StepMetadata, now: Date): News | undefined {
        this.#seen.add(step.urn);
        this.#done.add(step.urn);
        if (step.type === "pulumi:pulumi:Stack" && !isDeepStrictEqual(step.old?.outputs ?? {}, step.new?.outputs ?? {})) this.outputsChange = true;
        const begun = this.running.get(step.urn);
        this.running.delete(step.urn);
        // What a refresh finds out is known only at its end.
        const found = changeOf(step);
        if (!found) return undefined;
        const change = join(this.changes.get(step.urn), found);
        this.changes.set(step.urn, change);
        return { done: change, seconds: begun ? (now.getTime() - begun.since.getTime()) / 1000 : 0 };
    }

    #fail(step: StepMetadata): News | undefined {
        const work = this.running.get(step.urn);
        this.running.delete(step.urn);
        // What was not made, changed or deleted is no change.
        this.changes.delete(step.urn);
        return work && { failed: work };
    }

    #diagnose({ severity, message, urn, ephemeral }: NonNullable<EngineEvent["diagnosticEvent"]>): News | undefined {
        if (ephemeral === true || (severity !== "warning" && severity !== "error")) return undefined;
        const text = plainMessage(message);
        if (text === "") return undefined;
        const diagnostic = { severity, message: text, ...resourceOf(urn) };
        this.diagnostics.push(diagnostic);
        return { diagnostic };
    }

    #violation({ policyName, enforcementLevel, message, resourceUrn }: NonNullable<EngineEvent["policyEvent"]>): News {
        const violation = { policy: policyName, mandatory: enforcementLevel === "mandatory", message: plainMessage(message), ...resourceOf(resourceUrn) };
        this.violations.push(violation);
        return { violation };
    }
}

function resourceOf(urn: string | undefined): { readonly resource?: string } {
    return urn && !urn.includes("::pulumi:pulumi:Stack::") ? { resource: nameOf(urn) } : {};
}
