import assert from "node:assert/strict";
import { before, describe, it } from "mocha";
import { motoAccess } from "../../support/aws/moto";
import { deployed, version } from "./deployed-site";

describe("what is left to do when a pipeline has deployed", () => {
    before(async () => { await motoAccess(); });

    it("is to mark the image, to empty the cache and to write down who deployed what", async () => {
        await using site = await deployed();
        assert.deepEqual(await site.record(), []);
        assert.deepEqual(site.told, [
            `marked as deployed: ${site.image}`,
            `CloudFront ${site.stage.distribution ?? ""} asks for everything anew`,
            `written down: release ${version}, deployment ${site.deploymentId}`,
        ]);
        assert.deepEqual(await site.tags(), ["build-1", `deployed-${version}`]);
        assert.deepEqual(await site.invalidations(), [{ CallerReference: site.executionId, Paths: { Quantity: 1, Items: ["/*"] } }]);
        const [entry, ...more] = await site.journal();
        const { when, endedAt, ...facts } = entry ?? assert.fail("nothing is written down");
        assert.deepEqual(facts, {
            n: 1, version, image: site.image, bundleVersion: site.objectVersion, commit: "a".repeat(40), who: "ann (run 7)", by: "pipeline",
            deploymentId: site.deploymentId, result: "succeeded", revision: site.revision,
        });
        assert.ok(site.revision.endsWith(`?versionId=copy-of-${site.objectVersion}`), site.revision);
        assert.ok(when <= (endedAt ?? ""));
        assert.deepEqual(more, []);
    });

    it("is written down also when CodeDeploy does not tell what it has deployed", async () => {
        await using site = await deployed();
        site.codeDeploy.faults.deny("GetDeployment");
        assert.deepEqual(await site.record(), []);
        assert.equal(site.told.at(-1), `written down: release ${version}, deployment ${site.deploymentId}`);
        assert.match(site.told.at(-2) ?? "", /^not written down: which copy of the release it was, because .*GetDeployment/);
        const [entry] = await site.journal();
        assert.deepEqual([entry?.result, entry?.revision], ["succeeded", undefined]);
    });

    it("is about the deployment that succeeded, whatever else the execution tried", async () => {
        await using site = await deployed();
        site.addFailedDeployments();
        assert.deepEqual(await site.record(), []);
        assert.deepEqual((await site.journal()).map(({ deploymentId, result }) => [deploymentId, result]), [[site.deploymentId, "succeeded"]]);
    });

    it("may be done twice", async () => {
        await using site = await deployed();
        assert.deepEqual([await site.record(), await site.record()], [[], []]);
        assert.equal((await site.journal()).length, 1);
    });

    it("is nothing to an image on Docker Hub, by whichever name it is called", async () => {
        await using site = await deployed();
        const image = `acme/shop@sha256:${"b".repeat(64)}`;
        assert.deepEqual(await site.record({ repository: "docker.io/acme/shop" }, { image }), []);
        assert.equal(site.told[0], `not in Amazon ECR, where images expire, so nothing to mark: ${image}`);
    });

    it("names pulumi up for a release without a builder, and has nothing to do with images of others or without CloudFront", async () => {
        await using site = await deployed({});
        const image = site.image.replace("@", "-2@");
        assert.deepEqual(await site.record({ distribution: undefined }, { image }), []);
        assert.deepEqual(site.told.slice(0, 2), [`not in this stack's repository, so nothing to mark: ${image}`, "no CloudFront, so no cache to empty"]);
        assert.deepEqual([await site.tags(), await site.invalidations()], [["build-1"], []]);
        const [{ who, commit } = assert.fail("nothing is written down")] = await site.journal();
        assert.deepEqual({ who, commit }, { who: "pulumi up", commit: undefined });
    });

    it("goes on to the rest whatever fails, and says all that did", async () => {
        await using site = await deployed();
        await site.loseImage();
        const failures = await site.record({ distribution: "E0NOTTHERE" });
        assert.equal(failures.length, 2);
        assert.match(String(failures[0]), /^DeliveryError: \S+ has no image sha256:[0-9a-f]{64}\.$/);
        assert.match(String(failures[1]), /NoSuchDistribution/);
        assert.equal((await site.journal()).length, 1);
    });

    it("marks and empties though nothing can be written down, as for an execution that is not the pipeline's", async () => {
        await using site = await deployed();
        const failures = await site.record({}, { executionId: "12345678-1234-1234-1234-123456789012" });
        assert.equal(failures.length, 1);
        assert.deepEqual(await site.tags(), ["build-1", `deployed-${version}`]);
        assert.equal((await site.invalidations()).length, 1);
        assert.deepEqual(await site.journal(), []);
    });
});
