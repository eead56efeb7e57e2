import { bootTimeoutSeconds, eventStartSeconds, hookTimeoutSeconds } from "../rollout";
import type { Roll } from "./roll";
import type { Step, StepName } from "./step";

/** Seconds for AWS to launch an instance before it boots, and to tell that it has. */
const launchMarginSeconds = 300;
/** Seconds for a call that only has to be taken, with its repetitions. */
const callSeconds = 120;
/** Seconds until a terminating instance has gone: a load balancer drains it for an hour at most, before it shuts down. */
const terminateSeconds = 3600 + 300;
const healthySeconds = 300;

const bootSeconds = bootTimeoutSeconds + launchMarginSeconds;
const installSeconds = Object.values(hookTimeoutSeconds).reduce((sum, seconds) => sum + seconds, eventStartSeconds);

const seconds: Readonly<Record<StepName, number>> = {
    detach: callSeconds,
    grow: callSeconds,
    boot: bootSeconds,
    attach: callSeconds,
    install: installSeconds,
    healthy: healthySeconds,
    probe: callSeconds,
    disarm: callSeconds,
    // New instances boot and get the release by a launch deployment.
    match: bootSeconds + installSeconds + healthySeconds,
    shift: callSeconds,
    bake: callSeconds,
    commit: callSeconds,
    settle: callSeconds,
    retire: callSeconds,
    restore: callSeconds,
    uncommit: callSeconds,
    stop: installSeconds,
    shrink: terminateSeconds,
    rearm: callSeconds,
    release: callSeconds,
};

/** Seconds after which a step has failed. */
export function deadlineSeconds({ name }: Step, { bakeSeconds }: Roll): number {
    return name === "bake" ? bakeSeconds + seconds.bake : seconds[name];
}

/** Seconds after which instances of a roll that nobody drives any more are taken away: longer than a roll that is driven can need them without requests. */
export const abandonedSeconds = 2 * 3600;
