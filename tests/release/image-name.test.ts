import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { familiarName } from "../../release/image-name";

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
