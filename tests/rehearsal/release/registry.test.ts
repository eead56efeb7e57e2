import assert from "node:assert/strict";
import { startRegistry } from "../../../rehearsal/release/registry";
import { FakeDocker } from "../../support/fake-docker";
import { Service } from "../load/service";

const { signal } = new AbortController();
const args = { image: "registry", name: "run-registry", network: "run" };

describe("registry of the rehearsal", () => {
    const { now } = Date;
    afterEach(() => { Date.now = now; });

    const dockerOf = ({ url }: Service): FakeDocker => new FakeDocker(command => {
        if (command === "port run-registry") return `127.0.0.1:${new URL(url).port}`;
        return command === "logs run-registry" ? "no space left" : "";
    });

    it("is there when it answers, not when its container is", async () => {
        await using service = await Service.serve((_, response) => {
            response.statusCode = service.requests.length < 3 ? 503 : 200;
            response.end();
        });
        const address = await startRegistry(dockerOf(service), args, signal);
        assert.deepEqual(service.requests.map(({ url }) => url), ["/v2/", "/v2/", "/v2/"]);
        assert.equal(`http://${address.host}:${address.port}`, service.url);
    });

    it("can be reached from this machine only", async () => {
        await using service = await Service.serve((_, response) => response.end());
        const docker = dockerOf(service);
        await startRegistry(docker, args, signal);
        assert.ok(docker.only("run").includes("127.0.0.1::5000"));
    });

    it("fails with its last words when it never answers", async () => {
        await using service = await Service.serve((_, response) => {
            // Each question takes an hour of this clock.
            const later = Date.now() + 3_600_000;
            Date.now = () => later;
            response.writeHead(503).end();
        });
        await assert.rejects(startRegistry(dockerOf(service), args, signal), /The registry did not start\. no space left/);
    });

    it("stops waiting when it is told to", async () => {
        const stop = new AbortController();
        await using service = await Service.serve((_, response) => {
            stop.abort();
            response.writeHead(503).end();
        });
        await assert.rejects(startRegistry(dockerOf(service), args, stop.signal), { name: "AbortError" });
    });
});
