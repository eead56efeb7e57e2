import { bootTimeoutSeconds, eventStartSeconds, hookTimeoutSeconds } from "../rollout";
import type { Roll } from "./roll";
import type { Step, StepName } from "./step";

/** Seconds for AWS to launch an instance before it boots, and to tell that it has. */
const launchMarginSeconds = 300;
/** Seconds for a call that only has to be taken, with its repetitions. */
const callSeconds = 120;
/** Seconds until a terminating instance has gone: a load balancer drains it for an hour at most, before it shuts down. */
const terminateSeconds = 3600 + 300;
/** Seconds for a call on which everything depends: minutes of throttling must not end it. */
const vitalCallSeconds = 900;
const healthySeconds = 300;
/** Seconds for an instance to leave its target group and to be healthy in it again. */
const trafficSeconds = 300;
/** Seconds to wait for launches of instances, and for whatever else is deployed to a group. */
const othersSeconds = 600;

const bootSeconds = bootTimeoutSeconds + launchMarginSeconds;
/** Seconds of all events of a deployment, the load balancer's among them. */
const deploymentSeconds = Object.values(hookTimeoutSeconds).reduce((sum, seconds) => sum + seconds, eventStartSeconds + trafficSeconds);

const seconds: Readonly<Record<StepName, number>> = {
    detach: callSeconds,
    grow: callSeconds,
    boot: bootSeconds,
    attach: callSeconds,
    // The second one reaches instances that were launched meanwhile.
    install: othersSeconds + 2 * deploymentSeconds,
    healthy: healthySeconds,
    probe: callSeconds,
    disarm: callSeconds,
    // New instances boot and get the release by a launch deployment.
    match: bootSeconds + deploymentSeconds + healthySeconds,
    shift: callSeconds,
    bake: callSeconds,
    commit: callSeconds,
    settle: callSeconds,
    retire: callSeconds,
    restore: vitalCallSeconds,
    uncommit: vitalCallSeconds,
    stop: deploymentSeconds,
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
