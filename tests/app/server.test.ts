import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import http from "node:http";
import net from "node:net";
import { createInterface } from "node:readline";

const node = process.execPath;
const serverFile = "app/server.js";

/** The sample service as a real process on a free port; what it prints is kept. */
class Service {
    readonly output: string[] = [];
    readonly exit: Promise<number | null>;
    readonly #child: ChildProcess;

    private constructor(env: Record<string, string>) {
        const child = spawn(node, [serverFile], { env: { PORT: "0", ...env }, stdio: ["ignore", "pipe", "pipe"] });
        this.#child = child;
        for (const stream of [child.stdout, child.stderr]) {
            createInterface({ input: stream }).on("line", line => this.output.push(line));
        }
        this.exit = once(child, "close").then(([code]) => code as number | null);
    }

    static async started(env: Record<string, string> = {}): Promise<Service> {
        const service = new Service({ VERSION: "v1", INSTANCE_ID: "i-1", ...env });
        await Promise.race([once(service.#child.stdout as NodeJS.ReadableStream, "data"), service.exit]);
        return service;
    }

    /** For a process that is expected to end by itself. */
    static async failed(env: Record<string, string>): Promise<{ code: number | null; output: string }> {
        const service = new Service(env);
        return { code: await service.exit, output: service.output.join("\n") };
    }

    get port(): number {
        return Number(/port (\d+)/.exec(this.output.join("\n"))?.[1]);
    }

    signal(name: NodeJS.Signals): void {
        this.#child.kill(name);
    }

    async [Symbol.asyncDispose](): Promise<void> {
        this.#child.kill("SIGKILL");
        await this.exit;
    }
}

interface Answer {
    status: number | undefined;
    headers: http.IncomingHttpHeaders;
    body: string;
}

function get(service: Service, path: string, agent?: http.Agent): Promise<Answer> {
    return answerTo(http.get({ port: service.port, host: "127.0.0.1", path, ...(agent && { agent }) }));
}

async function answerTo(request: http.ClientRequest): Promise<Answer> {
    const [response] = (await once(request, "response")) as [http.IncomingMessage];
    let body = "";
    for await (const chunk of response) body += String(chunk);
    return { status: response.statusCode, headers: response.headers, body };
}

describe("The sample service", () => {
    it("says its version and instance on every answer, whatever its status", async () => {
        await using service = await Service.started();
        for (const path of ["/", "/health", "/slow?ms=1", "/slow?ms=x", "/nothing", "//"]) {
            const { headers } = await get(service, path);
            assert.deepEqual([headers["x-release"], headers["x-instance"]], ["v1", "i-1"], path);
        }
    });

    const routes: { behaviour: string; answers: Record<string, number> }[] = [
        { behaviour: "healthy", answers: { "/health": 200, "/": 200, "/slow?ms=1": 200, "/slow?ms=soon": 400, "/nothing": 404 } },
        { behaviour: "broken", answers: { "/health": 503, "/": 200 } },
        { behaviour: "failing", answers: { "/health": 200, "/": 500, "/slow?ms=1": 500, "/nothing": 500 } },
    ];
    for (const { behaviour, answers } of routes) {
        it(`answers as a ${behaviour} release`, async () => {
            await using service = await Service.started({ BEHAVIOUR: behaviour });
            for (const [path, status] of Object.entries(answers)) {
                assert.equal((await get(service, path)).status, status, path);
            }
        });
    }

    it("dies as a crashing release when it has said that it is healthy", async () => {
        await using service = await Service.started({ BEHAVIOUR: "crashing" });
        assert.equal((await get(service, "/")).status, 200);
        assert.equal((await get(service, "/health")).status, 200);
        assert.equal(await service.exit, 1);
        assert.equal(service.output.at(-1), "this release crashes on purpose");
    });

    it("listens late as a release that boots slowly, and answers whatever route another service has", async () => {
        const before = performance.now();
        await using service = await Service.started({ BEHAVIOUR: "slowBoot" });
        assert.ok(performance.now() - before >= 2_900);
        for (const path of ["/health", "/", "/slow?ms=1", "/theirs"]) assert.equal((await get(service, path)).status, 200, path);
    });

    it("answers its readiness at another path when told so", async () => {
        await using service = await Service.started({ HEALTH_PATH: "/ready" });
        assert.equal((await get(service, "/ready")).status, 200);
        assert.equal((await get(service, "/health")).status, 404);
    });

    it("answers a slow request no earlier than asked", async () => {
        await using service = await Service.started();
        const before = performance.now();
        assert.equal((await get(service, "/slow?ms=150")).body, "after 150 ms\n");
        assert.ok(performance.now() - before >= 145);
    });

    it("keeps idle connections longer than the load balancer's 60 seconds", async () => {
        await using service = await Service.started();
        const { headers } = await get(service, "/", new http.Agent({ keepAlive: true, maxSockets: 1 }));
        const seconds = Number(/timeout=(\d+)/.exec(String(headers["keep-alive"]))?.[1]);
        assert.ok(seconds > 60, `keep-alive: ${String(headers["keep-alive"])}`);
    });

    it("finishes an open request after SIGTERM, refuses new ones and exits with 0", async () => {
        await using service = await Service.started();
        const port = service.port;
        const agent = new http.Agent({ keepAlive: true });
        const request = http.get({ port, host: "127.0.0.1", path: "/slow?ms=600", agent, headers: { Expect: "100-continue" } });
        const slow = answerTo(request);
        await once(request, "continue"); // The service has the request.
        service.signal("SIGTERM");
        while (!service.output.includes("stopping: finishing open requests")) await new Promise(setImmediate);

        const late = net.connect({ port, host: "127.0.0.1" });
        const [refused] = (await once(late, "error")) as [NodeJS.ErrnoException];
        assert.equal(refused.code, "ECONNREFUSED");

        const { status, headers, body } = await slow;
        assert.deepEqual([status, headers.connection, body], [200, "close", "after 600 ms\n"]);
        assert.equal(await service.exit, 0);
        assert.equal(service.output.at(-1), "stopped");
    });

    it("names the port that it cannot listen on", async () => {
        await using service = await Service.started();
        const { code, output } = await Service.failed({ PORT: String(service.port) });
        assert.equal(code, 1);
        assert.match(output, new RegExp(`^Cannot listen on port ${service.port}: .*EADDRINUSE.*$`));
    });

    it("names everything that is wrong with its environment in one error", async () => {
        const { code, output } = await Service.failed({
            PORT: "80000",
            HEALTH_PATH: "health",
            VERSION: "a\nb",
            INSTANCE_ID: " ",
            BEHAVIOUR: "odd",
        });
        assert.equal(code, 1);
        assert.equal(
            output,
            [
                "Wrong environment:",
                '  PORT must be a port number (0 takes any free one), got "80000"',
                '  HEALTH_PATH must start with "/", got "health"',
                '  VERSION must fit into a header, got "a\\nb"',
                '  INSTANCE_ID must fit into a header, got " "',
                '  BEHAVIOUR must be one of healthy, broken, failing, crashing, slowBoot, got "odd"',
            ].join("\n"),
        );
    });
});
