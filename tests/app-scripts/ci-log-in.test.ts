import assert from "node:assert/strict";
import { callsOf, CiHost, repository } from "./ci-host";

const account = { DOCKER_HUB_USERNAME: "acme", DOCKER_HUB_PASSWORD: "hub-secret" };

describe("log-in of CI", () => {
    /** An agent whose Docker keeps the passwords it was given. */
    function agent(): CiHost {
        const host = new CiHost();
        host.answer("aws", { "ecr get-login-password": "echo ecr-secret" });
        host.answer("docker", { login: 'cat >>"$HOST/passwords"' });
        return host;
    }

    it("hands ECR's password to Docker without a trace of it", () => {
        using host = agent();
        const run = host.script("log-in");
        assert.equal(run.code, 0, run.output);
        assert.deepEqual([...run.calls].sort(), [
            "aws ecr get-login-password --region eu-central-1",
            "docker login --username AWS --password-stdin 111122223333.dkr.ecr.eu-central-1.amazonaws.com",
        ]);
        assert.equal(host.read("passwords").trim(), "ecr-secret");
        assert.doesNotMatch([...run.calls, run.output, run.result].join("\n"), /secret/);
    });

    it("also logs in to Docker Hub, for pulls, when there is an account", () => {
        using host = agent();
        const run = host.script("log-in", [], account);
        assert.equal(callsOf(run, "docker login").at(-1), "docker login --username acme --password-stdin");
        assert.match(host.read("passwords"), /hub-secret$/);
        assert.doesNotMatch([...run.calls, run.output, run.result].join("\n"), /secret/);
    });

    it("needs no AWS for a repository at Docker Hub", () => {
        using host = agent();
        const run = host.script("log-in", [], { GAPLESS_REPOSITORY: "docker.io/acme/shop", ...account });
        assert.deepEqual([run.code, run.calls], [0, ["docker login --username acme --password-stdin"]], run.output);
    });

    it("fails for a repository at Docker Hub without an account", () => {
        using host = agent();
        const { code, output } = host.script("log-in", [], { GAPLESS_REPOSITORY: "docker.io/acme/shop", DOCKER_HUB_USERNAME: "acme" });
        assert.deepEqual([code, output], [1, "A push to docker.io/acme/shop needs DOCKER_HUB_USERNAME and DOCKER_HUB_PASSWORD."]);
    });

    for (const [who, answers] of [["AWS", { aws: "exit 254" }], ["Docker", { docker: "exit 1" }]] as const) {
        it(`fails when ${who} refuses`, () => {
            using host = agent();
            for (const [command, body] of Object.entries(answers)) host.stub(command, body);
            assert.notEqual(host.script("log-in").code, 0);
        });
    }

    it("takes the repository from the stack's outputs when the environment does not name it", () => {
        using host = agent();
        const outputs = host.write("outputs.json", JSON.stringify({ repository }));
        const run = host.script("log-in", [], { GAPLESS_REPOSITORY: "", GAPLESS_OUTPUTS: outputs });
        assert.equal(run.code, 0, run.output);
        assert.match(callsOf(run, "docker login").join(), /eu-central-1\.amazonaws\.com$/);
    });

    for (const outputs of [undefined, "{}"]) {
        it(`says where a setting comes from that ${outputs === undefined ? "nobody gives" : "the outputs lack"}`, () => {
            using host = agent();
            const env = outputs === undefined ? {} : { GAPLESS_OUTPUTS: host.write("outputs.json", outputs) };
            const { code, output } = host.script("log-in", [], { GAPLESS_REPOSITORY: "", ...env });
            assert.deepEqual([code, output], [1, "GAPLESS_REPOSITORY is not set. It is the stack's output repository: pulumi stack output repository"]);
        });
    }
});
