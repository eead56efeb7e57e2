import { afterEvent, untriedProblems } from "./after-event";
import type { Fault, RollingGround } from "./fault";

export const scaleOutFleet: Fault<RollingGround> = {
    name: "scale-out",
    onAws: "The load grows while the first wave is under way. The new instance gets the last release that succeeded, the old one, and a deployment of its own follows once the "
        + "new release has succeeded.",
    promise: "every instance has the new release in the end, and none serves before it has one",
    async happen({ stage, releases, site: { group, timeline } }) {
        const { desired } = group.size;
        const since = timeline.events.length;
        using grown = afterEvent(stage, "BeforeInstall", () => { group.scaleBy(1); });
        const known = new Set(group.members.map(({ host }) => host.id));
        const deployed = await stage.deploy(releases.otherThan(stage.serving()));
        const broken = [...untriedProblems([grown], "a growth"), ...await deployed.problems(["succeeded"])];
        const added = group.inService.filter(({ id }) => !known.has(id)).map(({ id }) => id);
        const installs = timeline.events.slice(since).filter(({ instance, event, status }) => added.includes(instance ?? "") && event === "Install" && status === "succeeded");
        group.resize({ desired });
        return {
            happened: `the release ${deployed.told}; ${added.join(", ") || "nothing"} came and was deployed to ${installs.length} times`,
            broken: [...broken, ...(added.length === 1 ? [] : [`${added.length} instances came instead of one`]), ...await stage.problems()],
        };
    },
};
