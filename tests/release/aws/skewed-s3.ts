import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { S3Client } from "@aws-sdk/client-s3";
import type { Lock } from "../../../release/lock";

/** A server whose clock goes ahead of this machine's, with one lock in it that nobody can change, and the SDK's own client for it. */
export async function skewedS3(aheadSeconds: number) {
    let body = "";
    const server = createServer((_, response) => {
        response.sendDate = false;
        response.writeHead(200, { "Date": new Date(Date.now() + aheadSeconds * 1000).toUTCString(), "ETag": "\"1\"" }).end(body);
    });
    await new Promise<void>(resolve => { server.listen(0, "127.0.0.1", resolve); });
    const client = new S3Client({
        region: "eu-central-1", endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, forcePathStyle: true,
        credentials: { accessKeyId: "test", secretAccessKey: "test" },
    });
    return {
        client,
        put(lock: Lock): void { body = JSON.stringify(lock); },
        async [Symbol.asyncDispose](): Promise<void> {
            client.destroy();
            server.closeAllConnections();
            await new Promise(resolve => { server.close(resolve); });
        },
    };
}
