import { CodeDeployClient } from "@aws-sdk/client-codedeploy";
import { ECRClient } from "@aws-sdk/client-ecr";
import { S3Client } from "@aws-sdk/client-s3";
import type { Access } from "../../release/aws/access";
import { roll, type RollClients } from "../../release/aws/roll";
import { thisOwner } from "../../release/aws/stage-lock";
import type { CommandContext } from "../context";
import { exitCodes, type ExitCode } from "../exit-code";
import { followView } from "../follow-view";
import { openStage, type OpenStage } from "../open-stage";
import { tellEnd } from "../tell-end";
import type { WaitWords } from "../words/release";

/** Puts an existing release onto the fleet, past the pipeline. */
export async function rollCommand(stack: string, version: string, words: WaitWords, context: CommandContext): Promise<ExitCode> {
    return rollAndTell(await openStage(stack, context), version, "roll", words, context);
}

/** Rolls a release, and prints how that ended. */
export async function rollAndTell(open: OpenStage, version: string, by: "roll" | "rollback", { wait }: WaitWords, context: CommandContext): Promise<ExitCode> {
    const { stage, access } = open;
    const { clock, signal, env, tell } = context;
    const end = await roll(rollClients(access), stage, { version }, {
        by, clock, signal, stack: stage.stack, tell: followView(tell), owner: thisOwner(env), waitMinutes: wait,
    });
    if (end !== undefined) return tellEnd(open, version, end, context);
    context.print({ stack: stage.stack, version, result: "nothingToDo" }, `Release ${version} serves in ${stage.stack} already: nothing was deployed.`);
    return exitCodes.done;
}

export function rollClients(access: Access): RollClients {
    return { codeDeploy: new CodeDeployClient(access), s3: new S3Client(access), ecr: new ECRClient(access) };
}
