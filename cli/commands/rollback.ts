import type { CodePipelineClient } from "@aws-sdk/client-codepipeline";
import { makeColourClients } from "../../release/aws/blue-green/clients";
import { type Choice, goBack } from "../../release/aws/blue-green/go-back";
import { warmColour } from "../../release/aws/blue-green/warm-colour";
import { DeliveryError } from "../../release/aws/error";
import type { History } from "../../release/aws/history";
import { readyRelease } from "../../release/aws/ready-release";
import { reachableReleases } from "../../release/aws/reachable-releases";
import { roll, type RollClients } from "../../release/aws/roll";
import { type ComingExecution, comingExecutions } from "../../release/aws/waiting-approvals";
import type { SettledEntry } from "../../release/history";
import { rollbackTarget } from "../../release/rollback-target";
import type { Stage } from "../../release/stage";
import { inSeconds } from "../../release/time-text";
import { clientsOf } from "../clients";
import type { CommandContext } from "../context";
import type { ExitCode } from "../exit-code";
import { openStage, type OpenStage } from "../open-stage";
import { driveRoll, rollOptions } from "../roll-release";
import { tellEnd, tellNothingNew } from "../tell-end";

export interface RollbackWords {
    readonly to?: number | string;
    readonly wait: number;
    readonly json?: boolean;
}

type RollbackClients = RollClients & { readonly codePipeline: CodePipelineClient };

/** Goes back to the release that served before, past the pipeline. */
export async function rollbackCommand(stack: string, words: RollbackWords, context: CommandContext): Promise<ExitCode> {
    const open = await openStage(stack, context);
    if (open.stage.blueGreen !== undefined) return goBackByColours(open, words, context);
    const clients = clientsOf(open);
    let version = "";
    const choose = async (past: History): Promise<string> => {
        return version = await target(clients, open.stage, past, words.to, context);
    };
    const end = await roll(clients, open.stage, { choose }, rollOptions(open, "rollback", words, context));
    return end === undefined ? tellNothingNew(open, version, context) : tellEnd(open, { version }, end, context);
}

/** By one call where the release is the warm colour's, else as a whole roll. Chosen under the stage's lock, by what has come of whoever was at work before. */
async function goBackByColours(open: OpenStage, { to, wait: waitMinutes }: RollbackWords, context: CommandContext): Promise<ExitCode> {
    const { stage, access } = open;
    let version = "";
    const choice: Choice = {
        choose: async past => {
            version = await target(clientsOf(open), stage, past, to, context);
            tellHow(version, past, context);
            return version;
        },
        isSame: (left, { entries }) => left.by === "rollback" && (to === undefined || to === left.version || entries.some(entry => entry.n === to && entry.version === left.version)),
    };
    return driveRoll(open, {}, context, async drive =>
        await goBack(makeColourClients(access), stage, choice, { ...drive, by: "rollback", waitMinutes }) ?? tellNothingNew(open, version, context));
}

function tellHow(version: string, { colours }: History, { clock, tell }: CommandContext): void {
    const warm = colours && warmColour(colours, clock.now());
    tell.step(warm?.release.version === version
        ? `${warm.colour} is warm with it until ${inSeconds(warm.until)}: it takes all requests by one call`
        : "no colour is warm with it, so it is deployed to the idle one first, which takes as long as any deployment");
}

/** The version to go back to, which is told, with what comes after it. */
async function target(clients: RollbackClients, stage: Stage, past: History, to: RollbackWords["to"], context: CommandContext): Promise<string> {
    const found = await findTarget(clients, stage, past, to, context.signal);
    context.tell.step(`going back to release ${found.version}, number ${found.n} of ${found.when}`);
    await warnOfComing(clients, stage, context);
    return found.version;
}

/** @throws DeliveryError usage, with how far one can go back, when there is none or it is not there any more */
async function findTarget(clients: RollClients, stage: Stage, past: History, to: number | string | undefined, signal: AbortSignal): Promise<SettledEntry> {
    const choice = rollbackTarget(past, to);
    const problem = "problem" in choice ? choice.problem : await whyGone(clients, stage, choice.target.version, signal);
    if ("target" in choice && problem === undefined) return choice.target;
    const reachable = await reachableReleases(clients.s3, clients.ecr, stage, past.entries, past.running?.version, signal);
    throw new DeliveryError(`${problem ?? ""} ${describeReach(reachable, stage.stack)}`, "usage");
}

/** Why a release cannot come back; undefined when it can. */
async function whyGone({ s3, ecr }: RollClients, stage: Stage, version: string, signal: AbortSignal): Promise<string | undefined> {
    try {
        await readyRelease(s3, ecr, stage, version, signal);
        return undefined;
    } catch (error) {
        if (error instanceof DeliveryError) return error.message;
        throw error;
    }
}

function describeReach(reachable: readonly SettledEntry[], stack: string): string {
    if (reachable.length === 0) return `See ./gapless history ${stack}.`;
    const choices = reachable.map(({ n, version, when }) => `  --to ${n}   release ${version} of ${when}`);
    return ["These have served and are still there:", ...choices, `Choose one with ./gapless rollback ${stack} --to N, or see ./gapless history ${stack}.`].join("\n");
}

/** What the pipeline has taken up is not stopped by what goes past it. */
async function warnOfComing({ codePipeline, s3 }: RollbackClients, stage: Stage, { signal, tell }: CommandContext): Promise<void> {
    try {
        for (const execution of await comingExecutions(codePipeline, s3, stage, signal)) tell.warn(describeComing(execution, stage));
    } catch (error) {
        signal.throwIfAborted();
        tell.warn(`whether pipeline ${stage.pipeline} deploys something after this could not be seen: ${(error as Error).message}`);
    }
}

function describeComing({ executionId, version, approval, link }: ComingExecution, { pipeline, region }: Stage): string {
    const what = `pipeline ${pipeline} goes on to deploy ${version === undefined ? "a release" : `release ${version}`} after this, by execution ${executionId}`;
    if (approval !== undefined) return `${what}, if a person approves it at ${approval}. To stop it, reject it there: ${link}`;
    return `${what}: ${link}\nTo stop it: aws codepipeline stop-pipeline-execution --pipeline-name ${pipeline} --pipeline-execution-id ${executionId} --region ${region}`;
}
