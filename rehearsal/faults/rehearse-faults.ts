import { bakeLookSeconds } from "../../release/blue-green/step";
import { checkPortIsFree } from "../balancer/free-port";
import { rehearseColours } from "../blue-green/rehearse-colours";
import { Run } from "../cleanup/run";
import type { RehearsalOptions } from "../options";
import { describeFinding, planRehearsal, type RehearsalPlan } from "../plan";
import { readService } from "../program/read-service";
import type { Releases } from "../release/make-releases";
import type { RequestRecord } from "../load/request-record";
import { rehearseRolling } from "../rolling/rehearse-rolling";
import type { RollingSite } from "../rolling/rolling-site";
import { tryRoutes } from "../try-routes";
import type { View } from "../view";
import { chooseFaults } from "./catalogue";
import { ColourStage } from "./colour-stage";
import type { FaultGround } from "./fault";
import type { FaultName } from "./fault-names";
import { FaultRegistry } from "./fault-registry";
import { FaultReleases } from "./fault-releases";
import type { FaultStage } from "./fault-stage";
import { type FaultRun, type FaultVerdict, judgeFault } from "./judge-fault";
import { performFaults } from "./perform-faults";
import { RollingStage } from "./rolling-stage";

/** Seconds of a boot on AWS. They are shorter than real ones, of which dozens of deployments have as many; no promise hangs on them. */
const bootSeconds = 20;
/** Real seconds for a machine to do what takes no time on paper. */
const marginSeconds = 0.5;

/** What faults came to, with the requests that were sent meanwhile. */
interface Happened {
    readonly runs: readonly FaultRun[];
    readonly records: readonly RequestRecord[];
}

/**
 * Has faults happen to a stage on local Docker under load.
 * @throws PlanError when the stage's strategy has none of them
 */
export async function rehearseFaults(options: RehearsalOptions, which: "all" | readonly FaultName[], view: View, signal: AbortSignal): Promise<readonly FaultVerdict[]> {
    view.step(`reading the program of stage ${options.stage}`);
    await checkPortIsFree(options.port);
    const plan = planRehearsal(await readService(options, signal), options);
    chooseFaults(which, plan.facts.colours ? "blueGreen" : "rolling");
    for (const warning of plan.warnings) view.warn(describeFinding(warning));

    await using run = await Run.open();
    const { runs, records } = await (plan.facts.colours ? onColours : onFleet)(which, plan, run, view, signal);
    return runs.map(each => judgeFault(each, records, options.ratePerSecond));
}

async function onFleet(which: "all" | readonly FaultName[], plan: RehearsalPlan, run: Run, view: View, signal: AbortSignal): Promise<Happened> {
    let runs: readonly FaultRun[] = [];
    const { seen: { records } } = await rehearseRolling(plan, run, quiet(view), signal, {
        bootSeconds,
        async play(site, releases) {
            const stage = new RollingStage(site, plan.facts.release.containerPort, signal);
            const ground = { ...await groundOf(plan, site, releases, stage, signal), stage, site };
            runs = await performFaults(chooseFaults(which, "rolling"), ground, view);
            return endOf(runs);
        },
    });
    return { runs, records };
}

async function onColours(which: "all" | readonly FaultName[], plan: RehearsalPlan, run: Run, view: View, signal: AbortSignal): Promise<Happened> {
    let runs: readonly FaultRun[] = [];
    const { seen: { records } } = await rehearseColours(plan, run, quiet(view), signal, {
        bootSeconds,
        async play(session, releases) {
            const stage = new ColourStage(session, plan.instances);
            const ground = { ...await groundOf(plan, session.site, releases, stage, signal), session };
            runs = await performFaults(chooseFaults(which, "blueGreen"), ground, view);
            return endOf(runs);
        },
    });
    return { runs, records };
}

/** Each line of a lifecycle event of dozens of deployments says nothing that a fault's own line does not. */
function quiet(view: View): View {
    return { ...view, event: () => undefined };
}

function endOf(runs: readonly FaultRun[]): { readonly outcome: "succeeded"; readonly reason: string } {
    return { outcome: "succeeded", reason: `${runs.length} faults happened` };
}

type Site = Pick<RollingSite, "bundles" | "releases"> & { readonly balancer: { readonly url: string } };

async function groundOf(plan: RehearsalPlan, site: Site, { first, next }: Releases, stage: FaultStage, signal: AbortSignal): Promise<FaultGround> {
    const { options: { ratePerSecond, timeScale }, facts, instances: minSize } = plan;
    const slowestSeconds = (await tryRoutes(site.balancer.url, facts, signal)) / 1000;
    return { stage, releases: new FaultReleases(site, facts, [first, next]), registry: new FaultRegistry(site), minSize, ratePerSecond, timeScale, slowestSeconds, noticeSeconds: noticeSecondsOf(plan), signal };
}

/** Until dead targets have failed as many checks as it takes, and whoever drives has looked. */
export function noticeSecondsOf({ rollout: { healthCheck }, options: { timeScale } }: Pick<RehearsalPlan, "rollout" | "options">): number {
    const { unhealthyThreshold, intervalSeconds, timeoutSeconds } = healthCheck;
    return (unhealthyThreshold * intervalSeconds + timeoutSeconds + bakeLookSeconds) * timeScale + marginSeconds;
}
