import type { ScriptedEvent } from "./lifecycle";
import { halfAtATime, type MinimumHealthyHosts } from "./minimum-healthy-hosts";

/** How the load balancer decides that an instance may answer. */
export interface HealthCheck {
    /** Path asked for on every instance. */
    readonly path: string;
    /** Status codes that pass, in the target group's notation. */
    readonly matcher: string;
    /** Seconds from one check to the next; an ALB takes 5 to 300. */
    readonly intervalSeconds: number;
    /** Seconds until an unanswered check has failed; below the interval. An ALB takes 2 to 120. */
    readonly timeoutSeconds: number;
    /** Passed checks that make an unhealthy instance healthy, 2 to 10; a newly registered one needs a single pass. */
    readonly healthyThreshold: number;
    /** Failed checks that make a healthy instance unhealthy, 2 to 10. */
    readonly unhealthyThreshold: number;
}

/** Everything that decides whether a rollout loses requests, and how long it takes. */
export interface RolloutPlan {
    /** Instances that are always there; the forecast is made for this many. */
    readonly minSize: number;
    /** Instances that the group may grow to. */
    readonly maxSize: number;
    /** Instances that must keep serving while others are replaced. */
    readonly minimumHealthyHosts: MinimumHealthyHosts;
    /** Availability zones, when a rollout takes one after the other. @default undefined: it takes hosts of any zone */
    readonly zones?: number;
    /** Seconds between the end of one zone and the beginning of the next. @default 0 */
    readonly zoneMonitorSeconds?: number;
    /** Seconds that a leaving instance keeps answering its open requests (the target group's deregistration delay). */
    readonly drainSeconds: number;
    /** Seconds from SIGTERM to SIGKILL when the container is stopped. */
    readonly stopGraceSeconds: number;
    /** Seconds that the slowest request of the service may take. */
    readonly longestRequestSeconds: number;
    /** Seconds after which the load balancer closes a connection that carries nothing. */
    readonly idleTimeoutSeconds: number;
    /** Seconds that the service keeps an idle connection open. */
    readonly keepAliveSeconds: number;
    /** Seconds that a new instance may take until it is ready for its first release. */
    readonly bootTimeoutSeconds: number;
    /** Seconds in which Auto Scaling does not judge the health of a new instance. */
    readonly healthCheckGraceSeconds: number;
    readonly healthCheck: HealthCheck;
    /** How a release gets onto the fleet; what follows is of blueGreen alone. @default "rolling" */
    readonly strategy?: "rolling" | "blueGreen";
    /** Percent of the requests that a new release gets, one share after the other. @default [100] */
    readonly shiftPercents?: readonly number[];
    /** Seconds for which alarms and targets are watched after each share. @default 180 */
    readonly bakeSeconds?: number;
    /** Seconds for which what served is kept as it is when it serves no more. @default 1800 */
    readonly warmSeconds?: number;
}

/** A script of a release and the seconds after which the agent ends it. */
export interface HookScript {
    readonly script: string;
    readonly timeoutSeconds: number;
}

/**
 * The hook scripts of a release, as `app-scripts/appspec.yml` names them. Unset, the agent would wait an hour for each;
 * the sum of one event may not exceed 3600 s.
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/limits.html
 */
export const hooks = {
    BeforeBlockTraffic: [{ script: "scripts/pre-pull.sh", timeoutSeconds: 75 }],
    BeforeInstall: [{ script: "scripts/pull.sh", timeoutSeconds: 300 }],
    ApplicationStart: [
        { script: "scripts/stop.sh", timeoutSeconds: 120 },
        { script: "scripts/run.sh", timeoutSeconds: 60 },
    ],
    ValidateService: [{ script: "scripts/validate.sh", timeoutSeconds: 90 }],
} as const satisfies Partial<Record<ScriptedEvent, readonly HookScript[]>>;

/** An event at which our releases run scripts. */
export type HookedEvent = keyof typeof hooks;

/** Seconds that all scripts of an event may take together. */
export const hookTimeoutSeconds: Readonly<Record<HookedEvent, number>> = {
    BeforeBlockTraffic: sum(hooks.BeforeBlockTraffic),
    BeforeInstall: sum(hooks.BeforeInstall),
    ApplicationStart: sum(hooks.ApplicationStart),
    ValidateService: sum(hooks.ValidateService),
};

/**
 * Port that every instance publishes the container's port under. Constant, so that changing `containerPort` is a release
 * and does not replace the target group. The default of GAPLESS_PUBLISH in `app-scripts/scripts/common.sh`.
 */
export const hostPort = 8080;

/** Seconds that the stop script may take. */
export const stopTimeoutSeconds = hooks.ApplicationStart[0].timeoutSeconds;

/** Seconds that the stop script needs beside the grace: Docker's own work on a busy host. */
export const stopMarginSeconds = 20;

/** Seconds of grace that the stop script can wait for. */
export const longestStopGraceSeconds = stopTimeoutSeconds - stopMarginSeconds;

