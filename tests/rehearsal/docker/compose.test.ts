import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { ensureCompose } from "../../../rehearsal/docker/compose";
import { Docker } from "../../../rehearsal/docker/docker";

const { signal } = new AbortController();
const quicker = { SETUPTOOLS_USE_DISTUTILS: "stdlib" };

describe("Compose for the hook scripts", () => {
    for (const [machine, docker, compose, environment] of [
        ["has the client's plugin", "exit 0", "exit 1", {}],
        ["has the stand-alone program", "exit 1", "exit 0", quicker],
        ["has one whose Python has no distutils any more", "exit 1", '[ -z "$SETUPTOOLS_USE_DISTUTILS" ]', {}],
    ] as const) {
        it(`starts ${"SETUPTOOLS_USE_DISTUTILS" in environment ? "without a stand-in for distutils" : "as it is"} where the machine ${machine}`, async () => {
            const folder = await mkdtemp(join(tmpdir(), "compose-"));
            const { PATH = "" } = process.env;
            try {
                for (const [name, script] of [["docker", docker], ["docker-compose", compose]] as const) {
                    await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
                }
                process.env["PATH"] = `${folder}${delimiter}${PATH}`;
                assert.deepEqual(await ensureCompose(new Docker({ signal }), { signal, announce: line => assert.fail(line) }), environment);
            } finally {
                process.env["PATH"] = PATH;
                await rm(folder, { recursive: true });
            }
        });
    }
});
