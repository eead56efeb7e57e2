import * as pulumi from "@pulumi/pulumi";
import type { Finding } from "../release/lint";
import { nearest } from "./nearest";
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
    const example = JSON.stringify(setting.default ?? setting.example ?? {});
    return {
        severity: "error",
        key,
        rule: `must be ${setting.rule}`,
        received: secret ? "a secret value" : shown(value, at),
        fix: `in ${stackFile} write such as ${key}: ${example}`,
    };
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
        received: secret ? "a secret value" : shown(value, []),
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

/** A value as far as it may be shown: of an object only the name of the wrong entry, for its values may be confidential. */
function shown(value: unknown, at: readonly PropertyKey[]): string {
    if (value === undefined) return "nothing";
    if (at.length > 0) return `an entry "${at.map(String).join(".")}"`;
    const text = JSON.stringify(value);
    return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
