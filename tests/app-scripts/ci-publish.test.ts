import assert from "node:assert/strict";
import { callsOf, CiHost, commit, image, releaseVersion } from "./ci-host";

const key = `releases/${releaseVersion}.zip`;
const put = (of: string) => `s3api put-object --bucket releases-bucket --key ${of}`;
const there = 'echo "An error occurred (PreconditionFailed) when calling the PutObject operation" >&2; exit 254';
/** S3 that has neither object. */
const empty = { [put(key)]: "printf 'v1\\t\"etag-1\"\\n'", [put("releases/current.zip")]: "printf 'v2\\t\"etag-2\"\\n'" };

function agent(aws: Readonly<Record<string, string>> = {}): CiHost {
    const host = new CiHost();
    host.answer("aws", { ...empty, ...aws });
    return host;
}

const publish = (host: CiHost, env: Record<string, string> = {}) => host.script("publish", ["prod", image], env);

describe("publishing by CI", () => {
    it("stores the release for good, then hands it to the pipeline, and prints what the pipeline will name as its source", () => {
        using host = agent();
        const run = publish(host);
        assert.deepEqual([run.code, run.result], [0, "v2\n"], run.output);
        const [bundle = "", ...calls] = [...callsOf(run, "gapless"), ...callsOf(run, "aws")];
        assert.match(bundle, new RegExp(`^gapless bundle prod --image ${image} --zip \\S+/release.zip$`));
        assert.deepEqual(calls.map(call => / --key (\S+) .*?( --if-none-match \*)?( --query|$)/.exec(call)?.slice(1, 3)), [
            [key, " --if-none-match *"],
            ["releases/current.zip", undefined],
        ]);
    });

    it("tells commit, builder and the commit's title in both objects, and the approver in the pipeline's summary", () => {
        using host = agent();
        host.stub("git", `printf '%s\\n' 'Say "hü" \\n louder'`);
        const run = publish(host, { BUILD_TAG: 'jenkins-"web"-7' });
        for (const call of callsOf(run, "aws s3api put-object")) {
            const metadata = JSON.parse(/--metadata (\{.*?\})/.exec(call)?.[1] ?? "") as Record<string, string>;
            assert.deepEqual(metadata, {
                commit, builder: "jenkins-?web?-7",
                "codepipeline-artifact-revision-summary":
                    `Say ?h??? ?n louder - release ${releaseVersion} of commit ${commit}, built by jenkins-?web?-7`,
            });
        }
        assert.equal(callsOf(run, "aws s3api put-object").length, 2);
    });

    it("leaves the title out where there is no repository", () => {
        using host = agent();
        host.stub("git", "exit 128");
        assert.match(callsOf(publish(host), "aws")[0] ?? "", /summary":"release 0123456789ab of commit/);
    });

    it("names CodeBuild's build and its commit", () => {
        using host = agent();
        const run = publish(host, { CODEBUILD_BUILD_ID: "web:1-2", CODEBUILD_RESOLVED_SOURCE_VERSION: "a".repeat(40), BUILD_TAG: "", GIT_COMMIT: "" });
        assert.match(callsOf(run, "aws")[0] ?? "", /"commit":"a{40}","builder":"web:1-2"/);
    });

    it("is content with a release that is stored already, since its key is a hash of its content", () => {
        using host = agent({ [put(key)]: there, "s3api head-object": "printf 'v0\\t\"etag-0\"\\n'" });
        const run = publish(host);
        assert.deepEqual([run.code, run.result], [0, "v2\n"], run.output);
        assert.match(run.output, new RegExp(`^Already stored: s3://releases-bucket/${key}$`, "m"));
    });

    const conflict = 'echo "An error occurred (ConditionalRequestConflict) when calling the PutObject operation" >&2; exit 254';

    it("tries again while another build stores the same release", () => {
        using host = agent({ [put(key)]: `n=$(cat "$HOST/tries" 2>/dev/null || echo 0); echo $((n + 1)) >"$HOST/tries"; [ $n -lt 3 ] && { ${conflict}; }; ${there}`, "s3api head-object": "printf 'v0\\t\"etag-0\"\\n'" });
        const run = publish(host);
        assert.deepEqual([run.code, run.result], [0, "v2\n"], run.output);
        assert.equal(callsOf(run, `aws ${put(key)}`).length, 4);
        assert.match(run.output, /^Already stored/m);
    });

    it("does not try for ever", () => {
        using host = agent({ [put(key)]: conflict });
        const run = publish(host);
        assert.deepEqual([run.code, run.result], [1, ""]);
        assert.equal(callsOf(run, "aws").length, 10);
        assert.match(run.output, /^Cannot store .*ConditionalRequestConflict/);
    });

    it("names the AWS CLI that it takes when this one is older", () => {
        using host = agent({ [put(key)]: "echo 'Unknown options: --if-none-match, *' >&2; exit 252", "--version": "echo aws-cli/2.17.0 Python/3.11" });
        assert.match(publish(host).output, /^aws-cli\/2\.17\.0 Python\/3\.11 is too old: this takes the AWS CLI 2\.17\.34 or newer\.\nCannot store/);
    });

    for (const [what, aws, reason] of [
        ["the release cannot be stored", { [put(key)]: "echo AccessDenied >&2; exit 254" }, new RegExp(`^Cannot store s3://releases-bucket/${key}: AccessDenied$`)],
        ["it cannot be handed over", { [put("releases/current.zip")]: "echo SlowDown >&2; exit 254" }, /^Cannot store releases\/current.zip: SlowDown$/m],
        ["the bucket keeps no versions", { [put(key)]: "printf 'None\\tx\\n'" }, /The bucket releases-bucket keeps no versions/],
        ["it is stored but cannot be read", { [put(key)]: there, "s3api head-object": "echo Forbidden >&2; exit 254" }, /Forbidden/],
    ] as const) {
        it(`fails, and prints nothing, when ${what}`, () => {
            using host = agent(aws);
            const run = publish(host);
            assert.notEqual(run.code, 0);
            assert.equal(run.result, "");
            assert.match(run.output, reason);
            if (!what.includes("handed")) assert.doesNotMatch(run.calls.join("\n"), /current\.zip/);
        });
    }

    it("stores nothing without a release", () => {
        using host = agent();
        host.gapless({ bundle: "echo the settings are wrong >&2; exit 2" });
        const run = publish(host);
        assert.deepEqual([run.code, run.result, callsOf(run, "aws")], [2, "", []]);
        assert.match(run.output, /the settings are wrong/);
    });

    it("wants a stack and an image", () => {
        using host = agent();
        assert.match(host.script("publish", ["prod"]).output, /Usage: publish.sh STACK IMAGE/);
    });
});
