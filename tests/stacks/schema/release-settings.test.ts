import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { findingsOn, sample } from "../findings";

describe("the ARN of Docker Hub's secret", () => {
    const keysOf = (end: string) => {
        const dockerHubSecretArn = `arn:aws:secretsmanager:eu-central-1:111122223333:secret:${end}`;
        return findingsOn({ given: { registry: "dockerHub", dockerHubRepository: "acme/shop", dockerHubSecretArn } });
    };

    for (const end of ["docker-hub-AbCdEf", "ci/docker_hub-a1B2c3", "hub@2-000000"]) {
        it(`is taken whole, as in ${end}`, () => { assert.deepEqual(keysOf(end), []); });
    }

    // IAM compares the whole ARN: without its end, hosts and builds would be denied the secret.
    for (const end of ["docker-hub", "docker-hub-AbCd_f", "docker-hub-AbCdEf*", "docker-hub-??????", "AbCdEf", "docker-hub-AbCdEfg"]) {
        it(`is refused as ${end}`, () => {
            assert.deepEqual(keysOf(end).map(({ key, rule, fix }) => [key, rule, fix]), [[
                "gapless:dockerHubSecretArn",
                "must be the ARN of a secret of Secrets Manager, whole, with the hyphen and six characters at its end",
                `in Pulumi.dev.yaml write such as gapless:dockerHubSecretArn: "${sample.dockerHubSecretArn}"`,
            ]]);
        });
    }
});
