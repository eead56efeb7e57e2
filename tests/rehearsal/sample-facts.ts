import type { ProgramFacts } from "../../rehearsal/program/program-facts";
import type { RehearsalOptions } from "../../rehearsal/options";
import { halfAtATime } from "../../release/minimum-healthy-hosts";
import { defaults } from "../../release/rollout";

/** The facts of a sound stage, with what a test is about laid over them. */
export function sampleFacts(about: Partial<ProgramFacts> = {}): ProgramFacts {
    return {
        stage: "dev",
        targetGroup: { healthCheck: defaults.healthCheck, drainSeconds: 20 },
        idleTimeoutSeconds: 60, minSize: 2, maxSize: 4,
        minimumHealthyHosts: halfAtATime, zoneByZone: false,
        withTrafficControl: true, rollBackOnFailure: true, rollBackOnAlarm: true, https: false, autoscaled: true, terminationHook: false, updatesOutdated: true, deploymentGroupName: "dev", applicationName: "shop",
        image: { context: "app", dockerfile: "app/Dockerfile.prod", args: {}, platform: "linux/amd64" },
        release: {
            containerPort: 3000, healthPath: "/up", probePath: "/", healthTimeoutSeconds: 3, stopGraceSeconds: 30, environment: { GREETING: "hello" },
        },
        slowPath: "/slow", longestRequestSeconds: 10,
        ...about,
    };
}

/** What `./gapless rehearse` asks for when nothing else is said. */
export function sampleOptions(about: Partial<RehearsalOptions> = {}): RehearsalOptions {
    return {
        stage: "dev", ratePerSecond: 200, timeScale: 0.1, draining: true, release: "good", keep: false, port: 0, seed: 1, budget: 0,
        ...about,
    };
}
