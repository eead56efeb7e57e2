import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { ProbeAnswer, ProbeRequest } from "../../../../release/aws/blue-green/probe-request";

/** A server whose certificate is for `shop.example`, as a load balancer's listener has it. */
class TlsServer implements AsyncDisposable {
    /** Name that each client asked for, path, and headers that matter. */
    readonly asked: { readonly name: unknown; readonly path: string | undefined; readonly host: string | undefined; readonly colour: unknown }[] = [];
    private constructor(private readonly server: Server, private readonly folder: string, readonly certificateFile: string) {}

    static async open(): Promise<TlsServer> {
        const folder = await mkdtemp(join(tmpdir(), "probe-"));
        const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
        await promisify(execFile)("openssl", [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key, "-out", cert, "-days", "2",
            "-subj", "/CN=shop.example", "-addext", "subjectAltName=DNS:shop.example",
        ]);
        const server = createServer({ key: await readFile(key), cert: await readFile(cert) }, (request, response) => {
            const { headers, url, socket } = request;
            made.asked.push({ name: "servername" in socket ? socket.servername : undefined, path: url, host: headers.host, colour: headers["x-gapless-colour"] });
            response.writeHead(200).end("ready");
        });
        const made = new TlsServer(server, folder, cert);
        await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve));
        return made;
    }

    get port(): number {
        return (this.server.address() as AddressInfo).port;
    }

    async [Symbol.asyncDispose](): Promise<void> {
        this.server.closeAllConnections();
        await new Promise(resolve => this.server.close(resolve));
        await rm(this.folder, { recursive: true });
    }
}

const program = `
    import { probeOnce } from ${JSON.stringify(join(import.meta.dirname, "../../../../release/aws/blue-green/probe-request.ts"))};
    const told = await probeOnce(JSON.parse(process.argv.at(-1)), new AbortController().signal).catch(error => ({ error: error.message, code: error.code }));
    process.stdout.write(JSON.stringify(told));
`;

describe("probe over HTTPS", function () {
    this.timeout(60_000);
    const headers = { "X-Gapless-Colour": "green-secret" };
    let server: TlsServer;
    before(async () => { server = await TlsServer.open(); });
    after(async () => { await server[Symbol.asyncDispose](); });

    /** From a process that trusts the server's certificate as machines trust Amazon's: Node reads whom to trust as it starts. */
    async function probe(url: string, dnsTarget: string, trusted = true): Promise<Partial<ProbeAnswer> & { readonly error?: string; readonly code?: string }> {
        const request: ProbeRequest = { url, dnsTarget, path: "/orders?n=1", headers };
        const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", program, JSON.stringify(request)], {
            env: { ...process.env, ...(trusted && { NODE_EXTRA_CA_CERTS: server.certificateFile }) },
        });
        return JSON.parse(stdout) as Partial<ProbeAnswer>;
    }

    it("asks the load balancer by the service's name, and takes the certificate of that", async () => {
        assert.deepEqual(await probe(`https://shop.example:${server.port}`, "127.0.0.1"), { status: 200, body: "ready" });
        assert.deepEqual(server.asked.at(-1), { name: "shop.example", path: "/orders?n=1", host: `shop.example:${server.port}`, colour: "green-secret" });
    });

    it("takes no certificate of another name", async () => {
        const asked = server.asked.length;
        const { code, status } = await probe(`https://other.example:${server.port}`, "127.0.0.1");
        assert.deepEqual([code, status], ["ERR_TLS_CERT_ALTNAME_INVALID", undefined]);
        assert.equal(server.asked.length, asked, "the secret of the header was not told");
    });

    it("takes one of another name from the load balancer's own, for which there is none, and says so", async () => {
        const { status, otherName } = await probe(`https://localhost:${server.port}`, "localhost");
        assert.equal(status, 200);
        assert.match(otherName ?? "", /localhost\. is not in the cert's altnames: DNS:shop\.example/);
    });

    it("takes none that nobody vouches for", async () => {
        for (const [url, target] of [["shop.example", "127.0.0.1"], ["localhost", "localhost"]] as const) {
            assert.equal((await probe(`https://${url}:${server.port}`, target, false)).code, "DEPTH_ZERO_SELF_SIGNED_CERT");
        }
    });
});
