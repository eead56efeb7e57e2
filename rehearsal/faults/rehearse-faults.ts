import { checkPortIsFree } from "../balancer/free-port";
import { rehearseColours } from "../blue-green/rehearse-colours";
import { Run } from "../cleanup/run";
import type { RehearsalOptions } from "../options";
import { describeFinding, planRehearsal, type RehearsalPlan } from "../plan";
import { readService } from "../program/read-service";
import type { Releases } from "../release/make-releases";
import { faultsFile, forgetLastRehearsal, writeWhole } from "../report/last-rehearsal";
import { rehearseRolling } from "../rolling/rehearse-rolling";
import type { RollingSite } from "../rolling/rolling-site";
import { scaleDrainMs } from "../time-scale";
import { tryRoutes } from "../try-routes";
import { slowShare } from "../under-load";
import type { View } from "../view";
import { chooseFaults } from "./catalogue";
import { ColourStage } from "./colour-stage";
import type { FaultGround } from "./fault";
import type { FaultName } from "./fault-names";
import { FaultRegistry } from "./fault-registry";
import { FaultReleases } from "./fault-releases";
import type { FaultStage } from "./fault-stage";
import { type FaultsHappened, type FaultsReport, makeFaultsReport } from "./faults-report";
import { performFaults } from "./perform-faults";
import { RollingStage } from "./rolling-stage";
import { untilTrouble } from "./until-trouble";

/** Seconds of a boot on AWS. They are shorter than real ones, of which dozens of deployments have as many; no promise hangs on them. */
const bootSeconds = 20;
/** Real seconds for a machine to do what takes no time on paper. */
const marginSeconds = 0.5;

/** Where a rehearsal of faults tells what it is doing. */
export interface FaultsView extends Omit<View, "result"> {
    /** What came of the faults, as soon as it is known: before the clean-up, and also of those that happened before it was interrupted. */
    result(report: FaultsReport, file: string): void;
}

/**
 * Has faults happen to a stage on local Docker under load.
 * @throws PlanError when the stage's strategy has none of them; whatever ended it before its time, once what has happened was told
 */
export async function rehearseFaults(options: RehearsalOptions, which: "all" | readonly FaultName[], view: FaultsView, signal: AbortSignal): Promise<FaultsReport> {
    view.step(`reading the program of stage ${options.stage}`);
    await forgetLastRehearsal();
    await checkPortIsFree(options.port);
    const plan = planRehearsal(await readService(options, signal), options);
    const strategy = plan.facts.colours ? "blueGreen" : "rolling";
    const names = chooseFaults(which, strategy).map(({ name }) => name);
    for (const warning of plan.warnings) view.warn(describeFinding(warning));

    await using run = await Run.open();
    const happened = await (plan.facts.colours ? onColours : onFleet)(names, plan, run, view, signal);
    const report = makeFaultsReport({ plan, strategy, which, names }, happened);
    view.result(report, faultsFile);
    await writeWhole(faultsFile, report);
    if (happened.trouble) throw happened.trouble;
    return report;
}

function onFleet(names: readonly FaultName[], plan: RehearsalPlan, run: Run, view: FaultsView, signal: AbortSignal): Promise<FaultsHappened> {
    return untilTrouble(signal, view, async (series, wish) => {
        const { seen } = await rehearseRolling(plan, run, quiet(view), wish, {
            bootSeconds,
            play: async (site, releases) => {
                const stage = new RollingStage(site, plan.facts.release.containerPort, signal);
                const ground = { ...await groundOf(plan, site, releases, stage, signal), stage, site, minimumHealthyHosts: plan.rollout.minimumHealthyHosts };
                return series(performFaults(chooseFaults(names, "rolling"), ground, view));
            },
        });
        return seen;
    });
}

function onColours(names: readonly FaultName[], plan: RehearsalPlan, run: Run, view: FaultsView, signal: AbortSignal): Promise<FaultsHappened> {
    return untilTrouble(signal, view, async (series, wish) => {
        const { seen } = await rehearseColours(plan, run, quiet(view), wish, {
            bootSeconds,
            play: async (session, releases) => {
                const stage = new ColourStage(session, plan.instances);
                const ground = { ...await groundOf(plan, session.site, releases, stage, signal), session };
                return series(performFaults(chooseFaults(names, "blueGreen"), ground, view));
            },
        });
        return seen;
    });
}

/** Each line of a lifecycle event of dozens of deployments says nothing that a fault's own line does not. */
function quiet(view: FaultsView): View {
    return { ...view, event: () => undefined, result: () => undefined };
}

type Site = Pick<RollingSite, "bundles" | "releases"> & { readonly balancer: { readonly url: string } };

async function groundOf(plan: RehearsalPlan, site: Site, { first, next }: Releases, stage: FaultStage, signal: AbortSignal): Promise<FaultGround> {
    const { options: { ratePerSecond, timeScale }, facts, instances: minSize } = plan;
    const secondsOf = async (slowPath: string | undefined): Promise<number> => (await tryRoutes(site.balancer.url, { ...facts, slowPath }, signal)) / 1000;
    const slowestSeconds = await secondsOf(facts.slowPath);
    const openSeconds = slowShare * slowestSeconds + (1 - slowShare) * await secondsOf(undefined);
    const drainScale = drainScaleOf(plan.rollout.drainSeconds, timeScale, slowestSeconds);
    return { stage, releases: new FaultReleases(site, facts, [first, next]), registry: new FaultRegistry(site), minSize, ratePerSecond, timeScale, slowestSeconds, openSeconds, drainScale, drainSeconds: plan.rollout.drainSeconds, noticeSeconds: noticeSecondsOf(plan), signal };
}

/** Real seconds for each second of a drain on AWS, which lasts longer here than other waits. */
export function drainScaleOf(drainSeconds: number, timeScale: number, slowestSeconds: number): number {
    return drainSeconds === 0 ? timeScale : scaleDrainMs(drainSeconds, timeScale, slowestSeconds * 1000) / 1000 / drainSeconds;
}

/** Until dead targets have failed as many checks as it takes. */
export function noticeSecondsOf({ rollout: { healthCheck }, waits }: Pick<RehearsalPlan, "rollout" | "waits">): number {
    return (healthCheck.unhealthyThreshold * waits.healthIntervalMs + waits.healthTimeoutMs) / 1000 + marginSeconds;
}
