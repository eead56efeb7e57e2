/** Object of the release bucket that starts the deploy pipeline when it changes. */
export const triggerKey = "releases/current.zip";

/** Object of a release, which is written once and never overwritten. */
export function releaseKey(version: string): string {
    return `releases/${version}.zip`;
}

/** What was released, by whom, and what came of it. */
export const journalKey = "journal.json";

/** Who changes the stack or its fleet right now. */
export const lockKey = "lock.json";
