import assert from "node:assert/strict";
import { CreateBucketCommand, GetObjectCommand, HeadObjectCommand, ListObjectVersionsCommand, PutBucketVersioningCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { strToU8, zipSync } from "fflate";
import { JsonDocument } from "../../../release/aws/document";
import { DeliveryError } from "../../../release/aws/error";
import { findRelease, storeRelease, trigger } from "../../../release/aws/releases";
import { readTriggered } from "../../../release/aws/triggered-release";
import { emptyJournal, journal, record } from "../../../release/journal";
import { FakeClock } from "../../support/aws/fake-clock";
import { motoAccess, uniqueName } from "../../support/aws/moto";

const version = "0123456789ab";
const image = `123456789012.dkr.ecr.eu-central-1.amazonaws.com/web@sha256:${"0".repeat(64)}`;
const zip = zipSync({ "release.env": strToU8(`IMAGE=${image}\nVERSION=${version}\n`), "appspec.yml": strToU8("os: linux\n") });
const metadata = { commit: "c0ffee", builder: "ann@desk", "codepipeline-artifact-revision-summary": `release ${version} of commit c0ffee, built by ann@desk` };

async function bucketWith(versions: boolean): Promise<{ readonly s3: S3Client; readonly bucket: string }> {
    const s3 = new S3Client({ ...await motoAccess(), forcePathStyle: true });
    const bucket = uniqueName("releases");
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
    if (versions) await s3.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status: "Enabled" } }));
    return { s3, bucket };
}

describe("releases in S3", () => {
    it("are stored once, however often they are brought, and found again with what they are of", async () => {
        const { s3, bucket } = await bucketWith(true);
        const stored = await storeRelease(s3, bucket, { version, zip }, metadata);
        const object = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: `releases/${version}.zip` }));
        assert.deepEqual(stored, { version, key: `releases/${version}.zip`, objectVersion: object.VersionId, etag: object.ETag?.replaceAll("\"", "") });
        assert.deepEqual([object.Metadata, object.ContentType], [metadata, "application/zip"]);

        assert.deepEqual(await storeRelease(s3, bucket, { version, zip }, { ...metadata, builder: "bob@lap" }), stored);
        const { Versions } = await s3.send(new ListObjectVersionsCommand({ Bucket: bucket }));
        assert.equal(Versions?.length, 1);
        assert.deepEqual(await findRelease(s3, bucket, version), { ...stored, image, commit: "c0ffee", builder: "ann@desk" });
    });

    it("leave out a commit that nobody knows", async () => {
        const { s3, bucket } = await bucketWith(true);
        await storeRelease(s3, bucket, { version, zip }, { ...metadata, commit: "unknown" });
        assert.equal((await findRelease(s3, bucket, version)).commit, undefined);
    });

    it("are handed to the pipeline as a new version of one object each time", async () => {
        const { s3, bucket } = await bucketWith(true);
        const first = await trigger(s3, bucket, { version, zip }, metadata);
        const second = await trigger(s3, bucket, { version, zip }, metadata);
        assert.notEqual(first, second);
        const object = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: "releases/current.zip" }));
        assert.deepEqual([object.VersionId, object.Metadata, await object.Body?.transformToByteArray()], [second, metadata, zip]);
    });

    it("are not kept in a bucket without versions", async () => {
        const { s3, bucket } = await bucketWith(false);
        const refused = new DeliveryError(`The bucket ${bucket} keeps no versions, and a rollback needs them. Switch its versioning on: ./gapless up STACK does so.`, "usage");
        await assert.rejects(storeRelease(s3, bucket, { version, zip }, metadata), refused);
        await assert.rejects(trigger(s3, bucket, { version, zip }, metadata), refused);
    });

    it("are missed by name", async () => {
        const { s3, bucket } = await bucketWith(true);
        await assert.rejects(findRelease(s3, bucket, version), new DeliveryError(
            `There is no release ${version}: s3://${bucket}/releases/${version}.zip does not exist. ./gapless status STACK says which releases are there.`, "usage",
        ));
    });

    for (const [what, body, why] of [
        ["is no zip file", strToU8("text"), "it is no zip file"],
        ["names no version", zipSync({ "release.env": strToU8("IMAGE=a@sha256:1\n") }), "its release.env names no version"],
        ["names no image", zipSync({ "release.env": strToU8("VERSION=1\n") }), "its release.env names no image"],
        ["lacks release.env", zipSync({ "appspec.yml": strToU8("") }), "its release.env names no image"],
    ] as const) {
        it(`are refused when an object ${what}`, async () => {
            const { s3, bucket } = await bucketWith(true);
            await s3.send(new PutObjectCommand({ Bucket: bucket, Key: `releases/${version}.zip`, Body: body }));
            await assert.rejects(findRelease(s3, bucket, version), new DeliveryError(`s3://${bucket}/releases/${version}.zip is no release: ${why}.`, "usage"));
            const triggered = await trigger(s3, bucket, { version, zip: body }, {});
            await assert.rejects(readTriggered(s3, bucket, triggered), new DeliveryError(
                `s3://${bucket}/releases/current.zip (version ${triggered}) is no release: ${why}.`, "usage",
            ));
        });
    }
});

describe("JSON document in S3", () => {
    it("is written under a condition that S3 knows", async () => {
        const { s3, bucket } = await bucketWith(true);
        const document = new JsonDocument(s3, bucket, "journal.json", journal, emptyJournal, new FakeClock());
        const add = (deploymentId: string) => document.change(value => record(value, {
            version, image, bundleVersion: "v", who: "ann", when: "2026-01-01T00:00:00.000Z", by: "roll", deploymentId, result: "succeeded",
        }));
        await Promise.all(["d-1", "d-2", "d-3", "d-4"].map(add));
        const { value, etag } = await document.read();
        assert.deepEqual(value.entries.map(({ n }) => n), [1, 2, 3, 4]);
        assert.deepEqual(value.entries.map(({ deploymentId }) => deploymentId).toSorted(), ["d-1", "d-2", "d-3", "d-4"]);
        assert.match(etag ?? "", /^"[0-9a-f]{32}"$/);
    });
});
