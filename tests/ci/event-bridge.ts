import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { triggerKey } from "../../release/store-keys";

/** S3 whose events start pipelines: hands every call on, and tells of each new version of the object that starts one. */
export class EventBridge implements AsyncDisposable {
    private constructor(private readonly server: Server) {}

    /** @param told gets bucket and version before whoever wrote the object hears of it */
    static async before(s3: string, told: (bucket: string, version: string) => void): Promise<EventBridge> {
        const server = createServer((incoming, answer) => {
            const { method, headers, url = "/" } = incoming;
            const outgoing = request(new URL(url, s3), { method, headers }, from => {
                const [, bucket = "", key] = /^\/([^/?]+)\/([^?]+)/.exec(url) ?? [];
                const version = from.headers["x-amz-version-id"];
                if (method === "PUT" && key === triggerKey && typeof version === "string") told(bucket, version);
                answer.writeHead(from.statusCode ?? 500, from.headers);
                from.pipe(answer);
            });
            outgoing.once("error", error => answer.destroy(error));
            incoming.pipe(outgoing);
        });
        server.unref();
        await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve));
        return new EventBridge(server);
    }

    get url(): string {
        return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    }

    async [Symbol.asyncDispose](): Promise<void> {
        await new Promise(resolve => this.server.close(resolve));
    }
}
