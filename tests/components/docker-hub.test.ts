import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { parseCredentials } from "../../components/docker-hub";
import { familiarName } from "../../components/image-reference";

const secretArn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:docker-hub-AbCdEf";

describe("parseCredentials", () => {
    it("takes an account, whatever else the secret holds", () => {
        assert.deepEqual(parseCredentials('{"username": "acme", "password": "s3cret", "email": "a@example.com"}', secretArn), {
            username: "acme", password: "s3cret",
        });
    });

    for (const text of ["", "s3cret", "null", "[]", '"s3cret"', '{"username": "acme"}', '{"username": "", "password": "s3cret"}', '{"username": "acme", "password": 53}']) {
        it(`refuses '${text}' and tells nothing of it`, () => {
            assert.throws(() => parseCredentials(text, secretArn), (error: Error) => {
                assert.ok(error instanceof pulumi.RunError);
                assert.equal(error.message, `The secret ${secretArn} must be JSON with username and password, {"username": "…", "password": "…"}`);
                assert.equal(error.cause, undefined);
                return true;
            });
        });
    }
});

describe("familiarName", () => {
    const names: readonly [reference: string, familiar: string][] = [
        ["docker.io/acme/shop@sha256:00", "acme/shop@sha256:00"],
        ["index.docker.io/acme/shop@sha256:00", "acme/shop@sha256:00"],
        ["docker.io/library/nginx@sha256:00", "nginx@sha256:00"],
        ["acme/shop@sha256:00", "acme/shop@sha256:00"],
        ["111122223333.dkr.ecr.eu-central-1.amazonaws.com/docker.io/shop@sha256:00", "111122223333.dkr.ecr.eu-central-1.amazonaws.com/docker.io/shop@sha256:00"],
        ["docker.io.example.com/acme/shop@sha256:00", "docker.io.example.com/acme/shop@sha256:00"],
    ];
    for (const [reference, familiar] of names) {
        it(`knows ${reference} as ${familiar}`, () => { assert.equal(familiarName(reference), familiar); });
    }
});
