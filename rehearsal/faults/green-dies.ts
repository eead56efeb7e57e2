import { bakeLookSeconds } from "../../release/blue-green/step";
import { now } from "../load/clock";
import { lookBefore, problemsAfter, tellEnd } from "./after-roll";
import type { ColourGround, Fault } from "./fault";

export const greenDies: Fault<ColourGround> = {
    name: "green-dies",
    onAws: "Every container of the new colour dies just after it has got all requests. The load balancer answers 502 and then 503 in its place until the "
        + "weights are changed.",
    promise: "the driver sees it within the bake time and gives all requests back; what is lost stays below the bound",
    async happen(ground) {
        const { session, releases, ratePerSecond, openSeconds, noticeSeconds, timeScale } = ground;
        const before = lookBefore(session);
        const { docker, groups, run } = session.site;
        const seenSeconds = noticeSeconds + bakeLookSeconds * timeScale;
        let killSeconds = 0;
        const end = await session.deploy(releases.otherThan(before.version), {
            shiftPercents: [100], bakeSeconds: 60,
            wrap: driver => ({
                async carryOut(step, state, pace) {
                    if (step.name === "bake") {
                        const beganMs = now();
                        await docker.run(["kill", ...groups[state.roll.to].inService.map(({ id }) => `${run}-${id}`)]);
                        killSeconds = (now() - beganMs) / 1000;
                    }
                    return driver.carryOut(step, state, pace);
                },
            }),
        });
        return {
            happened: tellEnd(end),
            broken: await problemsAfter(end, ["rolledBack"], before, ground),
            mayLose: {
                requests: Math.ceil(ratePerSecond * (openSeconds + killSeconds + seenSeconds)),
                because: `${ratePerSecond} requests a second, for the ${openSeconds.toFixed(1)} s that one is open on the average, the ${killSeconds.toFixed(1)} s `
                    + `of the dying and ${seenSeconds.toFixed(1)} s until checks and driver have seen it`,
            },
        };
    },
};
