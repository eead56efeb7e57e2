import type { EngineEvent } from "@pulumi/pulumi/automation";
import { showValue, valueAt } from "./property-value";

export type StepMetadata = NonNullable<EngineEvent["resourcePreEvent"]>["metadata"];
type Op = StepMetadata["op"];

/** What becomes of a resource. `forget`: Pulumi manages it no longer, and it stays on AWS. */
export type ChangeKind = "create" | "update" | "replace" | "delete" | "import" | "read" | "forget";

/** In the order in which they are told: what may hurt comes first. */
export const changeKinds: readonly ChangeKind[] = ["replace", "delete", "forget", "update", "create", "import", "read"];

export interface PropertyChange {
    /** Such as `tags.stage` or `ingress[0].fromPort`. */
    readonly path: string;
    readonly kind: "added" | "removed" | "changed";
    /** Whether it is why the resource is replaced. */
    readonly replaces: boolean;
    /** As text, secrets left out; undefined where there is none. */
    readonly before?: string;
    readonly after?: string;
}

export interface Change {
    readonly urn: string;
    readonly type: string;
    readonly name: string;
    readonly kind: ChangeKind;
    readonly properties: readonly PropertyChange[];
}

const kinds: Readonly<Partial<Record<Op, ChangeKind>>> = {
    "create": "create",
    "update": "update",
    "delete": "delete",
    "replace": "replace",
    "create-replacement": "replace",
    "delete-replaced": "replace",
    "read": "read",
    "read-replacement": "replace",
    "import": "import",
    "import-replacement": "replace",
    "discard": "forget",
};

/** What a step changes; undefined for a resource that stays as it is. */
export function changeOf(step: StepMetadata): Change | undefined {
    const kind = kinds[step.op];
    if (kind === undefined) return undefined;
    return {
        urn: step.urn, type: step.type, name: nameOf(step.urn),
        kind: kind === "delete" && step.old?.retainOnDelete === true ? "forget" : kind,
        properties: propertiesOf(step),
    };
}

/** A replacement is told in up to three steps; what any of them tells of properties counts. */
export function join(earlier: Change | undefined, later: Change): Change {
    if (!earlier) return later;
    const replaced = earlier.kind === "replace" || later.kind === "replace";
    return {
        ...later,
        kind: replaced ? "replace" : later.kind,
        properties: later.properties.length > 0 ? later.properties : earlier.properties,
    };
}

/** A resource's own name, last in `urn:pulumi:<stack>::<project>::<types>::<name>`. */
export function nameOf(urn: string): string {
    return urn.split("::").slice(3).join("::") || urn;
}

/** What is left to tell people of a type such as `aws:lb/loadBalancer:LoadBalancer`. */
export function shortType(type: string): string {
    const [packageName = "", module = "", name = ""] = type.split(":");
    return [packageName, module.split("/", 1)[0], name].filter(part => part && part !== "index").join(":");
}

/** What is made or removed changes as a whole. */
const wholeOps: readonly Op[] = ["create", "delete", "read", "import"];

function propertiesOf(step: StepMetadata): readonly PropertyChange[] {
    if (wholeOps.includes(step.op)) return [];
    return Object.keys(step.detailedDiff ?? {}).length > 0 ? detailedOf(step) : roughOf(step);
}

function detailedOf({ detailedDiff = {}, old, new: now }: StepMetadata): readonly PropertyChange[] {
    return Object.entries(detailedDiff).map(([path, { diffKind, inputDiff }]) => {
        const [verb, replaces] = diffKind.split("-");
        const kind = verb === "add" ? "added" : verb === "delete" ? "removed" : "changed";
        const before = valueAt(inputDiff ? old?.inputs : { ...old?.inputs, ...old?.outputs }, path);
        return property(path, kind, replaces !== undefined, before, valueAt(now?.inputs, path));
    });
}

/** Of providers that tell only the names of what changes. */
function roughOf({ diffs, keys = [], old, new: now }: StepMetadata): readonly PropertyChange[] {
    return (diffs ?? keys).map(path => {
        const [before, after] = [valueAt(old?.inputs, path), valueAt(now?.inputs, path)];
        const kind = before === undefined ? "added" : after === undefined ? "removed" : "changed";
        return property(path, kind, keys.includes(path), before, after);
    });
}

function property(path: string, kind: PropertyChange["kind"], replaces: boolean, before: unknown, after: unknown): PropertyChange {
    return {
        path, kind, replaces,
        ...(kind !== "added" && before !== undefined && { before: showValue(before) }),
        ...(kind !== "removed" && after !== undefined && { after: showValue(after) }),
    };
}
