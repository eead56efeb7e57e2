import type { z } from "zod";
import { type Finding, lintPlan } from "../release/lint";
import { defaults, type RolloutPlan } from "../release/rollout";
import { missingRegion, SettingsError, unknownKey, wrongValue } from "./settings-error";
import { type Setting, settings, type settingsSchema } from "./settings-schema";

/** What a stack is: the settings of its stack file over the defaults. */
export interface Settings extends Readonly<z.infer<typeof settingsSchema>> {
    /** AWS region; Pulumi's own key `aws:region`. */
    readonly region: string;
    /** Whether the stack file keeps the container's environment encrypted. */
    readonly secretEnvironment: boolean;
}

/** Pulumi config as a program gets it. */
export interface SettingsSource {
    readonly project: string;
    readonly stack: string;
    /** Values by full key, such as `gapless:minSize`; text as Pulumi gives it, or plain values. */
    readonly config: Readonly<Record<string, unknown>>;
    /** Full keys whose values must not be shown. */
    readonly secretKeys?: ReadonlySet<string>;
}

/** Reads all settings of a stack, or throws one {@link SettingsError} with everything that is wrong. */
export function readSettings(source: SettingsSource): { readonly settings: Settings; readonly warnings: readonly Finding[] } {
    const { values, problems } = readValues(source);
    const findings = [...lintPlan(planOf(values)), ...lintExposure(values)]
        // What is compared with a wrong value says nothing, and that value is in the list already.
        .filter(finding => !problems.some(({ key }) => JSON.stringify(finding).includes(key.replace(/^.*:/, ""))))
        .map(finding => ({ ...finding, key: `${source.project}:${finding.key}` }));
    const errors = [...problems, ...findings.filter(finding => finding.severity === "error")];
    if (errors.length > 0) throw new SettingsError(stackFileOf(source), errors);
    return { settings: values, warnings: findings.filter(finding => finding.severity === "warning") };
}

const stackFileOf = ({ stack }: SettingsSource) => `Pulumi.${stack}.yaml`;

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
    const secretEnvironment = isSecret(source, `${source.project}:environment`);
    return { values: { ...values, region, secretEnvironment } as unknown as Settings, problems };
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
        return typeof parsed === typeOf[type] ? parsed : value;
    } catch {
        return value;
    }
}

const typeOf = { integer: "number", boolean: "boolean", object: "object" };

/** What the rules of a rollout look at. */
function planOf(values: Settings): RolloutPlan {
    const { minSize, maxSize, drainSeconds, stopGraceSeconds, longestRequestSeconds, idleTimeoutSeconds } = values;
    const { healthPath: path, healthIntervalSeconds: intervalSeconds, healthTimeoutSeconds: timeoutSeconds } = values;
    return {
        ...defaults,
        minSize, maxSize, drainSeconds, stopGraceSeconds, longestRequestSeconds, idleTimeoutSeconds,
        healthCheck: { ...defaults.healthCheck, path, intervalSeconds, timeoutSeconds },
    };
}

/** What a stack shows to the world. */
function lintExposure({ stage, certificateArn, domainName }: Settings): readonly Finding[] {
    const findings: readonly (Finding | false)[] = [
        stage === "prod" && certificateArn === undefined && {
            severity: "warning",
            key: "certificateArn",
            rule: "should be set in prod: without a certificate everybody on the way reads and changes what users send",
            received: "nothing",
            fix: "set certificateArn to the ARN of an ACM certificate of the stack's region",
        },
        certificateArn !== undefined && domainName === undefined && {
            severity: "warning",
            key: "domainName",
            rule: "should be set beside certificateArn: no certificate is for the load balancer's own name",
            received: "nothing",
            fix: "set domainName to the name that clients use and the certificate is for",
        },
    ];
    return findings.filter(finding => finding !== false);
}
