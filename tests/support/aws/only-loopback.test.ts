import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";

const preload = join(import.meta.dirname, "only-loopback.mjs");

// 192.0.2.0/24 is nobody's: https://www.rfc-editor.org/rfc/rfc5737
const ways: Readonly<Record<string, { readonly code: string; readonly told: string }>> = {
    "connects to an address": { code: "net.connect(443, '192.0.2.1').on('error', () => {})", told: "connect to 192.0.2.1:443" },
    "connects to a name": { code: "net.connect({ port: 443, host: 'example.com' }).on('error', () => {})", told: "connect to example.com:443" },
    "fetches, and copes": { code: "await fetch('http://192.0.2.1/').catch(() => {})", told: "connect to 192.0.2.1:80" },
    "speaks TLS, and copes": { code: "await fetch('https://sts.amazonaws.com/').catch(() => {})", told: "connect to sts.amazonaws.com:443" },
    "asks for metadata of a machine": { code: "http.get('http://169.254.169.254/latest').on('error', () => {})", told: "connect to 169.254.169.254:80" },
    "looks a name up": { code: "dns.lookup('example.com', () => {})", told: "lookup example.com" },
    "looks a name up by a promise": { code: "await promises.lookup('example.com').catch(() => {})", told: "lookup example.com" },
    "sends a datagram": { code: "try { dgram.createSocket('udp4').send('x', 53, '192.0.2.1') } catch {}; process.exit(0)", told: "send to 192.0.2.1" },
};
const imports = "import net from 'node:net'; import http from 'node:http'; import dgram from 'node:dgram'; import dns, { promises } from 'node:dns';";

describe("only loopback", () => {
    for (const [what, { code, told }] of Object.entries(ways)) {
        it(`ends a process that ${what}`, async () => {
            const run = await execa("node", ["--import", preload, "--input-type=module", "-e", imports + code], { reject: false });
            assert.deepEqual({ exitCode: run.exitCode, stderr: run.stderr }, { exitCode: 97, stderr: `a test tried to leave this machine: ${told}` });
        });
    }

    it("leaves this machine's own addresses alone", async () => {
        const server = createServer((_, response) => response.end("here"));
        await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve));
        try {
            const { port } = server.address() as AddressInfo;
            const code = `for (const host of ["127.0.0.1", "localhost"]) process.stdout.write(await (await fetch("http://" + host + ":${port}")).text())`;
            const run = await execa("node", ["--import", preload, "--input-type=module", "-e", code]);
            assert.equal(run.stdout, "herehere");
        } finally {
            server.close();
        }
    });

    it("fails mocha's test that tries, though it copes", async () => {
        const folder = await mkdtemp(join(tmpdir(), "only-loopback-"));
        try {
            const file = join(folder, "some.test.mjs");
            await writeFile(file, "it('does not try', () => {});\nit('tries', async () => { await fetch('http://192.0.2.1/').catch(() => {}); });\n");
            const { stdout } = await execa("mocha", ["--no-config", "--require", preload, "--reporter", "dot", file], { preferLocal: true, reject: false });
            assert.match(stdout, /[12] passing.*1 failing.*hook: afterEach for "tries":\s+Error: The test tried to leave this machine: connect to 192\.0\.2\.1:80/s);
        } finally {
            await rm(folder, { recursive: true });
        }
    });
});
