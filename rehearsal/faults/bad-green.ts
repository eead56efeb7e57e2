import type { Fault, FaultGround, FaultOutcome } from "./fault";
import type { FaultReleases } from "./fault-releases";

export const neverHealthy: Fault = {
    name: "never-healthy",
    onAws: "The containers start, and no health check ever passes. ValidateService fails on every instance, and so does the deployment.",
    promise: "the release goes back before anybody has seen it",
    happen: ground => deployBad(ground, releases => releases.neverHealthy()),
};

export const probeFails: Fault = {
    name: "probe-fails",
    onAws: "Hooks and health checks pass, and the service answers 500 to what users ask for: for CodeDeploy and the load balancer all is well.",
    promise: "a request by the header finds it, and the release goes back before anybody has seen it",
    happen: ground => deployBad(ground, releases => releases.failingUntried()),
};

export const hookFailsOnce: Fault = {
    name: "hook-fails-once",
    onAws: "All at once, CodeDeploy calls a deployment a success when one instance has succeeded, however many have not.",
    promise: "every instance has the release or none gets requests, and the release goes back before anybody has seen it",
    happen: ground => deployBad(ground, releases => releases.hookFailsOnce()),
};

/** A release that must go back without anybody having seen it. */
async function deployBad({ stage, releases }: FaultGround, release: (releases: FaultReleases) => Promise<string>): Promise<FaultOutcome> {
    const version = await release(releases);
    const deployed = await stage.deploy(version);
    return { happened: deployed.told, broken: await deployed.problems(["rolledBack"]), unseen: version };
}
