import type { SettledEntry } from "./history";
import { splitReference } from "./ecr-repository";
import { earlierReleases } from "./rollback-target";
import type { EarlierRelease, Rollback, Serving } from "./status";

/**
 * Which releases one can go back to: those that have served, whose zip and whose image are both there today.
 * @param serving what serves, which is no way back
 * @param versions releases that are in the bucket
 * @param digests images that are in the repository; null where they cannot be asked for
 */
export function rollbackDepth(
    entries: readonly SettledEntry[], serving: Pick<Serving, "version" | "n"> | null | undefined, versions: ReadonlySet<string>, digests: ReadonlySet<string> | null,
): Rollback {
    const newest = new Map<string, SettledEntry>();
    for (const entry of entries.toReversed()) {
        if (entry.result === "succeeded" && entry.version !== serving?.version && !newest.has(entry.version)) newest.set(entry.version, entry);
    }
    const releases = [...newest.values()].map(({ n, version, commit, when, image }): EarlierRelease => ({
        n, version, commit, when,
        bundle: versions.has(version) ? "there" : "missing",
        image: digests === null ? "unknown" : digests.has(splitReference(image).digest) ? "there" : "missing",
    }));
    const entry = entries.find(({ n }) => n === serving?.n);
    const plain = entry && earlierReleases(entries, entry)[0]?.version;
    const next = releases.find(release => release.version === plain && isWayBack(release))?.version;
    return {
        depth: releases.filter(isWayBack).length, ...(next !== undefined && { next }),
        releases: [...releases.filter(({ version }) => version === next), ...releases.filter(({ version }) => version !== next)],
    };
}

/** An image that cannot be asked for may be there; the instances will tell. */
export function isWayBack({ bundle, image }: EarlierRelease): boolean {
    return bundle === "there" && image !== "missing";
}
