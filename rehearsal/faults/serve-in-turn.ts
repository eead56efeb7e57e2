import type { FaultOutcome } from "./fault";
import type { FaultReleases } from "./fault-releases";
import type { FaultStage } from "./fault-stage";

/** Deploys releases that must all come to serve, one after the other. */
export async function serveInTurn(stage: FaultStage, versions: readonly string[]): Promise<FaultOutcome> {
    const told: string[] = [];
    for (const version of versions) {
        // Each is to be replaced on its own hosts; what comes after the last finds everything new.
        const deployed = await stage.deploy(version, { keepsWarm: version !== versions.at(-1) });
        const broken = await deployed.problems(["succeeded"]);
        told.push(`${version} ${deployed.told}`);
        if (broken.length > 0) return { happened: told.join("; "), broken };
    }
    return { happened: told.join("; "), broken: [] };
}

/**
 * Releases after which no host has what an odd one left there.
 * @param last the one that takes its place on its own hosts. @default a good one
 */
export function untilReplaced({ strategy }: FaultStage, releases: FaultReleases, odd: string, last?: string): readonly string[] {
    const next = releases.otherThan(odd);
    // The first goes to the other colour, and the second to the hosts that wait there for a way back.
    return strategy === "rolling" ? [odd, last ?? next] : [odd, next, last ?? releases.otherThan(next)];
}
