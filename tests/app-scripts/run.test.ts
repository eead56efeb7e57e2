import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { makeRelease, readReleaseScripts } from "../../release/bundle";
import { hostPort } from "../../release/rollout";
import { ReleaseHost, archive, envFile, image, values } from "./release-host";

/** What run.sh hands to compose for the container. */
function environmentOf(host: ReleaseHost): readonly string[] {
    const { services } = JSON.parse(host.read(`${archive}/environment.json`)) as { services: { app: { environment: string[] } } };
    return services.app.environment;
}

describe("run", () => {
    const running = { "container inspect": "echo running" };

    it("starts the compose file of its stage, by the plugin", () => {
        using host = new ReleaseHost();
        host.docker(running);
        for (const [group, file] of [["prod", "prod"], ["prod-blue", "prod"], ["dev", "dev"]] as const) {
            const { code, calls } = host.hook("run", { DEPLOYMENT_GROUP_NAME: group });
            assert.equal(code, 0);
            assert.ok(calls.includes(`docker compose -f environment.json -f docker-compose.${file}.yml up --detach`), group);
        }
    });

    it("falls back to docker-compose where there is no plugin", () => {
        using host = new ReleaseHost();
        host.docker({ ...running, "compose version": "exit 1" });
        host.stub("docker-compose", "");
        const { code, calls } = host.hook("run");
        assert.equal(code, 0);
        assert.ok(calls.includes("docker-compose -f environment.json -f docker-compose.prod.yml up --detach"));
    });

    it("gives compose every variable of its file, with the values of an EC2 instance by default", () => {
        using host = new ReleaseHost();
        host.docker({ ...running, "compose -f": 'env >"$HOST/env"' });
        host.hook("run", { DEPLOYMENT_GROUP_NAME: "prod" });
        const env = host.read("env").split("\n");
        for (const file of ["dev", "stg", "prod"]) {
            for (const [, name = ""] of readFileSync(`app-scripts/docker-compose.${file}.yml`, "utf8").matchAll(/\$\{(\w+)/g)) {
                assert.ok(env.some(line => line.startsWith(`${name}=`)), `${name} of ${file}`);
            }
        }
        for (const line of ["GAPLESS_CONTAINER=app", "COMPOSE_PROJECT_NAME=app", "GAPLESS_NETWORK=bridge", "GAPLESS_PUBLISH=8080", "DOCKER_CONFIG=/root/.docker", `IMAGE=${image}`]) {
            assert.ok(env.includes(line), line);
        }
    });

    it("publishes at the host port that the load balancer asks, whatever port the container has", () => {
        using host = new ReleaseHost();
        host.docker({ ...running, "compose -f": 'env >"$HOST/env"' });
        host.write(`${archive}/release.env`, envFile({ ...values, CONTAINER_PORT: "3000" }));
        host.hook("run");
        assert.match(host.read("env"), new RegExp(`^GAPLESS_PUBLISH=${hostPort}$`, "m"));
    });

    it("gives compose the very values that the release was made of", () => {
        using host = new ReleaseHost();
        host.docker(running);
        const environment = { SPACED: " a b ", JSON: '{"a": [1, "b c"]}', QUOTED: "'it''s'", EMPTY: "", HARD: "\\n ${HOME} $$ #c", TAB: "a\tb", UNI: "ü" };
        const inputs = { image, containerPort: 8080, healthPath: "/health", probePath: "/", healthTimeoutSeconds: 3, stopGraceSeconds: 30, environment };
        for (const { path, content } of makeRelease(readReleaseScripts("app-scripts"), inputs).files) {
            host.write(`${archive}/${path}`, new TextDecoder().decode(content));
        }
        const { code, output } = host.hook("run");
        assert.equal(code, 0, output);
        const given = environmentOf(host).map(line => line.replaceAll("$$", "$").split(/=(.*)/s, 2));
        assert.deepEqual(Object.fromEntries(given), { PORT: "8080", HEALTH_PATH: "/health", ...environment });
    });

    it("tells the service its port and health path, and lets its own environment say otherwise", () => {
        using host = new ReleaseHost();
        host.docker(running);
        host.write(`${archive}/release.env`, envFile({ ...values, CONTAINER_PORT: "9090", HEALTH_PATH: "/up" }));
        for (const [own, given] of [
            ["", ["PORT=9090", "HEALTH_PATH=/up"]],
            ["EXPORT=1\nPORT=3000\n", ["HEALTH_PATH=/up", "EXPORT=1", "PORT=3000"]],
            ["HEALTH_PATH=/mine\n", ["PORT=9090", "HEALTH_PATH=/mine"]],
        ] as const) {
            host.write(`${archive}/app.env`, own);
            host.hook("run");
            assert.deepEqual(environmentOf(host), given);
        }
    });

    it("hands app.env to compose literally, and to nobody else", () => {
        using host = new ReleaseHost();
        host.docker(running);
        const lines = ["PLAIN=a b", "DOLLAR=a$b ${HOME} $$", "HASH=a #b", `QUOTES="a" 'b'`, "BACK=a\\b\\\\c", "TAB=a\tb", "EMPTY=", "UNI=ü"];
        host.write(`${archive}/app.env`, `${lines.join("\n")}\n`);
        host.hook("run");
        assert.deepEqual(environmentOf(host).slice(2), lines.map(line => line.replaceAll("$", "$$$$")));
    });

    it("sends the service's lines to the log group that the boot script names, last among the compose files", () => {
        using host = new ReleaseHost();
        host.docker(running);
        const { code, calls } = host.hook("run", { GAPLESS_LOG_GROUP: "web-logs", AWS_REGION: "eu-central-1", GAPLESS_INSTANCE_ID: "i-0a1b" });
        assert.equal(code, 0);
        assert.ok(calls.includes("docker compose -f environment.json -f docker-compose.prod.yml -f logging.json up --detach"), calls.join("\n"));
        const { services } = JSON.parse(host.read(`${archive}/logging.json`)) as { services: { app: { logging: object } } };
        assert.deepEqual(services.app.logging, {
            driver: "awslogs",
            options: {
                "awslogs-group": "web-logs", "awslogs-region": "eu-central-1", "awslogs-stream": "i-0a1b/0123456789ab",
                mode: "non-blocking", "max-buffer-size": "4m",
            },
        });
    });

    it("names a deployment group that has no compose file", () => {
        using host = new ReleaseHost();
        const { code, lastLine } = host.hook("run", { DEPLOYMENT_GROUP_NAME: "test-1" });
        assert.deepEqual([code, lastLine], [1, "Deployment group 'test-1' has no compose file docker-compose.test.yml in the release."]);
    });

    it("fails with the container's last words when it does not run", () => {
        using host = new ReleaseHost();
        host.docker({ "container inspect": "echo restarting", logs: "echo no database" });
        const { code, output } = host.hook("run");
        assert.equal(code, 1);
        assert.deepEqual(output.split("\n").slice(-2), ["no database", "The container app is restarting right after its start."]);
    });

    it("fails when compose does", () => {
        using host = new ReleaseHost();
        host.docker({ "compose -f": "exit 1" });
        const { code, lastLine } = host.hook("run");
        assert.deepEqual([code, lastLine], [1, `compose cannot start app from ${image}.`]);
    });
});
