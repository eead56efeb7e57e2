import assert from "node:assert/strict";
import { releaseMetadata, versionIn } from "../../release/release-metadata";

describe("metadata of a release", () => {
    it("says who built what of which commit, in ASCII without quotes and backslashes", () => {
        assert.deepEqual(releaseMetadata({ version: "0123456789ab", commit: "c0ffee", title: "Größe \"L\" \\ 💡 ok", builder: "müller@desk" }), {
            commit: "c0ffee",
            builder: "m?ller@desk",
            "codepipeline-artifact-revision-summary": "Gr??e ?L? ? ? ok - release 0123456789ab of commit c0ffee, built by m?ller@desk",
        });
    });

    it("says that the commit is unknown where there is no repository", () => {
        assert.deepEqual(releaseMetadata({ version: "0123456789ab", commit: undefined, title: undefined, builder: "ann@desk" }), {
            commit: "unknown", builder: "ann@desk",
            "codepipeline-artifact-revision-summary": "release 0123456789ab of commit unknown, built by ann@desk",
        });
    });

    it("cuts a long title", () => {
        const { "codepipeline-artifact-revision-summary": summary } = releaseMetadata({ version: "0123456789ab", commit: "c", title: "x".repeat(300), builder: "b" });
        assert.equal(summary, `${"x".repeat(200)} - release 0123456789ab of commit c, built by b`);
    });

    it("is read again for the release's version", () => {
        assert.equal(versionIn("Fix it - release 0123456789ab of commit c, built by b"), "0123456789ab");
        assert.equal(versionIn("release notes of 0123456789ab"), undefined);
        assert.equal(versionIn("release 0123456789abc"), undefined);
        assert.equal(versionIn(undefined), undefined);
    });
});
