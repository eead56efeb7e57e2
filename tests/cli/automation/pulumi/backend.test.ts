import assert from "node:assert/strict";
import { backendAt, folderOf } from "../../../../cli/automation/pulumi/backend";
import { plainMessage } from "../../../../cli/automation/engine/plain-message";

describe("backend", () => {
    for (const [url, kind] of [
        ["https://api.pulumi.com", "cloud"], ["http://127.0.0.1:8080", "cloud"], ["file:///state", "file"], ["file://~", "file"],
        ["s3://bucket/prefix?region=eu-central-1", "s3"], ["gs://bucket", "other"], ["azblob://container", "other"], ["", "other"],
    ] as const) {
        it(`at "${url}" is of kind ${kind}`, () => { assert.deepEqual(backendAt(url), { url, kind }); });
    }

    for (const [url, folder] of [
        ["file:///a/b", "/a/b"], ["file:///a%20b", "/a b"], ["file:///a?no_tmp_dir=true", "/a"], ["file://~", "/home/alice"], ["file://~/states", "/home/alice/states"], ["file://./states", "/program/states"],
    ] as const) {
        it(`at ${url} lies in ${folder}`, () => { assert.equal(folderOf(backendAt(url), "/program", "/home/alice"), folder); });
    }
});

describe("a message of the engine", () => {
    for (const [what, message, plain] of [
        ["colours", "<{%fg 1%}>error: <{%reset%}>no", "error: no"],
        ["the place in a provider's code", "sdk-v2/provider2.go:572: sdk.helper_schema: creating X: no: provider=aws@7.48.0", "creating X: no"],
        ["a bullet around a single error", "1 error occurred:\n\t* no\n\n", "no"],
        ["blank lines", "a  \n\n\nb\r\n", "a\nb"],
    ] as const) {
        it(`is told without ${what}`, () => { assert.equal(plainMessage(message), plain); });
    }

    it("keeps more than one error as a list", () => {
        assert.equal(plainMessage("2 errors occurred:\n\t* a\n\t* b\n"), "2 errors occurred:\n\t* a\n\t* b");
    });
});
