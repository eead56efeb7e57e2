import { setTimeout as sleep } from "node:timers/promises";
import type { LifecycleEvent } from "../../release/lifecycle";
import type { Fault, FaultGround } from "./fault";
import type { Deployed, FaultStage } from "./fault-stage";

/** What CodeDeploy's agent reports of an event in which it was ended. */
const afterRestart = 7;

/** How long an event has been under way when its agent is killed, in real milliseconds: its script runs by then, and is not over. */
const moments: readonly { readonly event: LifecycleEvent; readonly afterMs: number }[] = [{ event: "BeforeInstall", afterMs: 0 }, { event: "ApplicationStart", afterMs: 200 }];

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
            broken.push(...deployed.broken.map(problem => `in ${moment.event}: ${problem}`));
            told.push(`in ${moment.event} the release ${deployed.told}`);
        }
        return { happened: told.join("; "), broken };
    },
};

async function crashIn({ event, afterMs }: (typeof moments)[number], { stage, releases }: FaultGround): Promise<{ readonly told: string; readonly broken: readonly string[] }> {
    const version = releases.otherThan(stage.serving());
    const codes: (number | undefined)[] = [];
    let crashed: string | undefined;
    using _crash = stage.interception.add(async (each, host, run) => {
        if (each !== event || crashed !== undefined) return run();
        crashed = host;
        const running = run();
        if (afterMs > 0) await sleep(afterMs);
        stage.hostNamed(host)?.crashAgent();
        const outcome = await running;
        codes.push(outcome.errorCode);
        return outcome;
    });
    const deployed = await stage.deploy(version);
    return {
        told: deployed.told,
        broken: [
            ...(codes.includes(afterRestart) ? [] : [`no event failed with code ${afterRestart}, so nothing was tried`]),
            ...await problemsAfterOne(stage, deployed, version),
        ],
    };
}

/**
 * What is wrong after a deployment in which one instance has failed. Rolling, CodeDeploy may call it a success and leaves that instance out of the load balancer;
 * the same release once more begins with it.
 */
async function problemsAfterOne(stage: FaultStage, deployed: Deployed, version: string): Promise<readonly string[]> {
    if (stage.strategy === "blueGreen" || deployed.outcome !== "succeeded") return deployed.problems(["rolledBack"]);
    return (await stage.deploy(version)).problems(["succeeded"]);
}
