import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { prePullSeconds } from "../../release/rollout";
import { ReleaseHost, allowedSeconds } from "./release-host";

describe("pre-pull", () => {
    const bundle = { BUNDLE_BUCKET: "artifacts", BUNDLE_KEY: "releases/current.zip", BUNDLE_VERSION: "v7" };
    const coming = `registry.test/app@sha256:${"b".repeat(64)}`;

    it("pulls the image that the coming bundle names, in the time that it may take", () => {
        using host = new ReleaseHost();
        host.stub("aws", 'touch "${@: -1}"');
        host.stub("unzip", `echo IMAGE=${coming}`);
        const { code, calls } = host.hook("pre-pull", bundle);
        assert.equal(code, 0);
        assert.match(
            calls.find(call => call.startsWith("aws")) ?? "",
            /^aws s3api get-object --bucket artifacts --key releases\/current\.zip --version-id v7 \/\S+\/bundle\.zip$/,
        );
        assert.ok(calls.includes(`docker pull --quiet ${coming}`));
        assert.ok(allowedSeconds(calls) > 0 && allowedSeconds(calls) <= prePullSeconds);
    });

    it("leaves the last of the disk to the service that still runs", () => {
        using host = new ReleaseHost();
        host.stub("aws", 'touch "${@: -1}"');
        host.stub("unzip", `echo IMAGE=${coming}`);
        host.stub("df", "printf 'Filesystem 1024-blocks Used Available Capacity Mounted\\n/dev/x 1 1 102400 1%% /\\n'");
        host.docker({ info: 'echo "$HOST"' });
        const { code, calls, lastLine } = host.hook("pre-pull", bundle);
        assert.deepEqual([code, lastLine], [0, `Not pulled ahead: the disk is too full, 100 MiB free, 512 MiB needed in ${host.folder}.`]);
        assert.ok(!calls.some(call => call.startsWith("docker pull")));
    });

    it("asks for no version of a bundle in an unversioned bucket, and uses the AWS CLI it is told to", () => {
        using host = new ReleaseHost();
        host.stub("other-aws", "exit 1");
        const { calls } = host.hook("pre-pull", { ...bundle, BUNDLE_VERSION: "", GAPLESS_AWS_CLI: "other-aws" });
        assert.match(calls.at(-1) ?? "", /^other-aws s3api get-object --bucket artifacts --key releases\/current\.zip \/\S+$/);
    });

    const troubles: { trouble: string; arrange: (host: ReleaseHost) => void; env: Record<string, string>; says: string }[] = [
        { trouble: "there is no S3 bundle", arrange: () => undefined, env: {}, says: "the deployment names no bundle in S3." },
        { trouble: "S3 refuses", arrange: host => { host.stub("aws", "exit 255"); }, env: bundle, says: "s3://artifacts/releases/current.zip cannot be read." },
        { trouble: "the bundle is no zip", arrange: host => { host.stub("aws", 'touch "${@: -1}"'); host.stub("unzip", "exit 9"); }, env: bundle, says: "the bundle has no release.env." },
        { trouble: "the bundle names no image", arrange: host => { host.stub("aws", 'touch "${@: -1}"'); host.stub("unzip", "echo VERSION=1"); }, env: bundle, says: "the bundle's release.env names no image." },
        { trouble: "the registry is away", arrange: host => { host.stub("aws", 'touch "${@: -1}"'); host.stub("unzip", `echo IMAGE=${coming}`); host.docker({ pull: "exit 1" }); }, env: bundle, says: `${coming} did not come in time.` },
    ];
    for (const { trouble, arrange, env, says } of troubles) {
        it(`fails no deployment when ${trouble}`, () => {
            using host = new ReleaseHost();
            arrange(host);
            const { code, lastLine } = host.hook("pre-pull", env);
            assert.deepEqual([code, lastLine], [0, `Not pulled ahead: ${says}`]);
        });
    }

    it("fails no deployment when it cannot even begin", () => {
        using host = new ReleaseHost();
        const { code, calls } = host.hook("pre-pull", { ...bundle, TMPDIR: "/nowhere" });
        assert.deepEqual([code, calls], [0, []]);
    });

    it("leaves no file behind", () => {
        using host = new ReleaseHost();
        host.write("tmp/keep", "");
        host.stub("aws", "exit 255");
        host.hook("pre-pull", { ...bundle, TMPDIR: join(host.folder, "tmp") });
        assert.deepEqual(readdirSync(join(host.folder, "tmp")), ["keep"]);
    });
});
