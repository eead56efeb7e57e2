import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { CodeDeployClient } from "@aws-sdk/client-codedeploy";
import { nameOfRevision, readHistory, versionOfRevision } from "../../../release/aws/history";
import { servesAlready } from "../../../release/aws/serves-already";
import type { Stage } from "../../../release/stage";
import { CodeDeployDouble, scripts } from "../../support/aws/code-deploy-double";
import { FakeClock } from "../../support/aws/fake-clock";
import { S3Double } from "./s3-double";

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

describe("history of a fleet that scales", () => {
    /** Releases, each followed by launches of instances that fill pages of three. */
    async function open(releases: number, launches: number) {
        const clock = new FakeClock();
        const codeDeploy = await CodeDeployDouble.start({ now: () => clock.now(), pageSize: 3 });
        const place = { application: "web", group: "dev" };
        codeDeploy.addGroup({ ...place, instances: ["i-1", "i-2"] });
        const create = (creator: "user" | "autoscaling", key: string): string => {
            clock.pass(60);
            const id = codeDeploy.create({ ...place, creator, revision: { revisionType: "S3", s3Location: { bucket: "releases-1", key, version: key, bundleType: "zip" } } });
            codeDeploy.advance(id);
            return id;
        };
        const ids = Array.from({ length: releases }, (_, n) => {
            const key = `releases/00000000000${n}.zip`;
            const id = create("user", key);
            for (let launch = 0; launch < launches; launch += 1) create("autoscaling", key);
            return id;
        });
        const stage = { stack: "dev", releaseBucket: "releases-1", codeDeployApplication: "web", deploymentGroup: "dev" } as Stage;
        const client = new CodeDeployClient(codeDeploy.access);
        return {
            ids, codeDeploy, client, create,
            read: (releases: number, signal?: AbortSignal) => readHistory(client, new S3Double().client, stage, { releases, signal }),
            [Symbol.asyncDispose]: () => codeDeploy[Symbol.asyncDispose](),
        };
    }

    it("goes past launches of instances until there are releases enough", async () => {
        await using fleet = await open(4, 7);
        const { unnamed, running } = await fleet.read(2);
        assert.deepEqual([unnamed.map(({ deploymentId }) => deploymentId), running?.version], [fleet.ids.slice(2), "000000000003"]);
    });

    it("ends with CodeDeploy's last page", async () => {
        await using fleet = await open(2, 4);
        assert.deepEqual((await fleet.read(50)).unnamed.map(({ deploymentId }) => deploymentId), fleet.ids);
    });

    it("knows nothing that serves where nothing has ever been released", async () => {
        await using fleet = await open(0, 0);
        assert.equal((await fleet.read(50)).running, undefined);
    });

    it("is not told by a guess when there are too many launches to look past", async () => {
        await using fleet = await open(1, 155);
        await assert.rejects(fleet.read(1), { name: "DeliveryError", message: "Among the 150 newest deployments of dev CodeDeploy tells of none that released something with success, so what serves is not known." });
    });

    it("serves a release already though instances have been launched since, and not when a later release has failed", async () => {
        await using fleet = await open(2, 4);
        const serves = async (version: string) => servesAlready(fleet.client, await fleet.read(50), version);
        assert.deepEqual([await serves("000000000001"), await serves("000000000000")], [true, false]);
        fleet.codeDeploy.next(scripts.fails());
        fleet.create("user", "releases/000000000002.zip");
        assert.equal(await serves("000000000001"), false);
    });

    it("ends with Ctrl-C while CodeDeploy does not answer", async () => {
        await using fleet = await open(1, 0);
        fleet.codeDeploy.faults.hang(5);
        await assert.rejects(fleet.read(1, AbortSignal.timeout(20)), { name: /AbortError|TimeoutError/ });
    });
});
