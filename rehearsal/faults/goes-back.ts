import type { FaultOutcome } from "./fault";
import type { FaultStage } from "./fault-stage";

/**
 * Deploys a release that must go back without anybody having seen it.
 * @param reason what its end must tell: a release that goes back for another reason proves nothing
 */
export async function goesBack(stage: FaultStage, version: string, reason: RegExp): Promise<FaultOutcome> {
    const deployed = await stage.deploy(version);
    return {
        happened: deployed.told,
        broken: [
            ...await deployed.problems(["rolledBack"]),
            ...(reason.test(deployed.told) ? [] : [`it should have failed for another reason, told by ${String(reason)}`]),
        ],
        unseen: version,
    };
}
