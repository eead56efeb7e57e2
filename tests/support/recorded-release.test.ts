import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { readRelease } from "./recorded-release";
import { makeRelease, readReleaseScripts, type ReleaseInputs, zipRelease } from "../../release/bundle";
import { zipSync, strToU8 } from "fflate";

const base64 = (zip: Uint8Array) => Buffer.from(zip).toString("base64");

describe("a recorded release", () => {
    it("gives back exactly what it was made of", () => {
        const inputs: ReleaseInputs = {
            image: `registry.example.com:5000/shop@sha256:${"0".repeat(64)}`,
            containerPort: 3000, healthPath: "/up", probePath: "/shop?x=1", healthTimeoutSeconds: 4, stopGraceSeconds: 45,
            environment: { PLAIN: "1", EMPTY: "", SPACES: "a b = c", QUOTES: `'say' "hi" $HOME #1`, SINGLE: "'x'" },
        };
        const release = makeRelease(readReleaseScripts("app-scripts"), inputs);
        assert.deepEqual(readRelease(base64(zipRelease(release))), { version: release.version, inputs });
    });

    it("names what is missing in something else", () => {
        assert.throws(() => readRelease(base64(zipSync({ "x.txt": strToU8("x") }))), /the release holds no release\.env/);
        assert.throws(
            () => readRelease(base64(zipSync({ "release.env": strToU8("IMAGE=x\n"), "app.env": strToU8("") }))),
            /the release holds no VERSION in release\.env/,
        );
    });
});
