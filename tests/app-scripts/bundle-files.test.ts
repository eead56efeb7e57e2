import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { parse } from "yaml";

interface AppSpec {
    readonly version: number;
    readonly os: string;
    readonly hooks: Readonly<Record<string, readonly { location: string; timeout: number }[]>>;
}

const text = (file: string) => readFileSync(`app-scripts/${file}`, "utf8");

describe("appspec.yml", () => {
    const spec = parse(text("appspec.yml")) as AppSpec;

    it("has the shape that the agent takes", () => {
        assert.match(text("appspec.yml"), /^version: 0\.0$/m, "a quoted version is refused by the agent");
        assert.equal(spec.os, "linux");
        assert.deepEqual(Object.keys(spec), ["version", "os", "hooks"], "files would be copied that nothing reads");
    });

    it("runs each hook script in its event, with a timeout", () => {
        assert.deepEqual(spec.hooks, {
            BeforeBlockTraffic: [{ location: "scripts/pre-pull.sh", timeout: 75 }],
            BeforeInstall: [{ location: "scripts/pull.sh", timeout: 300 }],
            ApplicationStart: [
                { location: "scripts/stop.sh", timeout: 120 },
                { location: "scripts/run.sh", timeout: 60 },
            ],
            ValidateService: [{ location: "scripts/validate.sh", timeout: 90 }],
        });
    });
});

describe("The hook scripts", () => {
    for (const name of readdirSync("app-scripts/scripts").filter(each => !["common.sh", "images.sh"].includes(each))) {
        it(`${name} starts as the agent needs it to`, () => {
            assert.match(text(`scripts/${name}`), /^#!\/bin\/bash\n(#.*\n)+set -euo pipefail\ncd "\$\(dirname "\$0"\)\/\.\."\n/);
            assert.doesNotMatch(text(`scripts/${name}`), /\r/);
            assert.notEqual(statSync(`app-scripts/scripts/${name}`).mode & 0o100, 0, "has no execute bit");
        });
    }
});

interface Compose {
    readonly services: Readonly<Record<string, Record<string, unknown>>>;
}

describe("The compose files", () => {
    for (const stage of ["dev", "stg", "prod"]) {
        it(`${stage}: one container of the release's image, restarted always, its logs bounded`, () => {
            const compose = parse(text(`docker-compose.${stage}.yml`)) as Compose;
            assert.deepEqual(Object.keys(compose), ["services"], "a version key would make 1.29 and the plugin differ");
            const { logging, ...app } = compose.services["app"] ?? {};
            assert.deepEqual(app, {
                image: "${IMAGE}",
                container_name: "${GAPLESS_CONTAINER}",
                restart: "always",
                init: true,
                stop_grace_period: "${STOP_GRACE_SECONDS}s",
                network_mode: "${GAPLESS_NETWORK}",
                ports: ["${GAPLESS_PUBLISH}:${CONTAINER_PORT}"],
                environment: { VERSION: "${VERSION}", INSTANCE_ID: "${GAPLESS_INSTANCE_ID}" },
            });
            const { driver, options } = logging as { driver: string; options: Record<string, string> };
            assert.equal(driver, "json-file");
            assert.deepEqual(Object.keys(options), ["max-size", "max-file"]);
        });
    }

    it("differ between stages only in how many logs they keep", () => {
        const [dev, stg, prod] = ["dev", "stg", "prod"].map(stage => text(`docker-compose.${stage}.yml`));
        assert.equal(stg, prod);
        assert.equal(dev?.replace("max-size: 10m", "max-size: 50m").replace('max-file: "3"', 'max-file: "5"'), prod);
    });
});
