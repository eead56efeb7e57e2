/** As the engine writes what is known only when it has been made. */
const unknownMark = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/** The key by which the engine marks an object as something other than an object, and its values. */
const kindKey = "4dabf18193072939515e22adb298388d";
const kindWords: Readonly<Record<string, string>> = {
    "1b47061264138c4ac30d75fd1eb44270": "[secret]",
    "c44067f5952c0a294b673a41bacd8c17": "(file)",
    "0def7320c3a5731c473e5ecbe6d01bc7": "(archive)",
};
const longest = 200;

/** The value below a path such as `ingress[0].cidrBlocks` or `tags["a.b"]`; undefined where there is none. */
export function valueAt(values: unknown, path: string): unknown {
    let value = values;
    for (const [, name, quoted, index] of path.matchAll(/\.?([^.[\]]+)|\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]/g)) {
        if (typeof value !== "object" || value === null) return undefined;
        value = (value as Record<string, unknown>)[name ?? quoted ?? index ?? ""];
    }
    return value;
}

/** A value for a person, on one line and not too long. The engine has left secrets out of it already. */
export function showValue(value: unknown): string {
    const bare = JSON.stringify(readable(value)).replaceAll(/"(\(known later\)|\[secret\]|\(file\)|\(archive\))"/g, "$1");
    return bare.length > longest ? `${bare.slice(0, longest)}…` : bare;
}

function readable(value: unknown): unknown {
    if (value === unknownMark) return "(known later)";
    if (Array.isArray(value)) return value.map(readable);
    if (typeof value !== "object" || value === null) return value;
    const kind = (value as Record<string, unknown>)[kindKey];
    if (typeof kind === "string") return kindWords[kind] ?? "(known later)";
    return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, readable(entry)]));
}
