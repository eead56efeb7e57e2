import { EventFailure } from "./failure";

// The agent is a Ruby program that looks into the appspec without checking shapes first: these are the answers it gets.

/** False and null, the two values that Ruby's `||` replaces. */
export function isNothing(value: unknown): boolean {
    return value === null || value === undefined || value === false;
}

/** `entry[key]`: null where a map has no such key, and for a text that does not contain it. */
export function field(entry: unknown, key: string): unknown {
    if (isMap(entry)) {
        return entry[key] ?? null;
    }
    if (typeof entry === "string") {
        return entry.includes(key) ? key : null;
    }
    if (Array.isArray(entry)) {
        throw new EventFailure("no implicit conversion of String into Integer");
    }
    throw refuseMethod("[]", entry);
}

/** `entry.has_key?(key)`, which only a map understands. */
export function hasKey(entry: unknown, key: string): boolean {
    if (!isMap(entry)) {
        throw refuseMethod("has_key?", entry);
    }
    return key in entry;
}

/** `value.each`: a list gives its items, a map its pairs. */
export function each(value: unknown): readonly unknown[] {
    if (Array.isArray(value)) {
        return value;
    }
    if (isMap(value)) {
        return Object.entries(value);
    }
    throw refuseMethod("each", value);
}

/** `value.to_i`: the leading digits of a text, the whole part of a number. */
export function toInteger(value: unknown): number {
    if (typeof value === "number") {
        return Math.trunc(value);
    }
    if (typeof value === "string") {
        return Number(/^\s*[-+]?\d+/.exec(value)?.[0] ?? 0);
    }
    throw refuseMethod("to_i", value);
}

/** `value.to_s`. */
export function toText(value: unknown): string {
    if (value === null || value === undefined) {
        return "";
    }
    return typeof value === "string" ? value : inspect(value);
}

/** `value.inspect`. */
export function inspect(value: unknown): string {
    if (value === null || value === undefined) {
        return "nil";
    }
    if (Array.isArray(value)) {
        return `[${value.map(inspect).join(", ")}]`;
    }
    if (isMap(value)) {
        return `{${Object.entries(value).map(([key, item]) => `${inspect(key)}=>${inspect(item)}`).join(", ")}}`;
    }
    return JSON.stringify(value);
}

/** Ruby's complaint about a value that does not know a method. */
export function refuseMethod(method: string, value: unknown): EventFailure {
    return new EventFailure(`undefined method \`${method}' for ${inspect(value)}:${className(value)}`);
}

function className(value: unknown): string {
    if (value === null || value === undefined) {
        return "NilClass";
    }
    if (Array.isArray(value)) {
        return "Array";
    }
    if (typeof value === "number") {
        return Number.isInteger(value) ? "Integer" : "Float";
    }
    return { string: "String", boolean: value === true ? "TrueClass" : "FalseClass" }[typeof value as string] ?? "Hash";
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}
