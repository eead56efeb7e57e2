import type { Fault } from "./fault";
import { goesBack } from "./goes-back";

export const crashLoop: Fault = {
    name: "crash-loop",
    onAws: "The service passes a health check, dies, and is started again, over and over. One passed check is all that a load balancer asks of a new target.",
    promise: "a container that has died once counts as dead, and the release goes back before anybody has seen it",
    happen: async ({ stage, releases }) => goesBack(stage, await releases.crashing(), { event: "ValidateService", says: "died" }),
};
