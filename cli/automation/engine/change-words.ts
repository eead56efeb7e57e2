import type { Change, ChangeKind, PropertyChange } from "./change";
import type { Verb } from "./operation";

interface Words {
    /** As in "creating web-alb". */
    readonly doing: string;
    /** As in "created web-alb", and in "3 created". */
    readonly done: string;
    /** As in "3 to create". */
    readonly todo: string;
    readonly sign: string;
}

export const words: Readonly<Record<ChangeKind, Words>> = {
    replace: { doing: "replacing", done: "replaced", todo: "replace", sign: "±" },
    delete: { doing: "deleting", done: "deleted", todo: "delete", sign: "-" },
    forget: { doing: "letting go of", done: "let go of, still on AWS", todo: "let go of (stays on AWS)", sign: "…" },
    update: { doing: "updating", done: "updated", todo: "update", sign: "~" },
    create: { doing: "creating", done: "created", todo: "create", sign: "+" },
    import: { doing: "importing", done: "imported", todo: "import", sign: "=" },
    read: { doing: "reading", done: "read", todo: "read", sign: " " },
};

/** How many of each kind, as in "1 to replace, 2 to create". */
export function count(verb: Verb, changes: readonly Change[]): string {
    const counts = countByKind(changes);
    if (counts.length === 0) return "no changes";
    return counts.map(([kind, number]) => `${number} ${verb === "preview" ? `to ${words[kind].todo}` : doneBy(verb, kind)}`).join(", ");
}

const found: Readonly<Partial<Record<ChangeKind, string>>> = { update: "found changed", delete: "found gone" };

/** What has become of a resource. A refresh only finds out. */
export function doneBy(verb: Verb, kind: ChangeKind): string {
    return (verb === "refresh" && found[kind]) || words[kind].done;
}

export function countByKind(changes: readonly Change[]): readonly (readonly [ChangeKind, number])[] {
    return (Object.keys(words) as ChangeKind[])
        .map(kind => [kind, changes.filter(change => change.kind === kind).length] as const)
        .filter(([, number]) => number > 0);
}

/** One property, as in `size: 2 → 4`. */
export function describeProperty({ path, kind, before, after, replaces }: PropertyChange): string {
    const values = [before, after].filter(value => value !== undefined).join(" → ");
    const how = kind === "added" ? "+" : kind === "removed" ? "-" : "~";
    return `${how} ${path}${values === "" ? "" : `: ${values}`}${replaces ? " (why it is replaced)" : ""}`;
}

/** A time for a person: `8 s`, `2 min 5 s`. */
export function duration(seconds: number): string {
    const whole = Math.round(seconds);
    if (whole < 60) return `${whole} s`;
    return `${Math.floor(whole / 60)} min${whole % 60 > 0 ? ` ${whole % 60} s` : ""}`;
}
