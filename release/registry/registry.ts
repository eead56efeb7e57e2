import { createHash } from "node:crypto";
import { ReadableStream } from "node:stream/web";
import { DeliveryError } from "../aws/error";
import { Authorization, type Credentials } from "./authorization";
import type { RegistryRepository } from "./repository";

/** A manifest, every byte as it came: its hash is the image's name. */
export interface Manifest {
    readonly mediaType: string;
    readonly bytes: Uint8Array;
}

/** A part of an image, as a manifest names it. */
export interface Blob {
    readonly digest: string;
    readonly size: number;
}

export interface RegistryArgs {
    /** Who asks; undefined for everybody. */
    readonly credentials: () => Promise<Credentials | undefined>;
    /** Whether images are written. @default false */
    readonly writes?: boolean;
    /** Repository of the same registry whose blobs may be taken over. */
    readonly mountsFrom?: string;
    readonly signal: AbortSignal;
    /** Milliseconds of a clock that nobody sets, by which tokens are renewed. @default the process's own */
    readonly now?: () => number;
}

const manifestTypes = [
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

/**
 * One repository of a registry, over the registry's HTTP protocol.
 * https://github.com/opencontainers/distribution-spec/blob/main/spec.md
 */
export class Registry {
    readonly #authorization: Authorization;
    readonly #signal: AbortSignal;

    constructor(readonly repository: RegistryRepository, { credentials, writes = false, mountsFrom, signal, now = () => performance.now() }: RegistryArgs) {
        const scopes = [`repository:${repository.name}:${writes ? "pull,push" : "pull"}`, ...(mountsFrom === undefined ? [] : [`repository:${mountsFrom}:pull`])];
        this.#authorization = new Authorization(scopes, credentials, now);
        this.#signal = signal;
    }

    /** Digest that a tag leads to; undefined when there is no such tag. Only the registry's word counts for that. */
    async digestOf(tag: string): Promise<string | undefined> {
        const manifest = await this.manifest(tag);
        return manifest && digestOf(manifest.bytes);
    }

    /** The manifest of a tag or digest; undefined when there is none. */
    async manifest(reference: string): Promise<Manifest | undefined> {
        const response = await this.request("GET", `manifests/${reference}`, { headers: { accept: manifestTypes }, expects: [200, 404] });
        if (response.status === 404) return undefined;
        const bytes = new Uint8Array(await response.arrayBuffer());
        return { mediaType: response.headers.get("content-type") ?? "", bytes };
    }

    async has(kind: "manifests" | "blobs", digest: string): Promise<boolean> {
        return (await this.request("HEAD", `${kind}/${digest}`, { headers: { accept: manifestTypes }, expects: [200, 404] })).status === 200;
    }

    /** @param reference a tag, or the manifest's digest */
    async putManifest(reference: string, { mediaType, bytes }: Manifest): Promise<void> {
        await this.request("PUT", `manifests/${reference}`, { headers: { "content-type": mediaType }, body: bytes, expects: [201] });
    }

    async readBlob({ digest }: Blob): Promise<ReadableStream<Uint8Array>> {
        // A registry may send it from elsewhere. fetch does not show our credentials there.
        const { body } = await this.request("GET", `blobs/${digest}`, { expects: [200] });
        return body as ReadableStream<Uint8Array>;
    }

    /** Takes a blob over from another repository of this registry. Where that may not be: where to write it to. */
    async mountBlob({ digest }: Blob, from: string | undefined): Promise<"mounted" | URL> {
        const mount = from === undefined ? "" : `?${String(new URLSearchParams({ mount: digest, from }))}`;
        const response = await this.request("POST", `blobs/uploads/${mount}`, { expects: [201, 202] });
        return response.status === 201 ? "mounted" : this.next(response);
    }

    async writeBlob({ digest }: Blob, content: AsyncIterable<Uint8Array>, upload: URL): Promise<void> {
        const body = ReadableStream.from(content);
        const sent = await this.request("PATCH", upload, { headers: { "content-type": "application/octet-stream" }, body, expects: [202] });
        const finish = this.next(sent);
        finish.searchParams.set("digest", digest);
        await this.request("PUT", finish, { expects: [201] });
    }

    private next(response: Response): URL {
        return new URL(response.headers.get("location") ?? "", response.url);
    }

    private async request(method: string, path: string | URL, { headers = {}, body, expects }: {
        readonly headers?: Readonly<Record<string, string>>; readonly body?: Uint8Array | ReadableStream<Uint8Array>; readonly expects: readonly number[];
    }): Promise<Response> {
        const { origin, name } = this.repository;
        const url = new URL(path, `${origin}/v2/${name}/`);
        for (;;) {
            const authorization = url.origin === origin ? await this.#authorization.header(this.#signal) : undefined;
            const response = await this.send(url, {
                method, signal: this.#signal, body: body as BodyInit, duplex: "half", headers: { ...headers, ...(authorization !== undefined && { authorization }) },
            } as RequestInit);
            const challenge = response.status === 401 ? response.headers.get("www-authenticate") : null;
            if (challenge !== null && await this.#authorization.refused(challenge, this.#signal)) continue;
            if (expects.includes(response.status)) return response;
            throw new DeliveryError(`${url.host} refuses ${method} ${url.pathname}: ${response.status} ${(await response.text()).trim().slice(0, 500)}`.trim());
        }
    }

    private async send(url: URL, request: RequestInit): Promise<Response> {
        try {
            return await fetch(url, request);
        } catch (cause) {
            this.#signal.throwIfAborted();
            const reason = ((cause as Error).cause ?? cause) as Error;
            // What was to be sent has failed, and not who it was sent to.
            if (reason instanceof DeliveryError) throw reason;
            throw new DeliveryError(`${url.host} does not answer ${request.method ?? ""} ${url.pathname}: ${reason.message}`, "failed", { cause });
        }
    }
}

export function digestOf(bytes: Uint8Array): string {
    return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
