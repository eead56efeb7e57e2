import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { makeRelease, readReleaseScripts } from "../../release/bundle";
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

    it("makes one release of an image, by whichever name it is given", () => {
        const image = `acme/shop@sha256:${"a1".repeat(32)}`;
        const inputs = { containerPort: 8080, healthPath: "/health", probePath: "/", healthTimeoutSeconds: 3, stopGraceSeconds: 30, environment: {} };
        const [short, long] = [image, `docker.io/${image}`].map(image => makeRelease(readReleaseScripts("app-scripts"), { ...inputs, image }));
        assert.deepEqual(long, short);
        const release = short?.files.find(({ path }) => path === "release.env")?.content;
        assert.match(new TextDecoder().decode(release), new RegExp(`^IMAGE=${image}$`, "m"));
    });
});
