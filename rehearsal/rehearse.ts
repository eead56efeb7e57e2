import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Release } from "../release/bundle";
import { forecast } from "../release/forecast";
import { checkPortIsFree } from "./balancer/free-port";
import { rehearseColours } from "./blue-green/rehearse-colours";
import { Run } from "./cleanup/run";
import type { Conditions } from "./codedeploy/deployment";
import { roll } from "./codedeploy/roll";
import { measuredWork } from "./measured-work";
import type { RehearsalOptions } from "./options";
import { perform } from "./perform";
import { describeFinding, planRehearsal, type RehearsalPlan } from "./plan";
import { readProgram } from "./program/read-program";
import { RehearsalError } from "./rehearsal-error";
import { makeFirstRelease, makeNextRelease } from "./release/make-releases";
import { makeReport, type Report } from "./report/report";
import type { ReportInput } from "./report/report-input";
import { openSite, type Site } from "./site";
import { scaleDrainMs } from "./time-scale";
import { Timeline } from "./timeline";
import { tryRoutes } from "./try-routes";
import type { View } from "./view";

export { RehearsalError };

const reportFile = join(".gapless", "rehearsal", "report.json");

/**
 * Brings version 2 in the place of version 1 on local Docker under load, the way the stage's own program would have AWS do it,
 * and counts what the clients see.
 */
export async function rehearse(options: RehearsalOptions, view: View, signal: AbortSignal): Promise<Report> {
    view.step(`reading the program of stage ${options.stage}`);
    // An older verdict must not be taken for this rehearsal's.
    await rm(reportFile, { force: true });
    await checkPortIsFree(options.port);
    const overrides = options.strategy === undefined ? {} : { strategy: options.strategy };
    const plan = planRehearsal(await readProgram(options.stage, signal, overrides), options);
    for (const warning of plan.warnings) view.warn(describeFinding(warning));

    await using run = await Run.open();
    const { input, url } = await (plan.facts.colours ? playColours : playRolling)(plan, run, view, signal);
    const report = makeReport(input);
    await writeReport(report);
    const kept = options.keep ? { kept: { url, removeCommand: run.keep() } } : {};
    view.result({ report, reportFile, ...kept });
    return report;
}

/** What a report is made from, and where the service answers. */
interface Played {
    readonly input: ReportInput;
    readonly url: string;
}

async function playColours(plan: RehearsalPlan, run: Run, view: View, signal: AbortSignal): Promise<Played> {
    const { seen, url } = await rehearseColours(plan, run, view, signal);
    return { input: seen, url };
}

async function playRolling(plan: RehearsalPlan, run: Run, view: View, signal: AbortSignal): Promise<Played> {
    const { options } = plan;
    view.step("opening Docker, registry and balancer");
    const site = await openSite(plan, run, view, signal);
    view.step("building versions 1 and 2");
    const first = await makeFirstRelease(plan.facts, site.releases);
    const next = await makeNextRelease(plan.facts, options.release, site.releases);
    for (const release of [first, next]) await site.bundles.put(release);

    view.step(`installing version 1 (${first.version}) on ${plan.instances} instances`);
    const conditions = {
        instances: site.fleet, balancer: site.balancer, signal, drainMs: 0, eventGapMs: plan.waits.eventGapMs,
        trafficControl: true, timeline: new Timeline(),
    };
    await installFirst(plan, site, first, conditions);
    const slowestMs = await tryRoutes(site.balancer.url, plan.facts, signal);

    view.step(`rolling out version 2 (${next.version}) under ${options.ratePerSecond} requests per second`);
    const timeline = new Timeline(event => { view.event(event); });
    const drainMs = scaleDrainMs(plan.rollout.drainSeconds, options.timeScale, slowestMs);
    const trafficControl = plan.facts.withTrafficControl && options.draining;
    const seen = await perform(plan, site, { first, next }, { ...conditions, timeline, drainMs, trafficControl }, slowestMs, view);
    const expected = forecast(plan.rollout, options.timeScale, measuredWork(conditions.timeline.events), trafficControl);
    return { input: { ...seen, forecast: expected }, url: site.balancer.url };
}

async function installFirst(plan: RehearsalPlan, site: Site, release: Release, conditions: Conditions): Promise<void> {
    const end = await roll({
        hosts: [...site.fleet.keys()].map(id => ({ id, healthy: false, revision: "unknown" })),
        minimumHealthyHosts: plan.rollout.minimumHealthyHosts,
        target: release.version, previous: undefined, rollBackOnFailure: false,
    }, version => site.bundles.bundleOf(version), conditions);
    if (end.outcome !== "succeeded") throw new RehearsalError(`Version 1 does not start: ${end.reason}`);
}

/** Whole or not at all: somebody may be reading. */
async function writeReport(report: Report): Promise<void> {
    await mkdir(dirname(reportFile), { recursive: true });
    await writeFile(`${reportFile}.new`, `${JSON.stringify(report, undefined, 2)}\n`);
    await rename(`${reportFile}.new`, reportFile);
}
