import { createInterface } from "node:readline/promises";
import { systemTimer, type Timer } from "../../release/timer";
import type { CommandContext } from "../context";
import { needPulumiCli } from "./pulumi/pulumi-cli";
import { pulumiProcess, type RunnablePulumi } from "./pulumi/pulumi-process";

/** What commands work with that is no part of them. */
export interface Tools {
    /** @throws DeliveryError when Pulumi's command line is not there and cannot be installed */
    pulumi(context: CommandContext): Promise<RunnablePulumi>;
    /** By which progress is told and locks are kept. */
    readonly timer: Timer;
    /** Asks whoever sits at the terminal; undefined where nobody does. */
    readonly ask?: (question: string, signal: AbortSignal) => Promise<string>;
}

export function systemTools(): Tools {
    const someoneIsThere = process.stdin.isTTY && process.stderr.isTTY;
    return {
        pulumi: async context => pulumiProcess(await needPulumiCli(context), context),
        timer: systemTimer,
        ...(someoneIsThere && { ask }),
    };
}

async function ask(question: string, signal: AbortSignal): Promise<string> {
    const lines = createInterface({ input: process.stdin, output: process.stderr });
    try {
        // Ctrl-C does not reach the process while a line is read, but this.
        lines.on("SIGINT", () => process.emit("SIGINT"));
        return (await lines.question(question, { signal })).trim();
    } finally {
        lines.close();
    }
}
