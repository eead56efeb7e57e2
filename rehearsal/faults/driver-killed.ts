import type { RollState } from "../../release/blue-green/machine";
import type { ColourSession, Driving, Wrap } from "../blue-green/colour-session";
import { lookBefore, problemsAfter } from "./after-roll";
import type { ColourGround, Fault } from "./fault";
import { type KilledWay, surviveKills } from "./kill-driver";

const onAws = "The machine that drives a deployment dies: a laptop that sleeps, a CI job that is cancelled, a CodeBuild host that is lost. What AWS does by "
    + "itself goes on, and nothing says how far the driver had come.";

/** A way of a roll, and how it comes to be taken. */
interface KilledRoll {
    readonly what: string;
    readonly way: KilledWay;
    readonly begin: (ground: ColourGround, how: Driving, version: string) => Promise<RollState>;
    readonly wrap?: (session: ColourSession) => Wrap;
}

const shifting = { shiftPercents: [50, 100], bakeSeconds: 5, warmSeconds: 3600 };
const deploy: KilledRoll["begin"] = ({ session }, how, version) => session.deploy(version, { ...shifting, ...how });
const flip: KilledRoll["begin"] = ({ session }, how) => session.flip({ bakeSeconds: shifting.bakeSeconds, ...how });

/** In their order: each flip needs the colour that the roll before has left warm. */
const rolls: readonly KilledRoll[] = [
    { what: "deploy", way: "forward", begin: deploy },
    { what: "flip", way: "forward", begin: flip },
    { what: "deploy on its way back", way: "back", begin: deploy, wrap: session => stopAt(session, "commit") },
    { what: "deploy", way: "forward", begin: deploy },
    { what: "flip on its way back", way: "back", begin: flip, wrap: session => stopAt(session, "shift") },
];

export const driverKilled: Fault<ColourGround> = {
    name: "driver-killed",
    onAws,
    promise: "whoever comes next goes on from what was written down, whatever the step, and the roll ends as it would have",
    async happen(ground) {
        const broken: string[] = [];
        let kills = 0;
        for (const { what, way, begin, wrap } of rolls) {
            const { session } = ground;
            const before = lookBefore(session);
            const version = ground.releases.otherThan(before.version);
            const survived = await surviveKills(session, how => begin(ground, how, version), way, wrap?.(session));
            kills += survived.kills;
            broken.push(...[
                ...survived.missed.map(moment => `nobody was killed ${moment}`),
                ...await problemsAfter(survived.end, [way === "forward" ? "succeeded" : "stopped"], before, ground),
            ].map(problem => `${what}: ${problem}`));
        }
        return { happened: `${kills} drivers were killed in ${rolls.length} rolls, and ${kills} others went on`, broken };
    },
};

/** A person wants the roll to end before a step is carried out. */
function stopAt(session: ColourSession, name: string): Wrap {
    return driver => ({
        async carryOut(step, state, pace) {
            if (step.name === name && state.phase === "forward") {
                await session.requestStop("the rehearsal wants to see the way back");
                await pace.rest(0);
            }
            return driver.carryOut(step, state, pace);
        },
    });
}
