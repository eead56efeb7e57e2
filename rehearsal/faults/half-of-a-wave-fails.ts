import type { Fault, RollingGround } from "./fault";
import { someInstancesFail } from "./some-instances-fail";

export const halfOfAWaveFails: Fault<RollingGround> = {
    name: "half-of-a-wave-fails",
    onAws: "Every other instance fails. CodeDeploy goes on in smaller waves until failures have brought the healthy instances down to the minimum; then the "
        + "deployment fails, and its rollback goes to all of them, to those first that failed.",
    promise: "those that still serve carry all requests, and the old release is back on every instance",
    happen: async ground => someInstancesFail(ground, await ground.releases.hookFailsOnHalf()),
};
