import { GetObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { z } from "zod";
import { type Clock, systemClock } from "../clock";
import { DeliveryError } from "./error";

const mostTries = 20;
const longestPauseSeconds = 2;
/** Seconds after which a call is given up, with all its tries: documents are small, and who waits for one holds a lock. */
const longestCallSeconds = 30;

/** A call had no answer. Its name says to whoever bears that for a while that the next one may have one. */
class SilenceError extends Error {
    override readonly name = "TimeoutError";
}

/** A JSON object in S3 that several may change at once, and that never loses a change of any. */
export class JsonDocument<T> {
    /**
     * @param schema what the document holds, with its `schemaVersion`
     * @param empty what it holds before the first change
     */
    constructor(
        private readonly s3: S3Client,
        private readonly bucket: string,
        private readonly key: string,
        private readonly schema: z.ZodType<T>,
        private readonly empty: T,
        private readonly clock: Clock = systemClock,
        private readonly callSeconds: number = longestCallSeconds,
    ) {}

    /** What it holds now, and the ETag by which a change of it is noticed; undefined while there is no object. */
    async read(signal?: AbortSignal): Promise<{ readonly value: T; readonly etag?: string | undefined }> {
        const object = await this.fetch(signal);
        return object ? { value: this.parse(object.text), etag: object.etag } : { value: this.empty };
    }

    /**
     * Puts what `next` makes of the value in its place. Asks `next` again with the newer value when somebody else was faster;
     * writes nothing when it gives back the value that it got.
     * @throws DeliveryError when the object is not what the schema says; it is left as it is. A TimeoutError, which is transient, when AWS does not answer
     */
    async change(next: (value: T) => T, signal: AbortSignal = new AbortController().signal): Promise<T> {
        for (let tries = 1; tries <= mostTries; tries += 1) {
            const { value, etag } = await this.read(signal);
            const changed = next(value);
            if (changed === value || await this.replace(etag, changed, signal)) return changed;
            // Not together once more: whoever wrote at the same time waits as well.
            await this.clock.wait(Math.random() * Math.min(longestPauseSeconds, 0.05 * 2 ** tries), signal);
        }
        throw new DeliveryError(
            `${this.name} cannot be changed: in ${mostTries} tries somebody else was faster each time. Run the command again.`,
        );
    }

    /** Writes over the object that has this ETag, or where there is none yet. False when that is not how it stands any more. */
    private async replace(etag: string | undefined, value: T, signal: AbortSignal): Promise<boolean> {
        const put = new PutObjectCommand({
            Bucket: this.bucket, Key: this.key, ContentType: "application/json",
            Body: `${JSON.stringify(value, undefined, 2)}\n`,
            ...(etag === undefined ? { IfNoneMatch: "*" } : { IfMatch: etag }),
        });
        try {
            await this.inTime(abortSignal => this.s3.send(put, { abortSignal }), signal);
            return true;
        } catch (error) {
            if (error instanceof Error && outrun.includes(error.name)) return false;
            throw error;
        }
    }

    private async fetch(signal?: AbortSignal): Promise<{ readonly text: string; readonly etag: string | undefined } | undefined> {
        try {
            return await this.inTime(async abortSignal => {
                const { Body, ETag } = await this.s3.send(new GetObjectCommand({ Bucket: this.bucket, Key: this.key }), { abortSignal });
                return { text: await Body?.transformToString() ?? "", etag: ETag };
            }, signal);
        } catch (error) {
            if (error instanceof Error && error.name === "NoSuchKey") return undefined;
            throw error;
        }
    }

    private async inTime<Answer>(call: (abort: AbortSignal) => Promise<Answer>, signal?: AbortSignal): Promise<Answer> {
        const limit = AbortSignal.timeout(this.callSeconds * 1000);
        try {
            return await call(signal ? AbortSignal.any([signal, limit]) : limit);
        } catch (error) {
            if (!limit.aborted || signal?.aborted) throw error;
            throw new SilenceError(`${this.name}: AWS has not answered in ${this.callSeconds} seconds. Look at the network and the proxy, then run the command again.`);
        }
    }

    private parse(text: string): T {
        const json = asJson(text);
        const read = this.schema.safeParse(json);
        if (read.success) return read.data;
        const newer = newerVersion.safeParse(json);
        throw new DeliveryError(
            newer.success
                ? `${this.name} is of schemaVersion ${newer.data.schemaVersion}, and this version of Gapless knows 1: take the newer one that wrote it.`
                : `${this.name} is not what Gapless writes there, and is left as it is:\n${problems(read.error, json)}\n`
                    + `The bucket keeps its earlier versions, of which the last good one has to be put back. To see them: aws s3api list-object-versions --bucket ${this.bucket} --prefix ${this.key}`,
            "failed", { cause: read.error },
        );
    }

    private get name(): string {
        return `s3://${this.bucket}/${this.key}`;
    }
}

// The first two: somebody else has written, or is writing right now. The third: it was there, and has been removed meanwhile.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
const outrun: readonly string[] = ["PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey"];

const newerVersion = z.object({ schemaVersion: z.number().int().min(2) });

function problems(error: z.ZodError, json: unknown): string {
    return json === undefined ? "It is no JSON." : z.prettifyError(error);
}

function asJson(text: string): unknown {
    try {
        return JSON.parse(text);
    } catch {
        return undefined;
    }
}
