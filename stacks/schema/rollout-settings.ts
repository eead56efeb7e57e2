import { z } from "zod";
import { parseMinimumHealthyHosts } from "../../release/minimum-healthy-hosts";
import { blueGreenDefaults, defaults, longestStopGraceSeconds } from "../../release/rollout";
import { abouts, flag, logRetention, rules, shares, text, whole } from "./kinds";

export const rolloutSettings = {
    drainSeconds: whole(0, 3600).default(defaults.drainSeconds).register(abouts, {
        unit: "seconds", text: "How long a host that leaves the load balancer keeps serving its open requests. Every wave waits for it.",
    }),
    stopGraceSeconds: whole(1, longestStopGraceSeconds).default(defaults.stopGraceSeconds).register(abouts, {
        unit: "seconds", text: "How long a container has between SIGTERM and SIGKILL.",
    }),
    longestRequestSeconds: whole(1, 3600).default(defaults.longestRequestSeconds).register(abouts, {
        unit: "seconds", text: "The longest request that must survive a release. Draining and stopping are checked against it.",
    }),
    healthIntervalSeconds: whole(5, 300).default(defaults.healthCheck.intervalSeconds).register(abouts, {
        unit: "seconds", text: "Time between two health checks of the load balancer; 5 is the least that AWS takes.",
    }),
    healthTimeoutSeconds: whole(2, 120).default(defaults.healthCheck.timeoutSeconds).register(abouts, {
        unit: "seconds", text: "When an unanswered health check counts as failed.",
    }),
    idleTimeoutSeconds: whole(1, 4000).default(defaults.idleTimeoutSeconds).register(abouts, {
        unit: "seconds", text: "When the load balancer closes an idle connection. The service must keep its own open for longer.",
    }),
    deploymentConfig: z
        .string()
        .refine(text => parseMinimumHealthyHosts(text) !== undefined)
        .register(rules, { type: "string", rule: "HalfAtATime, OneAtATime, or the percentage or number of hosts that stay healthy, such as 75% or 3" })
        .default("HalfAtATime").register(abouts, {
        text: "How many hosts keep serving while others are replaced. A percentage rounds up.",
    }),
    zoneByZone: flag().default(false).register(abouts, {
        text: "Finishes one availability zone before the next begins, so that a bad release reaches one zone only.",
    }),
    zoneMonitorSeconds: whole(0, 3600).default(0).register(abouts, {
        unit: "seconds", text: "How long alarms are watched between two zones.",
    }),
};

export const blueGreenSettings = {
    colourSecret: text(/^[A-Za-z0-9]{16,64}$/, "16 to 64 letters and digits").optional().register(abouts, {
        text: "What a request must know to reach the fleet that does not serve, by the header `X-Gapless-Colour`: a release is tried so before clients see it. "
            + "strategy `blueGreen` needs it, encrypted: `pulumi config set --secret colourSecret \"$(openssl rand -hex 16)\"`.",
        example: "0123456789abcdef0123456789abcdef",
    }),
    shiftPercents: shares().default([...blueGreenDefaults.shiftPercents]).register(abouts, {
        unit: "percent", text: "Share of the requests that a new release gets, one after the other. `[100]` is all at once; `[10, 50, 100]` risks less and takes longer.",
    }),
    bakeSeconds: whole(0, 3600).default(blueGreenDefaults.bakeSeconds).register(abouts, {
        unit: "seconds", text: "How long alarms and hosts are watched after each share, before the next. Alarms tell of a minute when the next one is over: sooner they say nothing.",
    }),
    warmMinutes: whole(0, 1440).default(blueGreenDefaults.warmSeconds / 60).register(abouts, {
        unit: "minutes", text: "How long the hosts that served before are kept as they are, so that one call goes back to them. So long they cost as much as those that serve.",
    }),
};

export const retentionSettings = {
    keepReleases: whole(2, 1000).default(30).register(abouts, {
        unit: "images", text: "Depth of a rollback: of the images that were deployed the newest so many stay in ECR, however many builds follow; "
            + "beside them as many that were built. Release bundles never expire. Docker Hub keeps its own.",
    }),
    logRetentionDays: logRetention().default(30).register(abouts, {
        unit: "days", text: "How long CloudWatch keeps logs.",
    }),
    deletionProtection: flag().default(false).register(abouts, {
        text: "Protects load balancer, hosts and stores from being deleted, by AWS where it can and by Pulumi.",
    }),
};

export const noticeSettings = {
    notificationEmail: text(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, "an e-mail address").optional().register(abouts, {
        text: "Who is told of failed and stopped releases and builds, of those that wait for approval, of the two alarms that stop a deployment, and of unhealthy, missing or full hosts. AWS asks the address once whether it wants that. "
            + "Without it the stack's SNS topic tells those who subscribe themselves.",
        example: "team@example.com",
    }),
};
