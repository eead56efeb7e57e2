import type { S3Client } from "@aws-sdk/client-s3";
import type { Roll } from "../../blue-green/roll";
import type { Clock } from "../../clock";
import type { JournalEntry } from "../../journal";
import type { Owner } from "../../lock";
import type { Stage } from "../../stage";
import { nameOfRevision } from "../history";
import type { FoundRelease } from "../releases";
import { StageJournal } from "../stage-journal";
import { writeDown } from "../write-down";

export type RollNews = Omit<JournalEntry, "n">;

/** What the journal says of a roll that begins. */
export function entryOf({ releaseBucket: bucket }: Stage, roll: Roll, release: FoundRelease, { by, owner }: { readonly by: JournalEntry["by"]; readonly owner: Owner }): RollNews {
    const { version, image, key, objectVersion, commit } = release;
    return {
        version, image, bundleVersion: objectVersion, revision: nameOfRevision({ s3Location: { bucket, key, version: objectVersion } }),
        ...(commit !== undefined && { commit }), who: owner.who, when: roll.begun, by, deploymentId: roll.id, colour: roll.to, result: "inProgress",
    };
}

/** How a roll has ended, or where it is stuck. */
export interface RollVerdict {
    readonly result: Exclude<JournalEntry["result"], "inProgress">;
    readonly reason?: string | undefined;
    readonly codeDeployId?: string | undefined;
}

/**
 * Adds the end of a roll to the journal. Of one that nobody has written down, too little is known for an entry.
 * @param known the entry, unless another process has written it
 */
export async function writeVerdict(
    s3: S3Client, stage: Stage, { id }: Roll, { result, reason, codeDeployId }: RollVerdict, known: RollNews | undefined,
    surroundings: { readonly clock: Clock; readonly tell: { warn(text: string): void } },
): Promise<void> {
    const entry = known ?? await findEntry(s3, stage, id).catch((error: unknown) => {
        surroundings.tell.warn(`the journal could not be read, so ./gapless history ${stage.stack} does not say that roll ${id} ended as ${result}: ${(error as Error).message}`);
        return undefined;
    });
    if (entry === undefined) return;
    const endedAt = surroundings.clock.now().toISOString();
    await writeDown(s3, stage, { ...entry, result, endedAt, ...(reason !== undefined && { reason }), ...(codeDeployId !== undefined && { codeDeployId }) }, surroundings);
}

export async function findEntry(s3: S3Client, { releaseBucket }: Stage, id: string, signal?: AbortSignal): Promise<RollNews | undefined> {
    return (await new StageJournal(s3, releaseBucket).read(signal)).entries.find(({ deploymentId }) => deploymentId === id);
}
