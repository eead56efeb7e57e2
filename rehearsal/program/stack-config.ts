import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { z } from "zod";
import { standInFor, wholeStandInFor } from "./encrypted-stand-ins";
import { region as someRegion } from "./stand-ins";

/** A stack's file or the project's file cannot be read as what it should be. */
export class StackFileError extends Error {
    override readonly name = "StackFileError";
}

/** Config of a stack as Pulumi would hand it to the program: values as text, by full key. */
export interface StackConfig {
    readonly project: string;
    readonly config: Readonly<Record<string, string>>;
    /** Keys whose values stand encrypted in the stack's file; their values here are stand-ins. */
    readonly secretKeys: readonly string[];
}

const projectFile = z.object({
    name: z.string(),
    config: z.record(z.string(), z.object({ default: z.unknown() })).default({}),
});
const stackFile = z.object({ config: z.record(z.string(), z.unknown()).nullish() }).nullable();

/** Settings of the project by their names, over those of its files; text is read as the setting's kind, as Pulumi's own config is. */
export type Overrides = Readonly<Record<string, unknown>>;

/** Overrides a setting by a value that passes for one of its own, for what is known only here. */
export const madeUp = { secure: "made up" } as const;

/** Reads the defaults of `Pulumi.yaml` and over them what `Pulumi.<stack>.yaml` says, and over that what somebody wants otherwise. */
export function readStackConfig(folder: string, stack: string, overrides: Overrides = {}): StackConfig {
    const { name: project, config: declared } = readYaml(join(folder, "Pulumi.yaml"), projectFile);
    const path = join(folder, `Pulumi.${stack}.yaml`);
    if (!existsSync(path)) throw new StackFileError(noStack(stack, folder));
    const given = readYaml(path, stackFile)?.config ?? {};
    const secretKeys = Object.keys(given).filter(key => holdsSecret(given[key]));

    const defaults = Object.entries(declared).map(([key, { default: value }]) => [`${project}:${key}`, asText(value)] as const);
    const region = typeof given["aws:region"] === "string" ? given["aws:region"] : someRegion;
    const values = Object.entries(given).map(([key, value]) => [key, asText(inClear(key, value, region))] as const);
    const wanted = Object.entries(overrides).map(([name, value]) => [`${project}:${name}`, asText(inClear(name, value, region))] as const);
    const config = Object.fromEntries([...defaults, ...values, ...wanted]);
    const secret = `${project}:colourSecret`;
    // Two colours want a secret between them and the public, and a rehearsal has no public.
    if (overrides["strategy"] !== "blueGreen" || secret in config) return { project, config, secretKeys };
    return { project, config: { ...config, [secret]: standInFor(secret, region) }, secretKeys: [...secretKeys, secret] };
}

function noStack(stack: string, folder: string): string {
    const names = readdirSync(folder).flatMap(file => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []).sort();
    const there = names.length > 0 ? `there are ${names.join(", ")}` : "there is none yet";
    return `There is no stack ${stack}: ${there}. To make it, write Pulumi.${stack}.yaml (docs/settings.md), then see ./gapless preview ${stack}.`;
}

function readYaml<Schema extends z.ZodType>(path: string, schema: Schema): z.output<Schema> {
    const document = parseDocument(readText(path));
    const [problem] = document.errors;
    if (problem) throw new StackFileError(`${path} is not valid YAML: ${problem.message}`, { cause: problem });
    const read = schema.safeParse(document.toJS());
    if (!read.success) throw new StackFileError(`${path} is no Pulumi file:\n${z.prettifyError(read.error)}`, { cause: read.error });
    return read.data;
}

function readText(path: string): string {
    try {
        return readFileSync(path, "utf8");
    } catch (cause) {
        throw new StackFileError(`${path} cannot be read: ${(cause as Error).message}`, { cause });
    }
}

function asText(value: unknown): string {
    return typeof value === "string" ? value : JSON.stringify(value);
}

/** Pulumi writes an encrypted value as an object with the one key `secure`. */
function isEncrypted(value: unknown): boolean {
    return typeof value === "object" && value !== null && "secure" in value && Object.keys(value).length === 1;
}

function holdsSecret(value: unknown): boolean {
    if (typeof value !== "object" || value === null) return false;
    return isEncrypted(value) || Object.values(value).some(holdsSecret);
}

/** What cannot be decrypted here is replaced by a stand-in of the same kind. */
function inClear(key: string, value: unknown, region: string): unknown {
    if (isEncrypted(value)) return wholeStandInFor(key, region);
    if (Array.isArray(value)) return value.map((entry, place) => (isEncrypted(entry) ? standInFor(key, region, place) : inClear(key, entry, region)));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, inClear(key, entry, region)]));
}
