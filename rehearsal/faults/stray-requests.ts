import type { Fault } from "./fault";

/**
 * Seconds for which requests were seen to come to a target after it had been deregistered.
 * https://github.com/kubernetes-sigs/aws-load-balancer-controller/issues/2366
 */
const straySeconds = 17;

export const strayRequests: Fault = {
    name: "stray-requests",
    onAws: "The nodes of a load balancer hear of a deregistration one after the other, so a target that drains gets requests for up to 17 s. One that ends before that "
        + "answers them with a refused connection, which clients see as 502.",
    promise: "an instance outlives its whole drain, which is longer",
    async happen({ stage, releases, drainScale }) {
        const { targets, fleet } = stage;
        const { desired } = fleet.size;
        // A drain is not shortened as much as other waits: strays come for as much of it as on AWS.
        targets.strayMs = straySeconds * 1000 * drainScale;
        try {
            fleet.scaleBy(1);
            const grown = await stage.problems();
            fleet.resize({ desired });
            const shrunk = await stage.problems();
            const deployed = await stage.deploy(releases.otherThan(stage.serving()));
            return {
                happened: `an instance left and the release ${deployed.told}, with requests for ${straySeconds} s of the service's time after each deregistration`,
                broken: [...grown, ...shrunk, ...await deployed.problems(["succeeded"])],
            };
        } finally {
            targets.strayMs = 0;
        }
    },
};
