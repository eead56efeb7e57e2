import type { StaticOperationSchema, StaticStructureSchema } from "@smithy/types";

/** The input of a call is not what AWS's model of the operation demands. */
export class WireError extends Error {
    override readonly name = "WireError";
}

/** A shape of the model, as the SDK's clients carry it: `[kind, namespace, name, traits, …]`, or a number for what is plain. */
type Shape = number | string | readonly [number, ...unknown[]];

const kinds = { simple: 0, list: 1, map: 2, structure: 3, union: 4 } as const;
const plain = { string: 0, number: 1, boolean: 2 } as const;
// Bits that make a list or a map of a plain shape.
const listBit = 64;
const mapBit = 128;

/** Reads the input of an operation: known members alone, none missing that must be there, each of its type. */
export function readInput(operation: StaticOperationSchema, json: unknown): unknown {
    return convert(resolve(operation[4]), json, "", fromWire);
}

/** Writes the output of an operation. What the model does not know must not be there: clients would drop it without a word. */
export function writeOutput(operation: StaticOperationSchema, output: unknown): unknown {
    return convert(resolve(operation[5]), output, "", toWire);
}

/** What differs between the two directions. */
interface Direction {
    time(value: unknown, path: string): unknown;
    /** Whether members that the model demands must be there. */
    readonly demanding: boolean;
}

// AWS's JSON has times as seconds since 1970, with a fraction.
const fromWire: Direction = {
    time: (value, path) => new Date(expectType(value, "number", path) as number * 1000),
    demanding: true,
};
const toWire: Direction = {
    time: (value, path) => {
        if (value instanceof Date) return value.getTime() / 1000;
        throw new WireError(`Value ${JSON.stringify(value)} at '${path}' must be a time`);
    },
    demanding: false,
};

function convert(shape: Shape, value: unknown, path: string, direction: Direction): unknown {
    if (typeof shape === "number") return convertNumbered(shape, value, path, direction);
    // Of operations that take or give nothing.
    if (typeof shape === "string") return {};
    const [kind] = shape;
    switch (kind) {
        case kinds.simple: return convert(resolve(shape[4]), value, path, direction);
        case kinds.list: return convertList(resolve(shape[4]), value, path, direction);
        case kinds.map: return convertMap(resolve(shape[5]), value, path, direction);
        default: return convertStructure(shape as unknown as StaticStructureSchema, value, path, direction);
    }
}

function convertNumbered(shape: number, value: unknown, path: string, direction: Direction): unknown {
    if (shape & mapBit) return convertMap(shape & ~mapBit, value, path, direction);
    if (shape & listBit) return convertList(shape & ~listBit, value, path, direction);
    switch (shape) {
        case plain.string: return expectType(value, "string", path);
        case plain.number: return expectType(value, "number", path);
        case plain.boolean: return expectType(value, "boolean", path);
        case 4: case 5: case 6: case 7: return direction.time(value, path);
        default: return value;
    }
}

function convertList(of: Shape, value: unknown, path: string, direction: Direction): unknown {
    if (!Array.isArray(value)) throw new WireError(`Value ${JSON.stringify(value)} at '${path}' must be a list`);
    return value.map((item, index) => convert(of, item, `${path}.${index + 1}.member`, direction));
}

function convertMap(of: Shape, value: unknown, path: string, direction: Direction): unknown {
    const entries = Object.entries(expectType(value, "object", path) as object);
    return Object.fromEntries(entries.map(([key, item]) => [key, convert(of, item, `${path}.${key}`, direction)]));
}

function convertStructure(shape: StaticStructureSchema, value: unknown, path: string, direction: Direction): unknown {
    const [, , name, , members, shapes, demanded = 0] = shape;
    // JSON knows no undefined, and the SDK sends no member that is.
    const given = Object.entries(expectType(value, "object", path) as object).filter(([, item]) => item !== undefined && item !== null);
    const names = new Set(given.map(([key]) => key));
    const at = (member: string): string => (path === "" ? member : `${path}.${member}`);
    // The SDK lists those that must be there first.
    const missing = direction.demanding ? members.slice(0, demanded).find(member => !names.has(member)) : undefined;
    if (missing !== undefined) throw new WireError(`1 validation error detected: Value null at '${at(missing)}' failed to satisfy constraint: Member must not be null`);
    return Object.fromEntries(given.map(([key, item]) => {
        const index = members.indexOf(key);
        if (index < 0) throw new WireError(`${name} has no member '${at(key)}'`);
        return [key, convert(resolve(shapes[index]), item, at(key), direction)];
    }));
}

function expectType(value: unknown, type: "string" | "number" | "boolean" | "object", path: string): unknown {
    if (typeof value === type && value !== null) return value;
    throw new WireError(`Value ${JSON.stringify(value)} at '${path}' must be a ${type}`);
}

function resolve(reference: unknown): Shape {
    let shape = reference;
    while (typeof shape === "function") shape = (shape as () => unknown)();
    // A member with traits of its own is a pair of its shape and them.
    return Array.isArray(shape) && shape.length === 2 ? resolve(shape[0]) : shape as Shape;
}
