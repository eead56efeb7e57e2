import { GetObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";

/** Objects that are written under conditions, as S3 does it, and a place between a read and a write where others may write. */
export class S3Double {
    readonly objects = new Map<string, { readonly body: string; readonly etag: string }>();
    /** Names of calls, in order. */
    readonly calls: string[] = [];
    /** Done before the next writes are looked at, one each. An error in place of a task is the answer; a task gets what shall be written. */
    readonly beforeWrites: (Error | ((body: string) => void | Promise<void>))[] = [];
    /** Whether calls get no answer. */
    hangs = false;
    private writes = 0;

    get client(): S3Client {
        const send = (command: unknown, { abortSignal }: { readonly abortSignal?: AbortSignal } = {}) => this.hangs ? untilAborted(abortSignal) : this.send(command);
        return { send, config: { systemClockOffset: 0 } } as unknown as S3Client;
    }

    put(key: string, body: string): void {
        this.writes += 1;
        this.objects.set(key, { body, etag: `"${this.writes}"` });
    }

    private async send(command: unknown): Promise<unknown> {
        if (command instanceof GetObjectCommand) return this.get(command.input);
        if (command instanceof PutObjectCommand) return this.write(command.input);
        throw new Error("not a call of documents");
    }

    private get({ Key = "" }: GetObjectCommand["input"]): unknown {
        this.calls.push(`get ${Key}`);
        const object = this.objects.get(Key);
        if (!object) throw awsError("NoSuchKey", 404);
        return { ETag: object.etag, Body: { transformToString: () => Promise.resolve(object.body) } };
    }

    private async write({ Key = "", Body, IfMatch, IfNoneMatch }: PutObjectCommand["input"]): Promise<unknown> {
        this.calls.push(`put ${Key} ${IfMatch ?? (IfNoneMatch === "*" ? "new" : "whatever")}`);
        const before = this.beforeWrites.shift();
        if (before instanceof Error) throw before;
        await before?.(Body as string);
        this.check(this.objects.get(Key)?.etag, IfMatch, IfNoneMatch);
        this.put(Key, Body as string);
        return { ETag: this.objects.get(Key)?.etag };
    }

    private check(present: string | undefined, match: string | undefined, noneMatch: string | undefined): void {
        if (match !== undefined && present === undefined) throw awsError("NoSuchKey", 404);
        if (match !== undefined && present !== match) throw awsError("PreconditionFailed", 412);
        if (noneMatch === "*" && present !== undefined) throw awsError("PreconditionFailed", 412);
    }
}

function untilAborted(signal: AbortSignal | undefined): Promise<never> {
    return new Promise((_, reject) => {
        const abort = (): void => { reject(new DOMException("Request aborted", "AbortError")); };
        if (signal?.aborted) abort();
        signal?.addEventListener("abort", abort);
    });
}

export function awsError(name: string, httpStatusCode: number, message = name): Error {
    return Object.assign(new Error(message), { name, $metadata: { httpStatusCode } });
}
