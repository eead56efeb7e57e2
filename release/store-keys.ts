/** Object of the release bucket that starts the deploy pipeline when it changes. */
export const triggerKey = "releases/current.zip";

/** Object of a release, which is written once and never overwritten. */
export function releaseKey(version: string): string {
    return `releases/${version}.zip`;
}

/** Version of the release whose own object has this key; undefined for any other object. */
export function versionOfKey(key: string): string | undefined {
    return /^releases\/([0-9a-f]{12})\.zip$/.exec(key)?.[1];
}

/** What was released, by whom, and what came of it. */
export const journalKey = "journal.json";

/** Who changes the stack or its fleet right now. */
export const lockKey = "lock.json";

/** What a stack remembers of its two colours. */
export const coloursKey = "colours.json";

/** The command line of one file, by the SHA-256 of its bytes: never overwritten by other ones. */
export function toolKey(sha256: string): string {
    return `tools/gapless-${sha256.slice(0, 12)}.mjs`;
}
