import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { findStage } from "../../../release/aws/find-stage";

describe("stage of a stack", () => {
    it("is looked for until Ctrl-C while AWS does not answer", async () => {
        const stop = new AbortController();
        const server = createServer(() => { stop.abort(); });
        await new Promise<void>(resolve => { server.listen(0, "127.0.0.1", resolve); });
        const access = {
            region: "eu-central-1", maxAttempts: 3, retryMode: "standard" as const, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, credentials: () => Promise.resolve({ accessKeyId: "test", secretAccessKey: "test" }),
        };
        try {
            await assert.rejects(findStage("gapless", "dev", access, stop.signal), { name: "AbortError" });
        } finally {
            server.closeAllConnections();
            server.close();
        }
    });
});
