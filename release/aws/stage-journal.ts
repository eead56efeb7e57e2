import type { S3Client } from "@aws-sdk/client-s3";
import { type Clock, systemClock } from "../clock";
import { emptyJournal, type Journal, journal, type JournalEntry, record } from "../journal";
import { journalKey } from "../store-keys";
import { JsonDocument } from "./document";

/** The journal of a stage, in its release bucket. */
export class StageJournal {
    private readonly document: JsonDocument<Journal>;

    constructor(s3: S3Client, bucket: string, clock: Clock = systemClock) {
        this.document = new JsonDocument(s3, bucket, journalKey, journal, emptyJournal, clock);
    }

    async read(signal?: AbortSignal): Promise<Journal> {
        return (await this.document.read(signal)).value;
    }

    /** Adds what is new of a deployment, beside whatever others write at the same time. */
    async record(entry: Omit<JournalEntry, "n">): Promise<void> {
        await this.document.change(journal => record(journal, entry));
    }
}
