import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { BundleStore } from "../../../rehearsal/release/bundle-store";
import { zipRelease, type Release } from "../../../release/bundle";

const awsCli = join(import.meta.dirname, "../../../rehearsal/release/aws-s3-stand-in.sh");
const release: Release = {
    version: "0123456789ab", image: "repo@sha256:0", files: [{ path: "release.env", mode: 0o644, content: Buffer.from("VERSION=0123456789ab\n") }],
};

describe("bucket of the rehearsal", () => {
    let folder: string;
    let store: BundleStore;
    const aws = (...args: string[]) =>
        execa(awsCli, args, { reject: false, env: { GAPLESS_S3_FOLDER: store.folder }, cwd: folder });

    before(async () => {
        folder = await mkdtemp(join(tmpdir(), "bucket-"));
        store = new BundleStore(join(folder, "s3"));
    });
    after(() => rm(folder, { recursive: true }));

    it("keeps a release under the key it has on AWS", async () => {
        const bundle = await store.put(release);
        assert.equal(bundle.key, "releases/0123456789ab.zip");
        assert.deepEqual(Buffer.from(await store.fetch(bundle)), Buffer.from(zipRelease(release)));
    });

    it("knows the bundle of a version that it stored, and of no other", async () => {
        const bundle = await store.put(release);
        assert.deepEqual(store.bundleOf("0123456789ab"), bundle);
        assert.throws(() => store.bundleOf("ba9876543210"), /asks for release ba9876543210, which was not stored/);
    });

    it("gives hook scripts an object as `aws s3api get-object` does", async () => {
        const { bucket, key } = await store.put(release);
        const { exitCode } = await aws("s3api", "get-object", "--bucket", bucket, "--key", key, "--version-id", "7", "out.zip");
        assert.equal(exitCode, 0);
        assert.deepEqual(await readFile(join(folder, "out.zip")), Buffer.from(zipRelease(release)));
    });

    it("fails for an object that is not there", async () => {
        assert.notEqual((await aws("s3api", "get-object", "--bucket", "b", "--key", "k", "none.zip")).exitCode, 0);
    });

    it("refuses what it does not imitate, instead of doing nothing", async () => {
        const { exitCode, stderr } = await aws("s3", "cp", "s3://b/k", "out");
        assert.equal(exitCode, 252);
        assert.match(stderr, /only s3api get-object/);
    });
});
