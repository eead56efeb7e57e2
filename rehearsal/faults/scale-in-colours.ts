import { lookBefore, problemsAfter, tellEnd } from "./after-roll";
import type { ColourGround, Fault } from "./fault";

export const scaleInColours: Fault<ColourGround> = {
    name: "scale-in",
    onAws: "The load falls in the middle of a release. Auto Scaling takes an instance from the colour that serves, and as each colour has only a share of the requests "
        + "for a while, both look idle.",
    promise: "what serves drains, and no colour shrinks while the requests are shared",
    async happen(ground) {
        const { session, releases, stage, minSize } = ground;
        stage.fleet.scaleBy(1);
        const grown = await stage.problems();
        const before = lookBefore(session);
        const { groups } = session.site;
        const shrunk: string[] = [];
        let untried: readonly string[] = ["the colour that serves did not shrink before the requests were shared, so nothing was tried"];
        const end = await session.deploy(releases.otherThan(before.version), {
            shiftPercents: [50, 100], bakeSeconds: 10, warmSeconds: 0,
            wrap: driver => ({
                async carryOut(step, state, pace) {
                    const { from, to } = state.roll;
                    if (step.name === "install") {
                        const { desired } = groups[from].size;
                        groups[from].scaleBy(-1);
                        if (groups[from].size.desired < desired) untried = [];
                    }
                    if (step.name === "bake" && step.percent === 50) {
                        for (const colour of [from, to]) {
                            const { desired } = groups[colour].size;
                            groups[colour].scaleBy(-1);
                            if (groups[colour].size.desired < desired) shrunk.push(`${colour} shrank from ${desired} instances to ${groups[colour].size.desired} while it had half of the requests`);
                        }
                    }
                    return driver.carryOut(step, state, pace);
                },
            }),
        });
        const after = await problemsAfter(end, ["succeeded"], before, ground);
        stage.fleet.resize({ desired: minSize });
        return { happened: `the release ${tellEnd(end)}`, broken: [...grown, ...after, ...shrunk, ...untried, ...await stage.problems()] };
    },
};
