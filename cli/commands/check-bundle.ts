import { resolve } from "node:path";
import { BundlePathError, checkBundle } from "../../rehearsal/check-bundle/check-bundle";
import { verdictOf } from "../../rehearsal/check-bundle/finding";
import { renderFindings } from "../../rehearsal/check-bundle/findings-table";
import type { CommandContext } from "../context";
import { exitCodes, type ExitCode } from "../exit-code";

/** Finds what of a bundle would fail on a host, before anything is deployed. */
export async function checkBundleCommand(path: string, context: Pick<CommandContext, "callerFolder" | "print">): Promise<ExitCode> {
    // Resolved, it would be the folder that one happens to stand in.
    if (path === "") throw new BundlePathError("The path is empty. Name a zip, tar or tgz file, or a folder; of the current one: check-bundle .");
    const findings = await checkBundle(resolve(context.callerFolder, path));
    const verdict = verdictOf(findings);
    context.print({ path, verdict, findings }, renderFindings(path, findings));
    return verdict === "passes" ? exitCodes.done : exitCodes.failed;
}
