import type { Finding } from "../../release/lint";
import type { Settings } from "../settings";
import { shown } from "../settings-error";
import { settings as schema } from "../settings-schema";

type Key = keyof Settings;

/** What must hold between settings. */
export interface SettingsRule {
    /** The settings that it looks at. When one of them is wrong by itself, the rule has nothing to say. */
    readonly reads: readonly Key[];
    readonly check: (settings: Settings) => readonly Finding[];
}

/** A rule that sees no other settings than it names. */
export function rule<const Keys extends readonly Key[]>(
    reads: Keys, check: (settings: Pick<Settings, Keys[number]>) => Finding | readonly Finding[] | false | undefined,
): SettingsRule {
    return { reads, check: settings => [check(settings) || []].flat() };
}

/** Why a setting does not do what it asks for, and how that is mended. */
export interface Reason {
    readonly because: string;
    readonly fix: string;
}

/** One rule for each of some settings: as others stand, it has no effect. */
export function unused<const Others extends readonly Key[]>(
    severity: Finding["severity"], keys: readonly Key[], others: Others, reason: (settings: Pick<Settings, Others[number]>) => Reason | false,
): readonly SettingsRule[] {
    return keys.map(key => ({
        reads: [key, ...others],
        check: settings => {
            const why = isChanged(key, settings[key]) && reason(settings);
            return why ? [{ severity, key, rule: `has no effect ${why.because}`, received: shown(settings[key], []), fix: why.fix }] : [];
        },
    }));
}

/** A setting that must change, what it is, what it must be and how it becomes that. */
export function error(key: Key, value: unknown, rule: string, fix: string): Finding {
    return { severity: "error", key, rule, received: shown(value, []), fix };
}

export function warning(key: Key, value: unknown, rule: string, fix: string): Finding {
    return { ...error(key, value, rule, fix), severity: "warning" };
}

// Pulumi adds the defaults of Pulumi.yaml, so that a default written out looks like one left out.
function isChanged(key: Key, value: unknown): boolean {
    return JSON.stringify(value) !== JSON.stringify(schema.get(key)?.default);
}
