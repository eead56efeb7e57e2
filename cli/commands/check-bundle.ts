import { resolve } from "node:path";
import { checkBundle } from "../../rehearsal/check-bundle/check-bundle";
import { renderFindings } from "../../rehearsal/check-bundle/findings-table";
import type { CommandContext } from "../context";
import { exitCodes, type ExitCode } from "../exit-code";

/** Finds what of a bundle would fail on a host, before anything is deployed. */
export async function checkBundleCommand(path: string, context: Pick<CommandContext, "callerFolder" | "print">): Promise<ExitCode> {
    const findings = await checkBundle(resolve(context.callerFolder, path));
    const fails = findings.some(({ severity }) => severity === "error");
    context.print({ path, verdict: fails ? "fails" : "passes", findings }, renderFindings(path, findings));
    return fails ? exitCodes.failed : exitCodes.done;
}
