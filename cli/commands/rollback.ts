import { DeliveryError } from "../../release/aws/error";
import { readHistory } from "../../release/aws/history";
import { readyRelease } from "../../release/aws/ready-release";
import { reachableReleases } from "../../release/aws/reachable-releases";
import type { RollClients } from "../../release/aws/roll";
import type { SettledEntry } from "../../release/history";
import { rollbackTarget } from "../../release/rollback-target";
import type { Stage } from "../../release/stage";
import { clientsOf } from "../clients";
import type { CommandContext } from "../context";
import type { ExitCode } from "../exit-code";
import { openStage } from "../open-stage";
import { rollAndTell } from "./roll";

export interface RollbackWords {
    readonly to?: number | string;
    readonly wait: number;
    readonly json?: boolean;
}

// The journal keeps no more, and who goes back looks at few of them.
const deploymentsLookedAt = 100;

/** Goes back to the release that served before, past the pipeline. */
export async function rollbackCommand(stack: string, words: RollbackWords, context: CommandContext): Promise<ExitCode> {
    const open = await openStage(stack, context);
    const target = await findTarget(clientsOf(open), open.stage, words.to);
    context.tell.step(`going back to release ${target.version}, number ${target.n} of ${target.when}`);
    return rollAndTell(open, target.version, "rollback", words, context);
}

/** @throws DeliveryError usage, with how far one can go back, when there is none or it is not there any more */
async function findTarget(clients: RollClients, stage: Stage, to: number | string | undefined): Promise<SettledEntry> {
    const { codeDeploy, s3, ecr } = clients;
    const { entries, running } = await readHistory(codeDeploy, s3, stage, deploymentsLookedAt);
    const choice = rollbackTarget(entries, running, to);
    const problem = "problem" in choice ? choice.problem : await whyGone(clients, stage, choice.target.version);
    if ("target" in choice && problem === undefined) return choice.target;
    const reachable = await reachableReleases(s3, ecr, stage, entries, running?.version);
    throw new DeliveryError(`${problem ?? ""} ${describeReach(reachable, stage.stack)}`, "usage");
}

/** Why a release cannot come back; undefined when it can. */
async function whyGone({ s3, ecr }: RollClients, stage: Stage, version: string): Promise<string | undefined> {
    try {
        await readyRelease(s3, ecr, stage, version);
        return undefined;
    } catch (error) {
        if (error instanceof DeliveryError) return error.message;
        throw error;
    }
}

function describeReach(reachable: readonly SettledEntry[], stack: string): string {
    if (reachable.length === 0) return "No other release is there to go back to.";
    const choices = reachable.map(({ n, version, when }) => `  --to ${n}   release ${version} of ${when}`);
    return [`One can go back to:`, ...choices, `with ./gapless rollback ${stack} --to N.`].join("\n");
}
