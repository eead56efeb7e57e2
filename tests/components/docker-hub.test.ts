import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { parseCredentials } from "../../components/docker-hub";

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
