import { isDeepStrictEqual } from "node:util";
import type { Registration } from "../../../rehearsal/program/recording";
import type { Registered } from "../../support/registered";
import { replaces } from "./replacing";
import { reset } from "./reset";

export interface PlannedStep {
    readonly does: "create" | "update" | "replace" | "delete";
    readonly resource: Registration;
    /** Names of the inputs that differ. */
    readonly changed: readonly string[];
}

/**
 * What `pulumi up` would do with a stack that was made by one program when another is run: first what is made or changes, each after all that it
 * depends on; then what goes, each before all that it depends on. Resources that a component of another project makes are left out.
 */
export function planOf(before: readonly Registration[], now: Registered): readonly PlannedStep[] {
    const old = new Map(before.map(resource => [resource.urn, resource]));
    const kept = new Set(now.all.map(({ urn }) => urn));
    const made = inOrder(now.all).flatMap(resource => stepOf(old.get(resource.urn), resource));
    const gone = inOrder(before).filter(({ urn, custom }) => custom && !kept.has(urn)).reverse();
    return [...made, ...gone.map((resource): PlannedStep => ({ does: "delete", resource, changed: [] }))];
}

function stepOf(old: Registration | undefined, now: Registration): readonly PlannedStep[] {
    if (!now.custom) return [];
    if (!old) return [{ does: "create", resource: now, changed: [] }];
    const inputs = reset(old.inputs, now.inputs, now.ignoreChanges);
    const changed = [...new Set([...Object.keys(old.inputs), ...Object.keys(inputs)])].filter(key => !isDeepStrictEqual(old.inputs[key], inputs[key])).sort();
    if (changed.length === 0) return [];
    return [{ does: replaces(now.type, changed) ? "replace" : "update", resource: now, changed }];
}

/** Each after all that it depends on, else by name. */
function inOrder(resources: readonly Registration[]): readonly Registration[] {
    const known = new Map(resources.map(resource => [resource.urn, resource]));
    const ordered = new Set<Registration>();
    const visit = (resource: Registration) => {
        if (ordered.has(resource)) return;
        for (const urn of [...resource.dependencies].sort()) {
            const earlier = known.get(urn);
            if (earlier) visit(earlier);
        }
        ordered.add(resource);
    };
    for (const resource of [...resources].sort((a, b) => (a.name < b.name ? -1 : 1))) visit(resource);
    return [...ordered];
}

/** A step in one line: what it does, to what, and which inputs it changes. */
export function told({ does, resource: { name }, changed }: PlannedStep): string {
    return changed.length === 0 ? `${does} ${name}` : `${does} ${name}: ${changed.join(", ")}`;
}

/** A state in which inputs are others than the program's, as after a refresh: for the resources of these names. */
export function withReality(made: Registered, real: Readonly<Record<string, Readonly<Record<string, unknown>>>>): readonly Registration[] {
    for (const name of Object.keys(real)) made.named(name);
    return made.all.map(resource => ({ ...resource, inputs: { ...resource.inputs, ...real[resource.name] } }));
}
