import type { z } from "zod";
import type { Finding } from "../release/lint";
import { ingredients } from "../release/ingredients";
import { kindOnDisk, type PathKind } from "./path-kind";
import { concealed, malformedAccountIds, missingRegion, SettingsError, unknownKey, wrongValue } from "./settings-error";
import { lintSettings } from "./settings-rules";
import { type Setting, settings, type settingsSchema } from "./settings-schema";

/** What a stack is: the settings of its stack file over the defaults. */
export interface Settings extends Readonly<z.infer<typeof settingsSchema>> {
    /** AWS region; Pulumi's own key `aws:region`. */
    readonly region: string;
    /** Accounts that the stack may lie in, empty for any; Pulumi's own key `aws:allowedAccountIds`. */
    readonly allowedAccountIds: readonly string[];
    /** Whether the stack file keeps the container's environment encrypted. */
    readonly secretEnvironment: boolean;
    /** What of a release the stack file keeps encrypted, the environment included. */
    readonly secretIngredients: readonly (typeof ingredients)[number][];
    /** Whether the stack file keeps `colourSecret` encrypted. */
    readonly encryptedColourSecret: boolean;
}

/** Pulumi config as a program gets it. */
export interface SettingsSource {
    readonly project: string;
    readonly stack: string;
    /** Values by full key, such as `gapless:minSize`; text as Pulumi gives it, or plain values. */
    readonly config: Readonly<Record<string, unknown>>;
    /** Full keys whose values must not be shown. */
    readonly secretKeys?: ReadonlySet<string>;
    /** What is at a path that a setting names. @default what the disk has there */
    readonly kindOf?: PathKind;
}

/** Reads all settings of a stack, or throws one {@link SettingsError} with everything that is wrong. */
export function readSettings(source: SettingsSource): { readonly settings: Settings; readonly warnings: readonly Finding[] } {
    const { values, problems } = readValues(source);
    // The rules know no namespace.
    const wrong = new Set(problems.map(({ key }) => key.replace(/^[^:]*:/, "")));
    const findings = inNamespace(source, lintSettings(values, wrong, source.kindOf ?? kindOnDisk));
    const errors = [...problems, ...findings.filter(finding => finding.severity === "error")];
    if (errors.length > 0) throw new SettingsError(stackFileOf(source), errors);
    return { settings: values, warnings: findings.filter(finding => finding.severity === "warning") };
}

/** Findings of rules, which know neither the namespace of the settings nor what is secret, as their user may see them. */
export function inNamespace(source: SettingsSource, findings: readonly Finding[]): readonly Finding[] {
    const secrets = Object.entries(source.config).filter(([key]) => isSecret(source, key));
    return findings
        .map(finding => ({ ...finding, key: finding.key.includes(":") ? finding.key : `${source.project}:${finding.key}` }))
        .map(finding => concealed(finding, new Map(secrets)));
}

export const stackFileOf = ({ stack }: SettingsSource) => `Pulumi.${stack}.yaml`;

/** All values and what is wrong with them one by one; in the place of a wrong value stands its default. */
function readValues(source: SettingsSource): { values: Settings; problems: readonly Finding[] } {
    const problems = unknownKeys(source);
    const values: Record<string, unknown> = {};
    for (const [name, setting] of settings) {
        const { value, problem } = readValue(source, name, setting);
        values[name] = value;
        if (problem) problems.push(problem);
    }
    const region = source.config["aws:region"];
    if (typeof region !== "string" || region === "") problems.push(missingRegion(stackFileOf(source)));
    const allowedAccountIds = readAccountIds(source);
    if (!allowedAccountIds) problems.push(malformedAccountIds(source.config[accountIdsKey], isSecret(source, accountIdsKey)));
    const secretIngredients = ingredients.filter(name => isSecret(source, `${source.project}:${name}`));
    const known = {
        region,
        allowedAccountIds: allowedAccountIds ?? [],
        secretIngredients,
        secretEnvironment: secretIngredients.includes("environment"),
        encryptedColourSecret: isSecret(source, `${source.project}:colourSecret`),
    };
    return { values: { ...values, ...known } as unknown as Settings, problems };
}

const accountIdsKey = "aws:allowedAccountIds";

/** Accounts as the provider reads them, text or numbers; undefined for what it could not. */
function readAccountIds({ config }: SettingsSource): readonly string[] | undefined {
    const ids = parseAs("array", config[accountIdsKey] ?? []);
    if (!Array.isArray(ids)) return undefined;
    const texts = ids.map(String);
    return texts.every(id => /^\d{12}$/.test(id)) ? texts : undefined;
}

function unknownKeys(source: SettingsSource): Finding[] {
    const known = Array.from(settings.keys(), name => `${source.project}:${name}`);
    return Object.entries(source.config)
        .filter(([key]) => key.startsWith(`${source.project}:`) && !known.includes(key))
        .map(([key, value]) => unknownKey({ key, value, secret: isSecret(source, key), known }, stackFileOf(source)));
}

function readValue(source: SettingsSource, name: string, setting: Setting): { value: unknown; problem?: Finding } {
    const key = `${source.project}:${name}`;
    const value = source.config[key] ?? (name === "stage" ? source.stack : undefined);
    const read = setting.schema.safeParse(parseAs(setting.type, value));
    if (read.success) return { value: read.data };
    const wrong = { key, setting, value, secret: isSecret(source, key), at: read.error.issues[0]?.path ?? [] };
    return { value: setting.default, problem: wrongValue(wrong, stackFileOf(source)) };
}

function isSecret({ secretKeys }: SettingsSource, key: string): boolean {
    return secretKeys?.has(key) ?? false;
}

/** A value of its type. Pulumi config is text; what is not of the type stays as it is, for the rule to refuse. */
function parseAs(type: Setting["type"], value: unknown): unknown {
    if (type === "string" || typeof value !== "string") return value;
    try {
        const parsed: unknown = JSON.parse(value);
        return typeOf(parsed) === type ? parsed : value;
    } catch {
        return value;
    }
}

function typeOf(value: unknown): string {
    if (Array.isArray(value)) return "array";
    return typeof value === "number" ? "integer" : typeof value;
}
