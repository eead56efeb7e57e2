import { setTimeout as sleep } from "node:timers/promises";
import { colourEvents } from "../blue-green/colours-recorder";
import type { Fault, FaultGround } from "./fault";
import type { Deployed, FaultStage } from "./fault-stage";

/** What CodeDeploy's agent reports of an event in which it was ended. */
const afterRestart = 7;
/** Real milliseconds between two looks whether a script has begun. */
const lookMs = 20;

/** Before the old container is touched, and after it has gone. */
const moments = ["BeforeInstall", "ApplicationStart"] as const;

export const agentCrashes: Fault = {
    name: "agent-crashes",
    onAws: "The agent of an instance is killed in the middle of an event. When it runs again it reports that event as failed, with code 7, and the instance stays as it is: "
        + "out of the load balancer, with half of a release.",
    promise: "nobody reaches that instance before a deployment has gone through on it",
    async happen(ground) {
        const broken: string[] = [];
        const told: string[] = [];
        for (const moment of moments) {
            const deployed = await crashIn(moment, ground);
            broken.push(...deployed.broken.map(problem => `in ${moment}: ${problem}`));
            told.push(`in ${moment} the release ${deployed.told}`);
        }
        return { happened: told.join("; "), broken };
    },
};

async function crashIn(event: (typeof moments)[number], { stage, releases, signal }: FaultGround): Promise<{ readonly told: string; readonly broken: readonly string[] }> {
    const { version, staysOn } = await releases.stays(event);
    const codes: (number | undefined)[] = [];
    let crashed: string | undefined;
    using _crash = stage.interception.add(async (each, host, run) => {
        if (each !== event || crashed !== undefined) return run();
        const over = new AbortController();
        const running = run().finally(() => { over.abort(); });
        // Whoever looks is heard first.
        running.catch(() => undefined);
        while (!over.signal.aborted && !staysOn(host)) await sleep(lookMs, undefined, { signal });
        if (over.signal.aborted) return running;
        crashed = host;
        stage.hostNamed(host)?.crashAgent();
        const outcome = await running;
        codes.push(outcome.errorCode);
        return outcome;
    });
    const since = stage.timeline.events.length;
    const deployed = await stage.deploy(version);
    const reached = crashed === undefined ? [] : await reachedProblems(stage, crashed, deployed, since);
    return {
        told: deployed.told,
        broken: [
            ...(codes.includes(afterRestart) ? [] : [`no event whose script ran failed with code ${afterRestart}, so nothing was tried`]),
            ...reached, ...await problemsAfterOne(stage, deployed, version),
        ],
    };
}

/** What is wrong when the first deployment has ended and nothing has repaired the instance: it can be reached. */
async function reachedProblems({ strategy, targets, timeline }: FaultStage, host: string, { outcome }: Deployed, since: number): Promise<readonly string[]> {
    if (strategy === "blueGreen") {
        const shared = timeline.events.slice(since).some(({ event, detail }) => event === colourEvents.step && detail?.startsWith("shift") === true);
        return shared ? [`the colour of ${host} got requests with half of a release on it`] : [];
    }
    // A rollback goes to all of them.
    if (outcome !== "succeeded") return [];
    const health = (await targets.health()).get(host) ?? "unused";
    return health === "unused" ? [] : [`${host} is ${health} in the target group with half of a release`];
}

/**
 * What is wrong after a deployment in which one instance has failed. Rolling, CodeDeploy may call it a success and leaves that instance out of the load balancer;
 * the same release once more begins with it.
 */
async function problemsAfterOne(stage: FaultStage, deployed: Deployed, version: string): Promise<readonly string[]> {
    if (stage.strategy === "blueGreen" || deployed.outcome !== "succeeded") return deployed.problems(["rolledBack"]);
    return (await stage.deploy(version)).problems(["succeeded"]);
}