/** Seconds that `scripts/validate.sh` gives a new container to answer at the health path; the probe follows within the hook. */
export const readinessSeconds = 60;

/** Seconds after which the pull ahead of the rollout gives up; below its hook timeout, because it must never fail. */
export const prePullSeconds = 60;

/**
 * Seconds that the service keeps an idle connection open. Above the load balancer's idle timeout: whoever closes first
 * must be the load balancer, or it sends a request into a connection that has just been closed and answers 502.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html
 */
export const keepAliveSeconds = 75;

/**
 * Seconds after which CodeDeploy fails a deployment whose next event no agent has begun.
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/limits.html
 */
export const eventStartSeconds = 300;

/** Seconds after which CodeDeploy ends a deployment in place. Same source. */
export const longestDeploymentSeconds = 8 * 3600;

/**
 * Seconds that a new instance may take from its launch to the last line of the boot script, which completes the launch
 * lifecycle hook; after that Auto Scaling gives the instance up. Below {@link eventStartSeconds}: once there is a deployment group,
 * CodeDeploy has a launch hook of its own, whose deployment begins with the boot and not after it, and waits no longer for the agent.
 * A boot that would fail then, at each scale-out, fails at the first `up` already, when there is no such hook yet.
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/integrations-aws-auto-scaling.html
 */
export const bootTimeoutSeconds = 270;

/** Seconds in which Auto Scaling does not judge a new instance: at least the boot, and the first release after it. */
export const healthCheckGraceSeconds = 900;

/**
 * Seconds for which requests were still seen to arrive at an instance that had begun to drain (Kubernetes IP targets,
 * kubernetes-sigs/aws-load-balancer-controller#2366); the guide says that routing stops at once.
 */
export const strayRequestSeconds = 17;

/**
 * Seconds that CodeDeploy and its agent take between two events: one poll of the agent, which sleeps 1 s after each
 * (`:wait_between_runs:`). Measured at 1.0 s on agent 1.8.1; the AWS CLI reference's samples show 0.8 to 1.1 s.
 */
export const eventGapSeconds = 1.1;

/** Seconds until CodeDeploy notices that the delay of a draining instance is over. From memory: AWS documents none. */
export const servicePollSeconds = 5;

/** Seconds that a deployment takes besides its waves, to begin and to end. From memory: AWS documents none. */
export const deploymentOverheadSeconds = 5;

/** Seconds of work on one instance: what the machine takes, unlike the waits that settings decide. */
export interface WorkSeconds {
    readonly stop: number;
    readonly download: number;
    readonly pull: number;
    readonly install: number;
    readonly run: number;
    readonly validate: number;
    /** From a bad release's start to the failed ValidateService. */
    readonly noticeFailure: number;
}

/** Work on a small instance whose service ends on SIGTERM and whose image was pulled before its traffic was blocked. */
export const typicalWork: WorkSeconds = {
    stop: 1,
    download: 0.5,
    pull: 0,
    install: 0.15,
    run: 2,
    validate: 2,
    noticeFailure: 60,
};

/** What a rollout is when nothing else is asked for. {@link lintPlan} has no finding on it. */
export const defaults: RolloutPlan = {
    minSize: 2,
    maxSize: 4,
    minimumHealthyHosts: halfAtATime,
    drainSeconds: 20,
    stopGraceSeconds: 30,
    longestRequestSeconds: 10,
    idleTimeoutSeconds: 60,
    keepAliveSeconds,
    bootTimeoutSeconds,
    healthCheckGraceSeconds,
    healthCheck: {
        path: "/health",
        matcher: "200",
        intervalSeconds: 5,
        timeoutSeconds: 3,
        healthyThreshold: 2,
        unhealthyThreshold: 2,
    },
};

/**
 * Seconds from a bad release's first request until every alarm can have told of it: the one on answer times wants two bad minutes
 * (`components/deployment-alarms.ts`), and a load balancer reports a minute when it is over, or soon after.
 */
export const alarmSeconds = 180;

/** What a blue/green release is when nothing else is asked for. */
export const blueGreenDefaults: Readonly<Required<Pick<RolloutPlan, "shiftPercents" | "bakeSeconds" | "warmSeconds">>> = {
    shiftPercents: [100], bakeSeconds: alarmSeconds, warmSeconds: 1800,
};

/** Work of a blue/green release, whose instances are new: no image lies on them yet. */
export interface RollWorkSeconds extends WorkSeconds {
    /** From an instance's launch until it is in service. */
    readonly boot: number;
    /** One call to AWS, and the look whether it was needed. */
    readonly call: number;
}

/** Work on a small instance whose boot installs Docker and the agent. */
export const typicalRollWork: RollWorkSeconds = { ...typicalWork, stop: 0, pull: 30, boot: 120, call: 1 };

function sum(scripts: readonly HookScript[]): number {
    return scripts.reduce((seconds, script) => seconds + script.timeoutSeconds, 0);
}
