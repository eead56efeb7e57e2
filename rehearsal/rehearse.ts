import { checkPortIsFree } from "./balancer/free-port";
import { rehearseColours } from "./blue-green/rehearse-colours";
import { Run } from "./cleanup/run";
import type { RehearsalOptions } from "./options";
import { describeFinding, planRehearsal } from "./plan";
import { readService } from "./program/read-service";
import { RehearsalError } from "./rehearsal-error";
import { writeHtml } from "./report/html/write-html";
import { forgetLastRehearsal, reportFile, writeWhole } from "./report/last-rehearsal";
import { makeReport, type Report } from "./report/report";
import { rehearseRolling } from "./rolling/rehearse-rolling";
import type { View } from "./view";

export { RehearsalError };

/**
 * Brings version 2 in the place of version 1 on local Docker under load, the way the stage's own program would have AWS do it,
 * and counts what the clients see.
 */
export async function rehearse(options: RehearsalOptions, view: View, signal: AbortSignal): Promise<Report> {
    view.step(`reading the program of stage ${options.stage}`);
    await forgetLastRehearsal();
    await checkPortIsFree(options.port);
    const plan = planRehearsal(await readService(options, signal), options);
    for (const warning of plan.warnings) view.warn(describeFinding(warning));

    await using run = await Run.open();
    const { seen, url } = await (plan.facts.colours ? rehearseColours : rehearseRolling)(plan, run, view, signal);
    const report = makeReport(seen);
    await writeWhole(reportFile, report);
    const page = await writeHtml(report, reportFile);
    const kept = options.keep ? { kept: { url, removeCommand: run.keep() } } : {};
    view.result({ report, reportFile, page, ...kept });
    return report;
}
