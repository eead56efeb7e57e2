import type { Fault } from "./fault";

export const scaleSteady: Fault = {
    name: "scale-steady",
    onAws: "The load grows and falls again, with no deployment under way. A new instance that is in the target group before it has a release answers with errors, and one that is "
        + "ended at once cuts what is open on it.",
    promise: "a new instance has the current release before it serves, and one that goes has its whole drain",
    async happen({ stage }) {
        const { desired } = stage.fleet.size;
        stage.fleet.scaleBy(1);
        const most = stage.fleet.size.desired;
        const grown = await stage.problems();
        stage.fleet.resize({ desired });
        return {
            happened: `${desired} instances became ${most} and ${stage.fleet.size.desired} again`,
            broken: [...(most > desired ? [] : ["the fleet did not grow, so nothing was tried"]), ...grown, ...await stage.problems()],
        };
    },
};
