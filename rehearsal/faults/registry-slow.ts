import { setTimeout as sleep } from "node:timers/promises";
import { now } from "../load/clock";
import type { TimelineEvent } from "../report/report-input";
import type { Fault } from "./fault";

/** Real, as a pull is work. Longer than a new instance's way to its pull, shorter than what a pull that comes ahead is given. */
const hangMs = 8_000;

export const registrySlow: Fault = {
    name: "registry-slow",
    onAws: "A pull takes its time. Rolling, each instance has left the load balancer by then, so half of the capacity is missing for as long as the registry takes.",
    promise: "the image is pulled while the instance still serves, so no capacity is missing longer",
    async happen({ stage, releases, registry, signal }) {
        const version = releases.otherThan(stage.serving());
        await registry.forgetOnHosts(version);
        const since = stage.timeline.events.length;
        const hanging = await registry.hang();
        let answered: Promise<number> | undefined;
        const answerIn = (waitMs: number): Promise<number> => {
            answered ??= sleep(waitMs, undefined, { signal }).finally(() => hanging[Symbol.asyncDispose]()).then(now);
            // Nobody waits for it before the deployment has ended, and Ctrl-C ends it earlier.
            answered.catch(() => undefined);
            return answered;
        };
        using _first = stage.interception.add((_event, _host, run) => {
            void answerIn(hangMs);
            return run();
        });
        // A deployment that never came to a host has had nobody ask the registry.
        const deployed = await stage.deploy(version).finally(() => answerIn(0));
        const answeredMs = await answerIn(0);
        const slow = slowProblems(stage.timeline.events.slice(since), answeredMs, stage.strategy === "rolling");
        return { happened: `the release ${deployed.told}`, broken: [...await deployed.problems(["succeeded"]), ...slow] };
    },
};

/**
 * What is wrong with a deployment whose registry did not answer until a moment: instances left the load balancer before it, or nobody waited.
 * @param serving whether the instances that it went to served
 */
export function slowProblems(events: readonly TimelineEvent[], answeredMs: number, serving: boolean): readonly string[] {
    const begunBefore = (name: string): readonly TimelineEvent[] => events.filter(({ event, status, atMs }) => event === name && status === "started" && atMs < answeredMs);
    const waited = begunBefore(serving ? "BeforeBlockTraffic" : "BeforeInstall").some(begun =>
        events.some(({ event, instance, atMs }) => event === begun.event && instance === begun.instance && atMs >= answeredMs));
    return [
        ...(waited ? [] : ["nobody waited for the registry, so nothing was tried"]),
        ...(serving ? begunBefore("BlockTraffic") : []).slice(0, 1).map(({ instance }) => `${instance ?? ""} left the load balancer before its image had come`),
    ];
}
