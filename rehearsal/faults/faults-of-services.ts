import { agentCrashes } from "./agent-crashes";
import type { Fault } from "./fault";
import { instanceDies, instanceDiesServing } from "./instance-dies";
import { registryDown } from "./registry-down";
import { registrySlow } from "./registry-slow";
import { scaleSteady } from "./scale-steady";
import { strayRequests } from "./stray-requests";
import { twoDeploys } from "./two-deploys";

/** What goes wrong around a good release, whatever the strategy. */
export const faultsOfServices: readonly Fault[] = [
    registryDown, registrySlow, twoDeploys, scaleSteady, strayRequests, instanceDiesServing, agentCrashes, instanceDies,
];
