import type { RehearsalOptions } from "../../rehearsal/options";
import { rehearse } from "../../rehearsal/rehearse";
import type { Report } from "../../rehearsal/report/report";
import { exitCodes, type ExitCode } from "../exit-code";
import { makeView } from "../view";

const meanings = { passed: "done", failed: "failed", rolledBack: "rolledBack" } as const;

/** Rehearses a stage and tells how it went. */
export async function rehearseCommand(options: RehearsalOptions, json: boolean, signal: AbortSignal): Promise<ExitCode> {
    const { verdict } = await rehearse(options, makeView(json), signal);
    return exitCodeOfVerdict(verdict);
}

/** The exit code that a verdict stands for. */
export function exitCodeOfVerdict(verdict: Report["verdict"]): ExitCode {
    return exitCodes[meanings[verdict]];
}
