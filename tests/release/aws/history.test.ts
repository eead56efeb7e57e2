import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { nameOfRevision, versionOfRevision } from "../../../release/aws/history";

const s3Location = { bucket: "releases-1", key: "web/release/AbC", bundleType: "zip" } as const;

describe("revision of a deployment", () => {
    it("is named by its object's version, else by its ETag", () => {
        assert.equal(nameOfRevision({ revisionType: "S3", s3Location: { ...s3Location, version: "v1", eTag: "e1" } }), "s3://releases-1/web/release/AbC?versionId=v1");
        assert.equal(nameOfRevision({ revisionType: "S3", s3Location: { ...s3Location, eTag: "e1" } }), "s3://releases-1/web/release/AbC?eTag=e1");
    });

    it("has no name where a key alone says what it is: its object may have changed since", () => {
        for (const location of [s3Location, { ...s3Location, version: "" }, { version: "v1" }, undefined]) {
            assert.equal(nameOfRevision({ revisionType: "S3", ...(location && { s3Location: location }) }), undefined);
        }
        assert.equal(nameOfRevision(undefined), undefined);
    });

    it("names a release where it is the release's own object", () => {
        const own = { bucket: "releases-1", key: "releases/0123456789ab.zip" };
        assert.equal(versionOfRevision({ s3Location: own }, "releases-1"), "0123456789ab");
        assert.equal(versionOfRevision({ s3Location: own }, "releases-2"), undefined);
        assert.equal(versionOfRevision({ s3Location }, "releases-1"), undefined);
    });
});
