import { otherColour } from "../../release/blue-green/colour";
import { lookBefore, problemsAfter, tellEnd } from "./after-roll";
import type { ColourGround, Fault } from "./fault";

export const previousImageGone: Fault<ColourGround> = {
    name: "previous-image-gone",
    onAws: "A group in a deployment group brings every instance that it launches the last release that was deployed there, for an idle colour two "
        + "releases old. When its image has expired, the launch fails, the instance is terminated, and the group launches another, for ever.",
    promise: "the idle colour grows without its old release",
    async happen(ground) {
        const { session, releases } = ground;
        const before = lookBefore(session);
        const { site } = session;
        const idle = otherColour(before.serving);
        site.groups[idle].lastDeployed = await releases.imageGone();
        const since = site.timeline.events.length;

        const end = await session.deploy(releases.otherThan(before.version), { warmSeconds: 0 });

        const failed = site.timeline.events.slice(since).filter(({ instance, status }) => instance?.startsWith(idle) === true && status === "failed");
        return {
            happened: `the release ${tellEnd(end)}, ${failed.length} failed launches`,
            broken: [
                ...await problemsAfter(end, ["succeeded"], before, ground),
                ...failed.slice(0, 1).map(({ instance, event, detail }) => `${instance ?? ""} was brought the old release: ${event} failed (${detail ?? ""})`),
            ],
        };
    },
};
