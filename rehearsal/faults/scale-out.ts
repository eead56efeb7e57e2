import { lookBefore, problemsAfter, tellEnd } from "./after-roll";
import type { ColourGround, Fault } from "./fault";

export const scaleOut: Fault<ColourGround> = {
    name: "scale-out",
    onAws: "The load grows while a release gets its first share, and scaling gives the colour that serves an instance more. A new colour as large as "
        + "that one was before would be too small for all requests.",
    promise: "the new colour is as large as the old one whenever it gets a share",
    async happen(ground) {
        const { session, releases } = ground;
        const before = lookBefore(session);
        const { groups, balancer } = session.site;
        const small: string[] = [];
        let sizes = "";
        let untried: readonly string[] = ["the colour that serves did not grow, so nothing was tried"];
        const end = await session.deploy(releases.otherThan(before.version), {
            shiftPercents: [50, 100], bakeSeconds: 10, warmSeconds: 0,
            wrap: driver => ({
                async carryOut(step, state, pace) {
                    const { from, to } = state.roll;
                    // Just when capacity has been matched, and the first share is taken.
                    if (step.name === "bake" && step.percent === 50) {
                        const { desired } = groups[from].size;
                        groups[from].scaleBy(1);
                        if (groups[from].size.desired > desired) untried = [];
                    }
                    const result = await driver.carryOut(step, state, pace);
                    if (step.name === "shift") {
                        const healthy = (await balancer.healthy())[to];
                        const wanted = groups[from].size.desired;
                        sizes = `${healthy} targets for what ${wanted} had served`;
                        if (healthy < wanted) small.push(`${to} got ${step.percent} % of the requests with ${healthy} healthy targets, and ${from} has ${wanted}`);
                    }
                    return result;
                },
            }),
        });
        return { happened: `the release ${tellEnd(end)} with ${sizes}`, broken: [...await problemsAfter(end, ["succeeded"], before, ground), ...small, ...untried] };
    },
};
