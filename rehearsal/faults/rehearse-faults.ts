import { bakeLookSeconds } from "../../release/blue-green/step";
import { checkPortIsFree } from "../balancer/free-port";
import { rehearseColours } from "../blue-green/rehearse-colours";
import { Run } from "../cleanup/run";
import type { RehearsalOptions } from "../options";
import { describeFinding, planRehearsal, type RehearsalPlan } from "../plan";
import { readProgram } from "../program/read-program";
import { tryRoutes } from "../try-routes";
import type { View } from "../view";
import type { Fault } from "./fault";
import { FaultReleases } from "./fault-releases";
import { type FaultRun, type FaultVerdict, judgeFault } from "./judge-fault";
import { performFaults } from "./perform-faults";

/** Seconds of a boot on AWS. They are shorter than real ones, of which dozens of rolls have as many; no promise hangs on them. */
const bootSeconds = 20;
/** Real seconds for a machine to do what takes no time on paper. */
const marginSeconds = 0.5;

/**
 * Has faults happen to a stage on local Docker under load.
 * @param choose which of those that a strategy has; may refuse
 */
export async function rehearseFaults(
    options: RehearsalOptions, choose: (strategy: "rolling" | "blueGreen") => readonly Fault[], view: View, signal: AbortSignal,
): Promise<readonly FaultVerdict[]> {
    view.step(`reading the program of stage ${options.stage}`);
    await checkPortIsFree(options.port);
    const overrides = options.strategy === undefined ? {} : { strategy: options.strategy };
    const plan = planRehearsal(await readProgram(options.stage, signal, overrides), options);
    const faults = choose(plan.facts.colours ? "blueGreen" : "rolling");
    for (const warning of plan.warnings) view.warn(describeFinding(warning));

    await using run = await Run.open();
    let runs: readonly FaultRun[] = [];
    // Each line of a lifecycle event of dozens of rolls says nothing that a fault's own line does not.
    const quiet = { ...view, event: () => undefined };
    const { seen } = await rehearseColours(plan, run, quiet, signal, {
        bootSeconds,
        async play(session, { first, next }) {
            const { site } = session;
            runs = await performFaults(faults, {
                session, releases: new FaultReleases(site, plan.facts, [first, next]), minSize: plan.instances, ratePerSecond: options.ratePerSecond,
                slowestSeconds: (await tryRoutes(site.balancer.url, plan.facts, signal)) / 1000, noticeSeconds: noticeSecondsOf(plan), signal,
            }, view);
            return { outcome: "succeeded", reason: `${runs.length} faults happened` };
        },
    });
    return runs.map(each => judgeFault(each, seen.records, options.ratePerSecond));
}

/** Until dead targets have failed as many checks as it takes, and whoever drives has looked. */
export function noticeSecondsOf({ rollout: { healthCheck }, options: { timeScale } }: Pick<RehearsalPlan, "rollout" | "options">): number {
    const { unhealthyThreshold, intervalSeconds, timeoutSeconds } = healthCheck;
    return (unhealthyThreshold * intervalSeconds + timeoutSeconds + bakeLookSeconds) * timeScale + marginSeconds;
}
