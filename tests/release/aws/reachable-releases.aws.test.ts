import assert from "node:assert/strict";
import { reachableReleases } from "../../../release/aws/reachable-releases";
import type { SettledEntry } from "../../../release/history";
import { openStored, versions } from "../../support/aws/stored-releases";

function entry(n: number, version: string, about: Partial<SettledEntry> = {}): SettledEntry {
    return { n, version, image: "r@sha256:1", bundleVersion: "v", who: "ann", when: "2026-01-01T00:00:00Z", by: "roll", deploymentId: `d-${n}`, result: "succeeded", ...about };
}

describe("releases that one can go back to", () => {
    it("are those that have served and are there, newest first, each once, and not what serves", async () => {
        await using site = await openStored();
        const entries = [entry(1, versions.a), entry(2, versions.b), entry(3, versions.a), entry(4, "dddddddddddd"), entry(5, versions.c), entry(6, versions.b, { result: "failed" })];
        const reachable = async (keepReleases: number) =>
            (await reachableReleases(site.s3, site.ecr, { ...site.demo.stage, keepReleases }, entries, versions.c)).map(({ n }) => n);
        assert.deepEqual(await reachable(10), [3, 2]);
    });

    it("are no more than the stage keeps", async () => {
        await using site = await openStored();
        const entries = [entry(1, versions.a), entry(2, versions.b), entry(3, versions.c)];
        const reachable = await reachableReleases(site.s3, site.ecr, { ...site.demo.stage, keepReleases: 2 }, entries, undefined);
        assert.deepEqual(reachable.map(({ n }) => n), [3, 2]);
    });
});
