import { join } from "node:path";
import { pathToFileURL } from "node:url";
import * as pulumi from "@pulumi/pulumi";
import { record } from "./recording";
import { type Overrides, readStackConfig, StackFileError } from "./stack-config";

/** Exit code for what the user has to correct: settings and stack files. */
const wrongSettings = 2;

// Run as a process of its own: Pulumi keeps its state in globals, and a program may be described once in a process only.
const [stage = "", overrides = "{}"] = process.argv.slice(2);
const folder = join(import.meta.dirname, "../..");

try {
    process.stdout.write(`${JSON.stringify(await describeProgram())}\n`);
} catch (error) {
    const isUsers = error instanceof StackFileError || pulumi.RunError.isInstance(error);
    process.stderr.write(`${isUsers ? (error as Error).message : ((error as Error).stack ?? String(error))}\n`);
    process.exitCode = isUsers ? wrongSettings : 1;
}

async function describeProgram() {
    // As under the Pulumi CLI, paths in settings begin at the folder of Pulumi.yaml.
    process.chdir(folder);
    const { project, config, secretKeys } = readStackConfig(folder, stage, JSON.parse(overrides) as Overrides);
    const program = async () => (await import(pathToFileURL(join(folder, "index.ts")).href) as { readonly default: Readonly<Record<string, unknown>> }).default;
    const { resources, result } = await record(program, { project, stack: stage, config, secretKeys });
    return { config, registrations: resources, outputs: await valuesOf(result as Readonly<Record<string, unknown>>) };
}

/** The stack's outputs, of which none may be unknown: that would mean that the stand-ins leave something out. */
async function valuesOf(outputs: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>> {
    const values = Object.entries(outputs).map(async ([name, output]) => {
        // Internal to Pulumi, but `apply` would never call back for an output that has failed.
        const value = await (pulumi.output(output) as unknown as { promise(): Promise<unknown> }).promise();
        if (value === undefined) throw new Error(`The stack's output '${name}' has no value.`);
        return [name, value] as const;
    });
    return Object.fromEntries(await Promise.all(values));
}
