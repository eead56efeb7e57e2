import type { Fault, FaultGround } from "./fault";

/**
 * Seconds for which requests were seen to come to a target after it had been deregistered.
 * https://github.com/kubernetes-sigs/aws-load-balancer-controller/issues/2366
 */
const straySeconds = 17;
/** For this machine to answer. */
const marginSeconds = 0.3;

export const strayRequests: Fault = {
    name: "stray-requests",
    onAws: "The nodes of a load balancer hear of a deregistration one after the other, so a target that drains gets requests for up to 17 s. One that ends before that "
        + "answers them with a refused connection, which clients see as 502.",
    promise: "an instance outlives its whole drain, which is longer",
    async happen(ground) {
        const { stage: { targets, fleet }, stage, releases } = ground;
        const { desired } = fleet.size;
        targets.strayMs = strayMsOf(ground);
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

/**
 * Milliseconds of this rehearsal for which strays come: for as much of the drain as on AWS. But a slow request is as slow here as there, and the drain is shorter: where the
 * last stray can be answered within the drain there, it can here.
 */
export function strayMsOf({ drainSeconds, drainScale, slowestSeconds }: Pick<FaultGround, "drainSeconds" | "drainScale" | "slowestSeconds">): number {
    const strays = straySeconds * drainScale;
    if (drainSeconds < straySeconds + slowestSeconds) return strays * 1000;
    return Math.min(strays, drainSeconds * drainScale - slowestSeconds - marginSeconds) * 1000;
}
