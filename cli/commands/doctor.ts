import { recordProgram } from "../../rehearsal/program/read-program";
import type { CommandContext } from "../context";
import { checksOf } from "../doctor/checks";
import { runChecks } from "../doctor/check";
import { exitCodeOfReport, renderReport, reportOf } from "../doctor/report";
import type { ExitCode } from "../exit-code";

/**
 * Looks whether everything is there that a stack needs, and changes nothing.
 * @param record what describes the stack's program
 */
export async function doctorCommand(stack: string, words: { readonly backend?: string }, context: CommandContext, record = recordProgram): Promise<ExitCode> {
    const program = record(stack, context.signal);
    program.catch(() => undefined);
    const checks = await runChecks(checksOf({ stack, backend: words.backend, program }, context), context.clock, context.signal);
    const report = reportOf(stack, checks);
    // isTTY is undefined, not false, where there is no terminal, and undefined leaves it to what CI systems set.
    const colours = process.stdout.isTTY ? !context.env["NO_COLOR"] : false;
    context.print(report, renderReport(report, colours));
    return exitCodeOfReport(report);
}
