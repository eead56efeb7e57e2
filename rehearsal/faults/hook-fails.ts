import type { Fault } from "./fault";
import { goesBack } from "./goes-back";

export const hookFails: Fault = {
    name: "hook-fails",
    onAws: "A hook ends with exit code 1 on every instance, when the old container is gone and the new one has not begun. The deployment fails, and the "
        + "instances that it had reached are empty until the rollback has come to them.",
    promise: "none of them gets a request before it has the old release again",
    happen: async ({ stage, releases }) => goesBack(stage, await releases.hookFails(), { event: "ApplicationStart", says: "exit code 1" }),
};
