import type { Fault, RollingGround } from "./fault";
import { lookSeconds } from "./settle";

/** Of the service's time: an instance boots and is given up. */
const refusedWithinSeconds = 300;

export const alarmBlocks: Fault<RollingGround> = {
    name: "alarm-blocks",
    onAws: "While an alarm of the deployment group fires, CodeDeploy begins no deployment, and none of those for launched instances: the group launches and gives up one "
        + "after the other, and says no more than that a lifecycle hook failed. That guard is CodeDeploy's, and a model here.",
    promise: "ours leans on it: the refusal says which alarm fires, what serves goes on, and when the alarm is over both work",
    async happen({ stage, releases, signal, site: { group, alarm } }) {
        if (alarm === undefined) throw new TypeError("the deployment group has no alarm, so nothing is refused");
        const { desired } = group.size;
        const version = releases.otherThan(stage.serving());
        const known = new Set(group.members.map(({ host }) => host.id));
        const broken: string[] = [];
        let told: string;
        {
            using _firing = alarm.fire("answers take longer than they may");
            const refused = await stage.deploy(version);
            told = refused.told;
            broken.push(...await refused.problems(["failed"]));
            if (!told.includes("answers take longer than they may")) broken.push(`the refusal does not say which alarm fires: ${told}`);
            group.scaleBy(1);
            const launched = new Set<string>();
            for (let waited = 0; launched.size < 2 && waited < refusedWithinSeconds; waited += lookSeconds) {
                await stage.clock.wait(lookSeconds, signal);
                for (const { host: { id } } of group.members) if (!known.has(id)) launched.add(id);
            }
            if (launched.size < 2) broken.push("no launched instance was given up");
            broken.push(...group.inService.filter(({ id }) => !known.has(id)).map(({ id }) => `${id} came into service while the alarm fired`));
        }
        broken.push(...await stage.problems());
        group.resize({ desired });
        const deployed = await stage.deploy(version);
        return { happened: `the release ${told}; then it ${deployed.told}`, broken: [...broken, ...await deployed.problems(["succeeded"])] };
    },
};
