import type { Fault, RollingGround } from "./fault";
import { failingWords } from "./fault-releases";
import { goesBack } from "./goes-back";
import { someInstancesFail } from "./some-instances-fail";

const name = "hook-fails-once";

export const hookFailsOnce: Fault = {
    name,
    onAws: "All at once, CodeDeploy calls a deployment a success when one instance has succeeded, however many have not.",
    promise: "every instance has the release or none gets requests, and the release goes back before anybody has seen it",
    happen: async ({ stage, releases }) => goesBack(stage, await releases.hookFailsOnce(), { event: "ValidateService", says: failingWords }),
};

export const hookFailsOnceInAWave: Fault<RollingGround> = {
    name,
    onAws: "One instance of a wave fails. As long as the minimum serves, CodeDeploy goes on and calls the deployment a success; the instance stays out of the "
        + "load balancer until another deployment brings it back.",
    promise: "the instance that failed gets no request and is named, and the next release takes it back",
    happen: async ground => someInstancesFail(ground, await ground.releases.hookFailsOnce()),
};
