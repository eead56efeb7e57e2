import { oneAtATime } from "../../release/minimum-healthy-hosts";
import { milestones, type TimelineEvent } from "../report/report-input";
import type { Fault, RollingGround } from "./fault";

/** Seconds: a release may begin to fail in the middle of one of CloudWatch's minutes, and the next is bad as a whole. */
const alarmSeconds = 120;

export const alarmFires: Fault<RollingGround> = {
    name: "alarm-fires",
    onAws: "A release passes hooks and health checks and answers 500 to users. The load balancer tells CloudWatch once a minute, and the figures come some time after it; the alarm stops a deployment that is still "
        + "under way: of one that has ended by then nobody takes anything back. So here it goes instance by instance, and figures come at once.",
    promise: "the alarm stops it within two of its minutes and two waves, and the release before comes back",
    async happen({ stage, releases, site: { group, alarm, timeline }, ratePerSecond, openSeconds, timeScale }) {
        if (alarm === undefined) throw new TypeError("the deployment group has no alarm on errors, so nothing stops a release that fails");
        const version = await releases.failingUntried();
        const hosts = group.inService.length;
        const since = timeline.events.length;
        const deployed = await stage.watch(version, group.deploy(version, { minimumHealthyHosts: oneAtATime }).ended);
        const events = timeline.events.slice(since);
        const badSeconds = secondsInRotation(events);
        return {
            happened: `the release ${deployed.told}`,
            broken: [
                ...await deployed.problems(["rolledBack"]),
                ...(deployed.told.includes("the alarm fires") ? [] : ["it was not the alarm that stopped it"]),
                ...lateProblems(events, alarmSeconds * timeScale),
            ],
            mayLose: {
                requests: Math.ceil(ratePerSecond / (hosts - 1) * (badSeconds + openSeconds)),
                because: `instances with the release were in rotation for ${badSeconds.toFixed(1)} s in all, each with one in ${hosts - 1} of ${ratePerSecond} requests a second`,
            },
        };
    },
};

/** Seconds for which instances had the first deployment's release in rotation, all taken together: each until it leaves for the rollback. */
export function secondsInRotation(events: readonly TimelineEvent[]): number {
    const rollback = events.findIndex(({ event }) => event === milestones.rollbackStarted);
    const [forward, back] = rollback === -1 ? [events, []] : [events.slice(0, rollback), events.slice(rollback)];
    const lastMs = events.at(-1)?.atMs ?? 0;
    const inRotation = forward.filter(({ event, status }) => event === "AllowTraffic" && status === "started").map(({ instance, atMs }) =>
        (back.find(each => each.instance === instance && each.event === "BlockTraffic" && each.status === "started")?.atMs ?? lastMs) - atMs);
    return inRotation.reduce((sum, ms) => sum + ms, 0) / 1000;
}

/** What is wrong with an alarm that takes longer than so many seconds and two waves: the one in which it fires, which goes on to its end, and the one in which the last minute began. */
export function lateProblems(events: readonly TimelineEvent[], seconds: number): readonly string[] {
    const at = (name: string, status?: string): number | undefined => events.find(each => each.event === name && each.status === status)?.atMs;
    const [wave, allowed, served, back] = [at(milestones.waveStarted), at("AllowTraffic", "started"), at("AfterAllowTraffic", "succeeded"), at(milestones.rollbackStarted)];
    if (wave === undefined || allowed === undefined || served === undefined || back === undefined) return ["no rollback began"];
    const took = (back - allowed) / 1000;
    const limit = seconds + 2 * (served - wave) / 1000;
    return took <= limit ? [] : [`the rollback began ${took.toFixed(1)} s after the release had its first request, and ${limit.toFixed(1)} s is the longest that it may take`];
}
