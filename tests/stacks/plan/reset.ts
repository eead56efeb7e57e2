/** Inputs of a resource, or a part of them. */
export type Inputs = Readonly<Record<string, unknown>>;

type Key = string | number;

/**
 * The inputs that Pulumi compares with those of the state: what `ignoreChanges` names is the state's. Where that has no such thing, the program's
 * is dropped, also from below a part that the state does not have at all; so does `PropertyPath.Reset` of Pulumi's Go SDK.
 */
export function reset(old: Inputs, now: Inputs, ignoreChanges: readonly string[]): Inputs {
    // What holds an asset cannot be copied.
    if (ignoreChanges.length === 0) return now;
    const inputs = structuredClone(now) as Record<string, unknown>;
    for (const path of ignoreChanges) resetPath(old, inputs, keysOf(path));
    return inputs;
}

/** `a[0].b` as `a`, 0, `b`. */
function keysOf(path: string): readonly Key[] {
    return [...path.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map(([, index, name = ""]) => (index === undefined ? name : Number(index)));
}

function resetPath(old: unknown, now: unknown, [key, ...rest]: readonly Key[]): void {
    if (key === undefined || !isHolder(now)) return;
    const earlier = isHolder(old) ? old[key] : undefined;
    if (rest.length > 0) resetPath(earlier, now[key], rest);
    else if (earlier === undefined) Reflect.deleteProperty(now, key);
    else now[key] = earlier;
}

function isHolder(value: unknown): value is Record<Key, unknown> {
    return typeof value === "object" && value !== null;
}
