import type { Fault } from "./fault";
import { goesBack } from "./goes-back";

export const neverHealthy: Fault = {
    name: "never-healthy",
    onAws: "The containers start, and no health check ever passes. ValidateService fails on every instance, and so does the deployment.",
    promise: "the release goes back before anybody has seen it",
    happen: async ({ stage, releases }) => goesBack(stage, await releases.neverHealthy(), { event: "ValidateService", says: "answered 503 instead of 200" }),
};
