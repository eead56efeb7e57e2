import { createHash, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

export interface RegistryDoubleArgs {
    /** `user:password` that is asked for. @default everybody may do everything */
    readonly user?: string;
    /** How it asks. @default basic */
    readonly asks?: "basic" | "bearer";
}

export const indexType = "application/vnd.oci.image.index.v1+json";
export const imageType = "application/vnd.oci.image.manifest.v1+json";

export function sha256(content: Uint8Array | string): string {
    return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}

/** A registry in memory, over HTTP on loopback. It takes nothing whose parts it lacks, or whose digest is another, and no tag twice: as ECR does where tags are immutable. */
export class RegistryDouble implements AsyncDisposable {
    /** Method and path of each request. */
    readonly requests: string[] = [];
    /** By `<name>@<digest>`. */
    readonly blobs = new Map<string, Uint8Array>();
    /** By `<name>@<digest>` and `<name>@<tag>`. */
    readonly manifests = new Map<string, { readonly mediaType: string; readonly bytes: Uint8Array }>();
    private readonly uploads = new Map<string, Uint8Array>();
    private readonly server: Server;

    private constructor(private readonly args: RegistryDoubleArgs) {
        this.server = createServer((request, response) => void this.serve(request, response));
    }

    static async start(args: RegistryDoubleArgs = {}): Promise<RegistryDouble> {
        const double = new RegistryDouble(args);
        await new Promise<void>(resolve => double.server.listen(0, "127.0.0.1", resolve));
        return double;
    }

    get host(): string {
        return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    }

    addBlob(name: string, content: string): { readonly digest: string; readonly size: number; readonly mediaType: string } {
        const digest = sha256(content);
        this.blobs.set(`${name}@${digest}`, Buffer.from(content));
        return { digest, size: Buffer.byteLength(content), mediaType: "application/vnd.oci.image.layer.v1.tar+gzip" };
    }

    /** Adds a manifest as text, without a look at its parts. Returns its digest. */
    addManifest(name: string, mediaType: string, text: string): string {
        const digest = sha256(text);
        this.manifests.set(`${name}@${digest}`, { mediaType, bytes: Buffer.from(text) });
        return digest;
    }

    /** Adds an image with a layer of this content. Spaces make it a manifest that nobody would write again in the same way. */
    addImage(name: string, layer: string): { readonly digest: string; readonly size: number; readonly mediaType: string } {
        const [config, only] = [this.addBlob(name, `{"config": "${layer}"}`), this.addBlob(name, layer)];
        const text = `{ "schemaVersion": 2,\n "config": ${JSON.stringify(config)}, "layers": [${JSON.stringify(only)}] }\n`;
        return { digest: this.addManifest(name, imageType, text), size: text.length, mediaType: imageType };
    }

    requestsOf(method: string): readonly string[] {
        return this.requests.filter(request => request.startsWith(`${method} `));
    }

    async [Symbol.asyncDispose](): Promise<void> {
        this.server.closeAllConnections();
        await new Promise(resolve => this.server.close(resolve));
    }

    private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
        const { url: path = "/", method = "GET" } = request;
        const url = new URL(path, `http://${this.host}`);
        this.requests.push(`${method} ${url.pathname}${url.search}`);
        const content = await buffer(request).catch(() => undefined);
        // Cut off: whoever sent it has thought better of it.
        if (content === undefined) return;
        if (url.pathname === "/token") this.giveToken(request, response);
        else if (this.admits(request, response)) this.answer(method, url, request.headers["content-type"] ?? "", content, response);
    }

    private answer(method: string, url: URL, mediaType: string, content: Uint8Array, response: ServerResponse): void {
        const [, name = "", kind = "", reference = ""] = /^\/v2\/(.+)\/(manifests|blobs\/uploads|blobs)\/(.*)$/.exec(url.pathname) ?? [];
        const key = `${name}@${reference}`;
        if (kind === "manifests" && method === "PUT") this.takeManifest(name, reference, mediaType, content, response);
        else if (kind === "blobs/uploads") this.upload(method, name, reference, url, content, response);
        else send(response, kind === "manifests" ? this.manifests.get(key) : this.blobs.get(key), method === "HEAD");
    }

    private admits({ headers }: IncomingMessage, response: ServerResponse): boolean {
        const { user, asks = "basic" } = this.args;
        const wanted = asks === "bearer" ? "Bearer token-of-the-registry" : `Basic ${Buffer.from(user ?? "").toString("base64")}`;
        if (user === undefined || headers.authorization === wanted) return true;
        const challenge = asks === "bearer" ? `Bearer realm="http://${this.host}/token",service="registry",scope="ignored"` : 'Basic realm="registry"';
        response.writeHead(401, { "www-authenticate": challenge }).end("who is there?");
        return false;
    }

    private giveToken({ headers }: IncomingMessage, response: ServerResponse): void {
        const right = headers.authorization === `Basic ${Buffer.from(this.args.user ?? "").toString("base64")}`;
        response.writeHead(right ? 200 : 401).end(right ? JSON.stringify({ token: "token-of-the-registry", expires_in: 300 }) : "no");
    }

    private takeManifest(name: string, reference: string, mediaType: string, bytes: Uint8Array, response: ServerResponse): void {
        const { manifests = [], config, layers = [] } = JSON.parse(Buffer.from(bytes).toString()) as Record<string, { digest: string; mediaType: string }[] & { digest: string; mediaType: string }>;
        const lacking = [
            ...[...manifests].filter(({ digest }) => !this.manifests.has(`${name}@${digest}`)),
            ...[...(config ? [config] : []), ...layers].filter(({ digest, mediaType }) => !this.blobs.has(`${name}@${digest}`) && !mediaType.includes(".foreign.")),
        ];
        if (lacking.length > 0 || (reference.startsWith("sha256:") && reference !== sha256(bytes))) {
            response.writeHead(400).end("MANIFEST_BLOB_UNKNOWN");
            return;
        }
        if (!reference.startsWith("sha256:") && this.manifests.has(`${name}@${reference}`)) {
            response.writeHead(400).end(`The image tag '${reference}' already exists in the '${name}' repository and cannot be overwritten because the tag is immutable.`);
            return;
        }
        for (const key of [reference, sha256(bytes)]) this.manifests.set(`${name}@${key}`, { mediaType, bytes });
        response.writeHead(201).end();
    }

    private upload(method: string, name: string, id: string, url: URL, content: Uint8Array, response: ServerResponse): void {
        const value = (key: string): string => url.searchParams.get(key) ?? "";
        const held = this.blobs.get(`${value("from")}@${value("mount")}`);
        if (method === "PUT") this.keep(name, value("digest"), this.uploads.get(id) ?? new Uint8Array(), response);
        else if (held) this.keep(name, value("mount"), held, response);
        else {
            if (method === "PATCH") this.uploads.set(id, content);
            response.writeHead(202, { location: `/v2/${name}/blobs/uploads/${method === "POST" ? randomUUID() : id}?state=1` }).end();
        }
    }

    private keep(name: string, digest: string, content: Uint8Array, response: ServerResponse): void {
        const right = sha256(content) === digest;
        if (right) this.blobs.set(`${name}@${digest}`, content);
        response.writeHead(right ? 201 : 400).end();
    }
}

function send(response: ServerResponse, found: { readonly mediaType: string; readonly bytes: Uint8Array } | Uint8Array | undefined, headOnly: boolean): void {
    if (found === undefined) {
        response.writeHead(404).end(headOnly ? undefined : "unknown");
        return;
    }
    const { mediaType, bytes } = found instanceof Uint8Array ? { mediaType: "application/octet-stream", bytes: found } : found;
    response.writeHead(200, { "content-type": mediaType, "content-length": bytes.length });
    response.end(headOnly ? undefined : bytes);
}
