import { failingWords } from "./fault-releases";
import type { FaultOutcome, RollingGround } from "./fault";

/**
 * Deploys a release that fails on some instances. As the minimum allows it, that is a success, and the next release has to repair them;
 * or it goes back.
 */
export async function someInstancesFail({ site: { group, balancer }, stage, releases }: RollingGround, version: string): Promise<FaultOutcome> {
    const deployed = await stage.deploy(version);
    const untried = new RegExp(`ValidateService failed on .*${failingWords}`, "s").test(deployed.told) ? [] : ["no instance failed, so nothing was tried"];
    if (deployed.outcome !== "succeeded") return { happened: deployed.told, broken: [...untried, ...await deployed.problems(["rolledBack"])] };

    const failed = group.inService.map(({ id }) => id).filter(id => group.releaseOf(id) !== version);
    const health = await balancer.health();
    const next = await stage.deploy(releases.otherThan(version));
    return {
        happened: `${deployed.told}; the next release ${next.told}`,
        broken: [
            ...untried,
            ...failed.filter(id => (health.get(id) ?? "unused") !== "unused").map(id => `${id} failed and is ${health.get(id) ?? ""} in the target group`),
            ...failed.filter(id => !deployed.told.includes(`${id}: `)).map(id => `${id} failed, and nobody was told`),
            ...await next.problems(["succeeded"]),
        ],
    };
}
