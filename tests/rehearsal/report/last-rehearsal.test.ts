import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { rehearseFaults } from "../../../rehearsal/faults/rehearse-faults";
import { rehearse } from "../../../rehearsal/rehearse";
import { htmlFileOf } from "../../../rehearsal/report/html/write-html";
import { faultsFile, reportFile, writeWhole } from "../../../rehearsal/report/last-rehearsal";
import { sampleOptions } from "../sample-facts";

const view = { step() {}, note() {}, warn() {}, event() {}, result() { assert.fail("there is nothing to tell"); } };
const { signal } = new AbortController();

describe("What the last rehearsal has left", () => {
    const home = process.cwd();
    let folder: string;

    beforeEach(async () => {
        folder = await mkdtemp(join(tmpdir(), "gapless-test-"));
        process.chdir(folder);
    });
    afterEach(async () => {
        process.chdir(home);
        await rm(folder, { recursive: true });
    });

    it("is written whole, into a folder that need not be there", async () => {
        await writeWhole(faultsFile, { verdict: "passed" });
        assert.equal(await readFile(faultsFile, "utf8"), '{\n  "verdict": "passed"\n}\n');
        assert.deepEqual(await readdir(dirname(faultsFile)), ["faults.json"]);
    });

    for (const [what, begin] of [
        ["rehearsal", port => rehearse(sampleOptions({ port }), view, signal)],
        ["rehearsal of faults", port => rehearseFaults(sampleOptions({ port }), "all", view, signal)],
    ] as readonly (readonly [string, (port: number) => Promise<unknown>])[]) {
        it(`is gone when another ${what} begins, whatever becomes of that`, async () => {
            await writeWhole(reportFile, {});
            await writeWhole(faultsFile, {});
            await writeFile(htmlFileOf(reportFile), "");
            const server = createServer().listen(0, "127.0.0.1");
            await once(server, "listening");
            try {
                await assert.rejects(begin((server.address() as AddressInfo).port), { name: "BusyPortError" });
            } finally {
                server.close();
            }
            assert.deepEqual([reportFile, htmlFileOf(reportFile), faultsFile].filter(existsSync), []);
        });
    }
});
