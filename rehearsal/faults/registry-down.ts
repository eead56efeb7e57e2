import { milestones, type TimelineEvent } from "../report/report-input";
import type { Fault } from "./fault";

export const registryDown: Fault = {
    name: "registry-down",
    onAws: "The registry answers every pull with an error. A host finds out when it has already left the load balancer, and whoever has stopped the old container by then "
        + "has nothing to start.",
    promise: "the pull fails while the old container still runs, the release goes back, and takes over when the registry is there again",
    async happen({ stage, releases, registry }) {
        const version = releases.otherThan(stage.serving());
        await registry.forgetOnHosts(version);
        const since = stage.timeline.events.length;
        const failing = await registry.fail();
        const deployed = await stage.deploy(version).finally(() => failing[Symbol.asyncDispose]());
        const back = await deployed.problems(["rolledBack"]);
        const touched = touchedProblems(stage.timeline.events.slice(since));
        const again = await stage.deploy(version);
        return { happened: `${deployed.told}; then it ${again.told}`, broken: [...back, ...touched, ...await again.problems(["succeeded"])] };
    },
};

/** What is wrong with a deployment whose image could not come: a container was stopped or begun for it, or nothing failed. */
export function touchedProblems(events: readonly TimelineEvent[]): readonly string[] {
    const rollback = events.findIndex(({ event }) => event === milestones.rollbackStarted);
    const forward = rollback === -1 ? events : events.slice(0, rollback);
    const pulled = forward.some(({ event, status }) => event === "BeforeInstall" && status === "failed");
    return [
        ...(pulled ? [] : ["no pull failed, so nothing was tried"]),
        ...forward.filter(({ event, status }) => event === "ApplicationStart" && status === "started").slice(0, 1)
            .map(({ instance }) => `the container of ${instance ?? ""} was replaced although its image had not come`),
    ];
}
