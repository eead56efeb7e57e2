import { join } from "node:path";
import type { Tool } from "../../components";
import type { Answers } from "../../rehearsal/program/stand-ins";
import { readStackConfig } from "../../rehearsal/program/stack-config";
import { checkAccount } from "../../stacks/lookups";
import { readSettings } from "../../stacks/settings";
import { buildWeb } from "../../stacks/web";
import { registered, type Registered } from "../support/registered";

/** Stands for the command line of one file, which takes a second to build. */
export const tool: Tool = { file: "gapless.mjs", sha256: "0123456789abcdef".repeat(4) };

const root = join(import.meta.dirname, "../..");

/** Settings by their names without `gapless:`, as a stack file gives them. */
export type Given = Readonly<Record<string, unknown>>;

/** Settings of two colours. */
export const blueGreen = { strategy: "blueGreen", colourSecret: "0123456789abcdef" } as const;

/** What index.ts registers for a stage's own stack file and further settings. */
export function buildVariant(stage: string, given: Given, answers: Answers = {}): Promise<Registered> {
    return buildConfig(stage, { ...readStackConfig(root, stage).config, ...namespaced(given) }, answers);
}

/** What it registers for a stack file that says nothing else. */
export function buildFromDefaults(stage: string, given: Given, answers: Answers = {}): Promise<Registered> {
    return buildConfig(stage, { "aws:region": "eu-central-1", ...namespaced(given) }, answers);
}

/** An account in which a stack's parameters are these, by the last part of their names. */
export function parametersOf(parameters: Readonly<Record<string, string>>): Answers {
    return {
        "aws:ssm/getParametersByPath:getParametersByPath": ({ path }) => ({
            names: Object.keys(parameters).map(name => `${String(path)}/${name}`), values: Object.values(parameters),
        }),
    };
}

async function buildConfig(stage: string, config: Given, answers: Answers): Promise<Registered> {
    const source = { project: "gapless", stack: stage, config };
    const { settings } = readSettings(source);
    return registered(async () => {
        const { facts } = await checkAccount(settings, source);
        buildWeb("gapless", settings, facts, tool);
    }, { stack: stage, config: asText(config), answers });
}

/** As Pulumi hands it over. */
function asText(config: Given): Readonly<Record<string, string>> {
    return Object.fromEntries(Object.entries(config).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]));
}

function namespaced(given: Given): Given {
    return Object.fromEntries(Object.entries(given).map(([key, value]) => [`gapless:${key}`, value]));
}
