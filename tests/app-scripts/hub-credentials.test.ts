import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { join } from "node:path";
import type { Run } from "./host";
import { Instance, settings } from "./instance";

const secret = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:hub-AbCdEf";
const dockerHub = "https://index.docker.io/v1/";
const helper = "usr/local/bin/docker-credential-gapless";

describe("Docker Hub's credentials on an instance", () => {
    it("come from a helper that Docker asks at each pull, beside ECR's", () => {
        using instance = booted();
        assert.deepEqual(JSON.parse(instance.read("root/.docker/config.json")), {
            credHelpers: { [settings.GAPLESS_REGISTRY]: "ecr-login", [dockerHub]: "gapless" },
        });
        assert.equal(statSync(join(instance.folder, helper)).mode & 0o777, 0o755);
    });

    it("need no ECR registry", () => {
        using instance = new Instance();
        instance.boot({ GAPLESS_DOCKER_HUB_SECRET: secret, GAPLESS_REGISTRY: "docker.io" });
        assert.deepEqual(JSON.parse(instance.read("root/.docker/config.json")), { credHelpers: { [dockerHub]: "gapless" } });
    });

    it("are left out without a secret", () => {
        using instance = new Instance();
        instance.boot();
        assert.equal(instance.has(helper), false);
        assert.deepEqual(JSON.parse(instance.read("root/.docker/config.json")), { credHelpers: { [settings.GAPLESS_REGISTRY]: "ecr-login" } });
    });

    it("are what the secret holds, asked for in its own region", () => {
        using instance = booted();
        const password = `"it's" $HOME \\n ü`;
        const run = ask(instance, "get", `${dockerHub}\n`, JSON.stringify({ username: "acme", password }));
        assert.equal(run.code, 0, run.output);
        assert.deepEqual(JSON.parse(run.output), { ServerURL: dockerHub, Username: "acme", Secret: password });
        assert.deepEqual(run.calls, [`aws secretsmanager get-secret-value --region eu-west-1 --secret-id ${secret} --query SecretString --output text`]);
    });

    it("follow the secret from one pull to the next, and lie nowhere on the disk", () => {
        using instance = booted();
        for (const password of ["first-value", "second-value"]) {
            const { output } = ask(instance, "get", dockerHub, JSON.stringify({ username: "acme", password }));
            assert.equal((JSON.parse(output) as { Secret: string }).Secret, password);
        }
        // Its log replaces that of the last answer.
        const { code } = instance.run(["/bin/grep", "-rqE", "first-value|second-value", instance.folder]);
        assert.equal(code, 1, "grep found the password");
    });

    const failures: { trouble: string; aws?: string; holds?: string; says: string }[] = [
        { trouble: "AWS refuses", aws: "exit 254", says: `Cannot read ${secret}.` },
        { trouble: "the secret is no JSON", holds: "acme:word", says: `${secret} is not JSON with username and password.` },
        { trouble: "the secret lacks the password", holds: '{"username":"acme"}', says: `${secret} is not JSON with username and password.` },
    ];
    for (const { trouble, aws, holds, says } of failures) {
        it(`are refused with one line when ${trouble}`, () => {
            using instance = booted();
            if (aws !== undefined) instance.stub("aws", aws);
            assert.deepEqual(answer(ask(instance, "get", dockerHub, holds)), [1, says]);
        });
    }

    it("are neither listed nor stored", () => {
        using instance = booted();
        assert.deepEqual(answer(ask(instance, "list")), [0, "{}"]);
        for (const verb of ["store", "erase"]) assert.deepEqual(answer(ask(instance, verb, "{}")), [1, "No credentials are kept here."]);
    });
});

function booted(): Instance {
    const instance = new Instance();
    assert.equal(instance.boot({ GAPLESS_DOCKER_HUB_SECRET: secret }).code, 0);
    instance.stub("aws", "printf '%s\\n' \"$SECRET\"");
    return instance;
}

/** Asks the helper; what the secret holds comes from the environment, so that the host's folder does not hold it, too. */
function ask(instance: Instance, verb: string, input = "", holds = ""): Run {
    return instance.run([join(instance.folder, helper), verb], { SECRET: holds }, input);
}

const answer = ({ code, output }: Run) => [code, output];
