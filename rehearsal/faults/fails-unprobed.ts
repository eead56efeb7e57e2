import { bakeLookSeconds } from "../../release/blue-green/step";
import { lookBefore, problemsAfter, tellEnd } from "./after-roll";
import type { ColourGround, Fault } from "./fault";

const firstPercent = 10;
/** Real seconds for a machine to look at the answers and to send the requests back. */
const marginSeconds = 1;

export const failsUnprobed: Fault<ColourGround> = {
    name: "fails-unprobed",
    onAws: "A release passes hooks, health checks and the request by the header, and answers 500 to users, whose requests are others. CodeDeploy has long called its deployment a success.",
    promise: "the first share finds it within two looks, and only requests of that share are lost",
    async happen(ground) {
        const { session, releases, ratePerSecond, timeScale } = ground;
        const before = lookBefore(session);
        const { fewestRequests } = session.site.errorAlarm;
        const end = await session.deploy(await releases.failingUntried(), {
            shiftPercents: [firstPercent, 100], bakeSeconds: 60,
            wrap: driver => ({
                carryOut: (step, state, pace) => (step.name === "probe" ? Promise.resolve({}) : driver.carryOut(step, state, pace)),
            }),
        });
        const perSecond = ratePerSecond * firstPercent / 100;
        const lookSeconds = bakeLookSeconds * timeScale;
        return {
            happened: `the release ${tellEnd(end)}`,
            broken: await problemsAfter(end, ["rolledBack"], before, ground),
            mayLose: {
                requests: Math.ceil(fewestRequests + perSecond * (2 * lookSeconds + marginSeconds)),
                because: `${firstPercent} % of ${ratePerSecond} requests a second, for two looks ${lookSeconds} s apart and ${marginSeconds} s to send them back, beside the ${fewestRequests} `
                    + "without which a share of errors says nothing",
            },
        };
    },
};
