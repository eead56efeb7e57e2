import { LocalWorkspace, type PulumiCommand, Stack, StackNotFoundError } from "@pulumi/pulumi/automation";
import { readStackConfig } from "../../../rehearsal/program/stack-config";
import { DeliveryError } from "../../../release/aws/error";
import type { CommandContext } from "../../context";
import { type Backend, backendAt, missingPassphrase, secretsOf } from "./backend";
import { describeFailure } from "../engine/failure-text";
import { describePending, readState, type State } from "./state";
import type { Tools } from "../tools";

/** The program's folder in Pulumi's hands, and where a stack's state lies. */
export interface OpenWorkspace {
    readonly name: string;
    readonly project: string;
    readonly config: Readonly<Record<string, string>>;
    readonly workspace: LocalWorkspace;
    readonly backend: Backend;
}

/** A stack in Pulumi's hands. */
export interface OpenStack extends OpenWorkspace {
    readonly pulumi: Stack;
}

interface BackendWords {
    readonly backend?: string | undefined;
}

/** Opens the program in the command's folder for a stack that has a file there, and perhaps no state. */
export async function openWorkspace(name: string, { backend: url }: BackendWords, context: CommandContext, tools: Tools): Promise<OpenWorkspace> {
    const { project, config } = readStackConfig(context.folder, name);
    // Its class has no constructor that others may call.
    const pulumiCommand = await tools.pulumi(context) as unknown as PulumiCommand;
    const workspace = await LocalWorkspace.create({
        workDir: context.folder, pulumiCommand,
        envVars: { PULUMI_SKIP_UPDATE_CHECK: "true", ...(url && { PULUMI_BACKEND_URL: url }) },
    });
    try {
        return { name, project, config, workspace, backend: backendAt(url || ((await workspace.whoAmI()).url ?? "")) };
    } catch (error) {
        throw describeFailure(error, { stack: name, signal: context.signal });
    }
}

/**
 * Opens a stack of the program in the command's folder.
 * @param whenNew what is done with one that has a file and no state yet
 * @throws DeliveryError (usage) when it has none and is not to get one, or there is no passphrase for its secrets
 */
export async function openStack(name: string, words: BackendWords, context: CommandContext, tools: Tools, whenNew: "create" | "refuse"): Promise<OpenStack> {
    const open = await openWorkspace(name, words, context, tools);
    const missing = missingPassphrase(name, open.backend, secretsOf(context.folder, name), context.env);
    if (missing !== undefined) throw new DeliveryError(missing, "usage");
    try {
        return { ...open, pulumi: await select(open, whenNew, context) };
    } catch (error) {
        throw describeFailure(error, { stack: name, signal: context.signal });
    }
}

async function select({ name, workspace, backend }: OpenWorkspace, whenNew: "create" | "refuse", { tell }: CommandContext): Promise<Stack> {
    try {
        return await Stack.select(name, workspace);
    } catch (error) {
        if (!(error instanceof StackNotFoundError)) throw error;
        if (whenNew === "refuse") throw new DeliveryError(await unknown(name, workspace, backend), "usage", { cause: error });
        tell.step(`${name} is new in ${backend.url}: making its empty state`);
        return Stack.create(name, workspace);
    }
}

async function unknown(name: string, workspace: LocalWorkspace, { url }: Backend): Promise<string> {
    const names = (await workspace.listStacks()).map(stack => stack.name).sort();
    return `Pulumi has no stack ${name} in ${url}: ${names.length > 0 ? `there are ${names.join(", ")}` : "there is none"}. `
        + `Make it with ./gapless up ${name}, or name the backend that has it with --backend.`;
}

/** Reads what Pulumi knows of a stack, and warns of what a killed Pulumi has left half done. */
export async function examine({ name, pulumi }: OpenStack, { tell, signal }: CommandContext): Promise<State> {
    try {
        const state = readState(await pulumi.exportStack());
        const pending = describePending(name, state);
        if (pending !== undefined) tell.warn(pending);
        return state;
    } catch (error) {
        throw describeFailure(error, { stack: name, signal });
    }
}
