import { minimumHealthy } from "../../release/minimum-healthy-hosts";
import { afterEvent, untriedProblems } from "./after-event";
import type { Fault, RollingGround } from "./fault";
import { lookSeconds } from "./settle";

/** One that serves, and one that is being deployed to. */
const leaving = 2;
/** Of the service's time: an instance drains and ends. */
const leftWithinSeconds = 900;

export const scaleInFleet: Fault<RollingGround> = {
    name: "scale-in",
    onAws: "The load falls in the middle of a deployment. Auto Scaling takes away an instance that serves, and one that is just being deployed to: for CodeDeploy "
        + "both are instances that do not answer, which it waits five minutes for and counts as failed.",
    promise: "what serves drains, the deployment goes on with the others unless the minimum needs those two, and all that stay have one release",
    async happen({ stage, releases, signal, site: { group }, minimumHealthyHosts }) {
        group.scaleBy(leaving);
        const grown = await stage.problems();
        // Auto Scaling takes the newest first here.
        const [deploying, serving] = group.inService.slice(-leaving).map(({ id }) => id);
        const hosts = group.inService.length;
        const broken: string[] = [];
        using served = afterEvent(stage, "BeforeInstall", () => { group.scaleBy(-1); }, host => host !== serving);
        using deployed = afterEvent(stage, "BeforeInstall", async host => {
            group.scaleBy(-1);
            // Between two events: within one, CodeDeploy would wait for an hour.
            for (let waited = 0; stage.hostNamed(host) !== undefined && waited < leftWithinSeconds; waited += lookSeconds) await stage.clock.wait(lookSeconds, signal);
            if (stage.hostNamed(host) !== undefined) broken.push(`${host} had not left ${leftWithinSeconds} s after the scale-in`);
        }, host => host === deploying);
        // At the minimum itself it depends on who fails first.
        const outcomes = hosts - leaving > minimumHealthy(hosts, minimumHealthyHosts) ? ["succeeded"] as const : ["succeeded", "rolledBack"] as const;
        const end = await stage.deploy(releases.otherThan(stage.serving()));
        return {
            happened: `${serving ?? ""} left while it served and ${deploying ?? ""} while it was deployed to, the release ${end.told}`,
            broken: [...grown, ...untriedProblems([served, deployed], "a scale-in"), ...broken, ...await end.problems(outcomes)],
        };
    },
};
