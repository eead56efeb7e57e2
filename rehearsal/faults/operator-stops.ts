import { milestones } from "../report/report-input";
import type { Fault, RollingGround } from "./fault";

export const operatorStops: Fault<RollingGround> = {
    name: "operator-stops",
    onAws: "A person stops a deployment while a wave is under way. AWS warns that instances may be left in an indeterminate state, and goes back only where a rollback is "
        + "asked for. Here the wave goes on to its end, which is a model.",
    promise: "in whichever wave, the deployment ends, the release before comes back, and nothing is lost",
    async happen(ground) {
        const broken: string[] = [];
        let stops = 0;
        for (let wave = 1; broken.length === 0; wave++) {
            const { reached, problems } = await stopInWave(wave, ground);
            broken.push(...problems.map(problem => `stopped in wave ${wave}: ${problem}`));
            if (!reached) break;
            stops++;
        }
        return { happened: `${stops} deployments were stopped, each in another wave`, broken: [...broken, ...(stops > 0 ? [] : ["no deployment was stopped, so nothing was tried"])] };
    },
};

/** @returns whether a deployment has that wave; one that has not goes through */
async function stopInWave(wave: number, { stage, releases, site: { group, timeline } }: RollingGround): Promise<{ readonly reached: boolean; readonly problems: readonly string[] }> {
    const version = releases.otherThan(stage.serving());
    const since = timeline.events.length;
    const deployment = group.deploy(version);
    const stopped: string[] = [];
    using _stop = stage.interception.add((_event, host, run) => {
        if (stopped.length === 0 && timeline.events.slice(since).filter(({ event }) => event === milestones.waveStarted).length === wave) {
            stopped.push(host);
            deployment.stop("a person stopped it");
        }
        return run();
    });
    const deployed = await stage.watch(version, deployment.ended);
    const reached = stopped.length > 0;
    return { reached, problems: await deployed.problems([reached ? "rolledBack" : "succeeded"]) };
}
