import type { Fault } from "./fault";
import { goesBack } from "./goes-back";

const name = "probe-fails";
const onAws = "Health checks pass, and the service answers 500 to what users ask for: for CodeDeploy and the load balancer all is well.";

export const probeFails: Fault = {
    name, onAws,
    promise: "a request by the header finds what no hook has tried, and the release goes back before anybody has seen it",
    happen: async ({ stage, releases }) => goesBack(stage, await releases.failingUntried(), { says: "answered 500" }),
};

export const probeFailsOnHost: Fault = {
    name, onAws,
    promise: "each host asks for a real route before it gets requests, and the release goes back before anybody has seen it",
    happen: async ({ stage, releases }) => goesBack(stage, await releases.failing(), { event: "ValidateService", says: "answered 500" }),
};
