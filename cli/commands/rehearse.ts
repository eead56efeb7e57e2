import type { FaultName } from "../../rehearsal/faults/fault-names";
import { type FaultsView, rehearseFaults } from "../../rehearsal/faults/rehearse-faults";
import type { RehearsalOptions } from "../../rehearsal/options";
import { PlanError } from "../../rehearsal/plan";
import { rehearse } from "../../rehearsal/rehearse";
import { renderFaults } from "../../rehearsal/report/fault-table";
import type { Report } from "../../rehearsal/report/report";
import { shiftProblem } from "../../release/blue-green/roll";
import { exitCodes, type ExitCode } from "../exit-code";
import { makeView } from "../view";

const meanings = { passed: "done", failed: "failed", rolledBack: "rolledBack" } as const;

/** Rehearses a stage and tells how it went. */
export async function rehearseCommand(options: RehearsalOptions, json: boolean, signal: AbortSignal): Promise<ExitCode> {
    checkShares(options);
    const { verdict } = await rehearse(options, makeView(json), signal);
    return exitCodeOfVerdict(verdict);
}

/** Has things go wrong in a rehearsal, and tells which promises were kept. */
export async function rehearseFaultsCommand(options: RehearsalOptions, which: "all" | readonly FaultName[], json: boolean, signal: AbortSignal): Promise<ExitCode> {
    const result: FaultsView["result"] = (report, file) => {
        process.stdout.write(json ? `${JSON.stringify(report, undefined, 2)}\n` : `\n${renderFaults(report)}\nin full     ${file}\n`);
    };
    const { verdict } = await rehearseFaults(options, which, { ...makeView(json), result }, signal);
    return exitCodeOfVerdict(verdict);
}

/** The exit code that a verdict stands for. */
export function exitCodeOfVerdict(verdict: Report["verdict"]): ExitCode {
    return exitCodes[meanings[verdict]];
}

/** @throws PlanError for shares that do not lead to all requests */
export function checkShares({ shiftPercents }: Pick<RehearsalOptions, "shiftPercents">): void {
    const problem = shiftPercents && shiftProblem(shiftPercents);
    if (problem !== undefined) throw new PlanError(`--shift ${problem}; received ${shiftPercents?.join(",") ?? ""}.`);
}
