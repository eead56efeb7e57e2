import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";
import { parse } from "yaml";
import { ensureCompose } from "../../rehearsal/docker/compose";
import { Docker } from "../../rehearsal/docker/docker";
import { archive, image, ReleaseHost } from "./release-host";

/** The compose that the hooks use on this machine. */
let compose: readonly [string, ...string[]] = ["docker-compose"];

interface Resolved {
    readonly services: { readonly app: { readonly image: string; readonly environment: Record<string, string> } };
}

/** What the installed compose makes of a release that run.sh starts. */
function resolved(stage: string, appEnv: string): Resolved {
    using host = new ReleaseHost();
    host.docker({ "container inspect": "echo running", "compose -f": 'env >"$HOST/env"; echo "${@:2}" >"$HOST/arguments"' });
    host.write(`${archive}/app.env`, appEnv);
    const { code, output } = host.hook("run", { DEPLOYMENT_GROUP_NAME: stage });
    assert.equal(code, 0, output);

    const env = Object.fromEntries(host.read("env").split("\n").map(line => line.split(/=(.*)/, 2) as [string, string])) as Record<string, string>;
    const [program, ...first] = compose;
    const files = host.read("arguments").trim().split(" ").slice(0, 4);
    const config = execFileSync(program, [...first, ...files, "config"], {
        cwd: join(host.folder, archive),
        encoding: "utf8",
        env: { ...env, PATH: process.env["PATH"] },
    });
    return parse(config) as Resolved;
}

describe("The compose files under the compose of this machine", () => {
    // As a rehearsal does: a machine that has none gets one, where it may.
    before(async function () {
        this.timeout(120_000);
        const { signal } = new AbortController();
        await ensureCompose(new Docker({ signal }), { announce: line => { console.log(line); }, signal });
        if (spawnSync("docker", ["compose", "version"]).status === 0) compose = ["docker", "compose"];
    });

    for (const stage of ["dev", "prod"]) {
        it(`${stage} resolves to the release's image, VERSION and INSTANCE_ID, and tells port and health path`, () => {
            const { app } = resolved(stage, "VERSION=mine\n").services;
            assert.equal(app.image, image);
            assert.deepEqual(app.environment, { VERSION: "0123456789ab", INSTANCE_ID: "i-1", PORT: "8080", HEALTH_PATH: "/health" });
        });
    }

    it("gives the container the values of app.env unchanged", () => {
        const values = { PLAIN: "a b", DOLLAR: "a$b ${HOME} $$", HASH: "a #b", QUOTES: `"a" 'b'`, WHOLE: "'a b'", JSON: '{"a": [1, "b: c"]}', SPACES: "  a ", BACK: "a\\b\\\\c", TAB: "a\tb", UNI: "ü" };
        const lines = Object.entries(values).map(([key, value]) => `${key}=${value}\n`);
        const { environment } = resolved("prod", lines.join("")).services.app;
        for (const [key, value] of Object.entries(values)) {
            assert.equal(environment[key]?.replaceAll("$$", "$"), value, key);
        }
    });
});
