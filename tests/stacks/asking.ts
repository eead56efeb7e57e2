import assert from "node:assert/strict";
import { record } from "../../rehearsal/program/recording";
import type { Answers, Values } from "../../rehearsal/program/stand-ins";
import { checkAccount, type Facts, lookUp } from "../../stacks/lookups";
import { readSettings, type SettingsSource } from "../../stacks/settings";
import { SettingsError } from "../../stacks/settings-error";

/** Look-ups of a program, by names of our own. */
export const tokens = {
    ami: "aws:ec2/getAmi:getAmi",
    caller: "aws:index/getCallerIdentity:getCallerIdentity",
    colour: "aws:ssm/getParametersByPath:getParametersByPath",
    connection: "aws:codestarconnections/getConnection:getConnection",
    listener: "aws:lb/getListener:getListener",
    loadBalancer: "aws:lb/getLoadBalancer:getLoadBalancer",
    subnet: "aws:ec2/getSubnet:getSubnet",
    zone: "aws:route53/getZone:getZone",
};
/** A stack whose program looks things up. */
export interface Given {
    readonly stage?: string;
    readonly given?: Readonly<Record<string, unknown>>;
    readonly accounts?: readonly string[];
    readonly answers?: Answers;
    readonly secret?: readonly string[];
}

export function sourceOf({ stage = "dev", given = {}, accounts = [], secret = [] }: Given): SettingsSource & { readonly config: Readonly<Record<string, string>> } {
    const text = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
    const own = Object.entries(given).map(([key, value]) => [`gapless:${key}`, text(value)]);
    const config = { "aws:region": "eu-central-1", ...(accounts.length > 0 && { "aws:allowedAccountIds": text(accounts) }), ...Object.fromEntries(own) as Record<string, string> };
    return { project: "gapless", stack: stage, config, secretKeys: new Set(secret.map(key => `gapless:${key}`)) };
}

/** Runs the look-ups as a program does, and tells which were made. */
export async function asked(given: Given): Promise<{ facts: Facts; questions: readonly string[] }> {
    const source = sourceOf(given);
    const { settings } = readSettings(source);
    const questions: string[] = [];
    const listening = Object.fromEntries(Object.entries(tokens).map(([name, token]) => [token, (inputs: Values) => {
        questions.push(name);
        return given.answers?.[token]?.(inputs) ?? (name === "colour" ? { names: [], values: [] } : {});
    }]));
    const { result } = await record(() => lookUp(settings, source), { config: source.config, answers: listening });
    return { facts: result as Facts, questions };
}

/** What a program is told of its account, as the whole message. */
export async function refusal(given: Given): Promise<string> {
    const source = sourceOf(given);
    const { settings } = readSettings(source);
    try {
        await record(() => checkAccount(settings, source), { config: source.config, ...(given.answers && { answers: given.answers }) });
    } catch (error) {
        assert.ok(error instanceof SettingsError, String(error));
        return error.message;
    }
    throw new assert.AssertionError({ message: "the account was accepted" });
}

// Pulumi reads `details`, as errors of gRPC have them.
export const failing = (details: string) => (): Values => { throw Object.assign(new Error(details), { details }); };
