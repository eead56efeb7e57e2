import { readStackConfig } from "../rehearsal/program/stack-config";
import { DeliveryError } from "../release/aws/error";
import type { CommandContext } from "./context";

/** Where a stage lies on AWS. */
export interface StageAddress {
    readonly project: string;
    readonly stack: string;
    readonly region: string;
}

/**
 * Where a stack's stage lies: by the environment, as builds have it that run the one file; else by the stack's files.
 * @throws StackFileError, DeliveryError when those do not tell
 */
export function addressOf(stack: string, { folder, env }: Pick<CommandContext, "folder" | "env">): StageAddress {
    const told = addressIn(env);
    if (told?.stack === stack) return told;
    const { project, config } = readStackConfig(folder, stack);
    const region = config["aws:region"];
    if (region === undefined) {
        throw new DeliveryError(`Pulumi.${stack}.yaml must have aws:region, the region of AWS that the stack lies in.`, "usage");
    }
    return { project, stack, region };
}

function addressIn({ GAPLESS_PROJECT: project, GAPLESS_STACK: stack, AWS_REGION: region }: CommandContext["env"]): StageAddress | undefined {
    return project && stack && region ? { project, stack, region } : undefined;
}
