import assert from "node:assert/strict";
import { commitOfBuild, who } from "../../release/identity";

const commit = "0123456789abcdef0123456789abcdef01234567";

describe("identity", () => {
    for (const [env, expected] of [
        [{ CODEBUILD_BUILD_ID: "web-build:1", GITHUB_RUN_ID: "9" }, "web-build:1"],
        [{ GITHUB_ACTOR: "ann", GITHUB_RUN_ID: "9", BUILD_TAG: "j" }, "ann (run 9)"],
        [{ GITHUB_RUN_ID: "9" }, "github (run 9)"],
        [{ GITHUB_ACTOR: "ann", BUILD_TAG: "jenkins-web-4" }, "jenkins-web-4"],
        [{ CODEBUILD_BUILD_ID: "", BUILD_TAG: "" }, "ann@desk"],
        [{}, "ann@desk"],
    ] as const) {
        it(`is ${expected} with ${JSON.stringify(env)}`, () => { assert.equal(who(env, "ann", "desk"), expected); });
    }

    for (const [env, expected] of [
        [{ GITHUB_SHA: commit }, commit],
        [{ CODEBUILD_RESOLVED_SOURCE_VERSION: commit }, commit],
        [{ GIT_COMMIT: commit }, commit],
        [{ CODEBUILD_RESOLVED_SOURCE_VERSION: "arn:aws:s3:::bucket/releases/current.zip" }, undefined],
        [{ CODEBUILD_RESOLVED_SOURCE_VERSION: "x.9Zk", GIT_COMMIT: commit }, commit],
        [{}, undefined],
    ] as const) {
        it(`works at commit ${expected ?? "unknown"} with ${JSON.stringify(env)}`, () => { assert.equal(commitOfBuild(env), expected); });
    }
});
