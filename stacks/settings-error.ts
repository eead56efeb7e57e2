import * as pulumi from "@pulumi/pulumi";
import type { Finding } from "../release/lint";
import { nearest } from "../release/nearest";
import type { Setting } from "./settings-schema";

/** All that is wrong with the settings of a stack. Pulumi prints a RunError without a stack trace. */
export class SettingsError extends pulumi.RunError {
    override readonly name = "SettingsError";

    constructor(stackFile: string, readonly problems: readonly Finding[]) {
        const count = problems.length === 1 ? "1 setting is" : `${problems.length} settings are`;
        super([`${count} wrong in ${stackFile}:`, ...problems.map(describeFinding)].join("\n"));
    }
}

/** A finding in two lines: what is wrong, and what to do about it. */
export function describeFinding({ key, rule, received, fix }: Finding): string {
    return `  ${key} ${rule}; received ${received}\n      Fix: ${fix}`;
}

/** A value that breaks the rule of its setting. */
export interface WrongValue {
    readonly key: string;
    readonly setting: Setting;
    readonly value: unknown;
    /** Whether the value must not be shown. */
    readonly secret: boolean;
    /** Where in the value the rule is broken. */
    readonly at: readonly PropertyKey[];
}

export function wrongValue({ key, setting, value, secret, at }: WrongValue, stackFile: string): Finding {
    const example = JSON.stringify(setting.example ?? setting.default ?? {});
    return {
        severity: "error",
        key,
        rule: `must be ${setting.rule}`,
        received: secret ? secretValue : `${shown(value, at)}${isBrokenJson(setting, value) ? ", which is no JSON" : ""}`,
        fix: `in ${stackFile} write such as ${key}: ${example}`,
    };
}

/** Objects reach a program as JSON, and lists too, but one entry that stands for a list is a slip of another kind. */
function isBrokenJson({ type }: Setting, value: unknown): boolean {
    if (typeof value !== "string" || !(type === "object" || (type === "array" && value.startsWith("[")))) return false;
    try {
        JSON.parse(value);
        return false;
    } catch {
        return true;
    }
}

export interface UnknownKey {
    readonly key: string;
    readonly value: unknown;
    readonly secret: boolean;
    readonly known: readonly string[];
}

export function unknownKey({ key, value, secret, known }: UnknownKey, stackFile: string): Finding {
    const meant = nearest(key, known);
    return {
        severity: "error",
        key,
        rule: "is no setting",
        received: secret ? secretValue : shown(value, []),
        fix: meant ? `did you mean ${meant}?` : `remove it from ${stackFile}; docs/settings.md lists all settings`,
    };
}

export function missingRegion(stackFile: string): Finding {
    return {
        severity: "error",
        key: "aws:region",
        rule: "must be the AWS region of the stack",
        received: "nothing",
        fix: `in ${stackFile} write such as aws:region: eu-central-1`,
    };
}

export function malformedAccountIds(value: unknown, secret: boolean): Finding {
    return {
        severity: "error",
        key: "aws:allowedAccountIds",
        rule: "must be a list of account ids, 12 digits each, in quotes: YAML takes a leading 0 away otherwise",
        received: secret ? secretValue : shown(value, []),
        fix: "write such as aws:allowedAccountIds: [\"111122223333\"]",
    };
}

const secretValue = "a secret value";

/** A finding without the values of secret settings, by full key. */
export function concealed({ rule, received, fix, ...finding }: Finding, secrets: ReadonlyMap<string, unknown>): Finding {
    // Long ones first: one may hold another. What is shorter than any name stands in every other sentence.
    const texts = [...secrets.values()].flatMap(textsIn).filter(text => text.length >= 4).sort((a, b) => b.length - a.length);
    const hide = (text: string) => texts.reduce((hidden, secret) => hidden.replaceAll(secret, `[${secretValue}]`), text);
    const [key = ""] = finding.key.split(".");
    return { ...finding, rule: hide(rule), received: secrets.has(key) ? secretValue : hide(received), fix: hide(fix) };
}

/** Every text in a value of Pulumi config, which is text itself where it is a list or an object. */
function textsIn(value: unknown): readonly string[] {
    if (typeof value === "string" && value !== "") return [value, ...entriesIn(value)];
    return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

function entriesIn(json: string): readonly string[] {
    try {
        const parsed: unknown = JSON.parse(json);
        return typeof parsed === "object" ? textsIn(parsed) : [];
    } catch {
        return [];
    }
}

/** A value as far as it may be shown: of an object only the name of the wrong entry, for its values may be confidential. */
export function shown(value: unknown, at: readonly PropertyKey[]): string {
    if (value === undefined) return "nothing";
    if (at.length > 0) return `an entry "${at.map(String).join(".")}"`;
    const text = JSON.stringify(value);
    return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
