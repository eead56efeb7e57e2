import { now } from "../load/clock";
import { afterEvent, untriedProblems } from "./after-event";
import type { Fault } from "./fault";

/** Seconds until EC2's status checks, which are a minute apart, have failed and Auto Scaling has heard of it. */
const statusSeconds = 120;

export const instanceDies: Fault = {
    name: "instance-dies",
    onAws: "The machine under an instance fails while a deployment has it. CodeDeploy waits five minutes for its agent to begin the next event (an hour within one), "
        + "and Auto Scaling replaces the instance meanwhile.",
    promise: "no request is lost, and in the end every instance has one and the same release, the new one in its place included",
    async happen({ stage, releases, signal }) {
        const replaced: Promise<void>[] = [];
        using died = afterEvent(stage, "Install", async host => {
            await stage.hostNamed(host)?.die();
            const seen = stage.clock.wait(statusSeconds, signal).then(() => { stage.replace(host); });
            // Nobody waits for it before the deployment has ended, and Ctrl-C ends it earlier.
            seen.catch(() => undefined);
            replaced.push(seen);
        });
        const deployed = await stage.deploy(releases.otherThan(stage.serving())).finally(() => Promise.allSettled(replaced));
        await Promise.all(replaced);
        const outcomes = stage.strategy === "rolling" ? ["succeeded", "rolledBack"] as const : ["rolledBack"] as const;
        return { happened: `${died.host ?? "nobody"} died, the release ${deployed.told}`, broken: [...untriedProblems([died], "a death"), ...await deployed.problems(outcomes)] };
    },
};

export const instanceDiesServing: Fault = {
    name: "instance-dies-serving",
    onAws: "The machine under an instance that serves fails. The load balancer sends it its share of the requests until the checks have failed often enough, and answers each "
        + "of them with an error; then Auto Scaling launches another.",
    promise: "only its share is lost, and only until the checks have seen it; the new instance serves the current release",
    async happen({ stage, ratePerSecond, openSeconds, noticeSeconds, signal }) {
        const hosts = stage.hosts();
        const [dying] = hosts;
        if (dying === undefined) throw new TypeError("nothing serves");
        const beganMs = now();
        await dying.die();
        const killSeconds = (now() - beganMs) / 1000;
        await stage.clock.wait(statusSeconds, signal);
        stage.replace(dying.id);
        return {
            happened: `${dying.id} died, one of ${hosts.length} that served`,
            broken: await stage.problems(),
            mayLose: {
                requests: Math.ceil(ratePerSecond / hosts.length * (openSeconds + killSeconds + noticeSeconds)),
                because: `one in ${hosts.length} of ${ratePerSecond} requests a second, for the ${openSeconds.toFixed(1)} s that one is open on the average, the `
                    + `${killSeconds.toFixed(1)} s of the dying and ${noticeSeconds.toFixed(1)} s until the checks have seen it`,
            },
        };
    },
};
