import assert from "node:assert/strict";
import { runningRelease, type SettledEntry, settle, type ToldDeployment, unnamed } from "../../release/history";

const at = (minute: number): string => `2026-01-01T00:${String(minute).padStart(2, "0")}:00.000Z`;

function entry(n: number, about: Partial<SettledEntry> = {}): SettledEntry & { readonly result: "inProgress" } {
    return {
        n, version: `00000000000${n}`, image: "r@sha256:1", bundleVersion: "v", who: "ann", when: at(n * 10), by: "roll", deploymentId: `d-${n}`, result: "succeeded", ...about,
    } as SettledEntry & { readonly result: "inProgress" };
}

function told(deploymentId: string, about: Partial<ToldDeployment> = {}): ToldDeployment {
    return { deploymentId, status: "Succeeded", creator: "user", createdAt: at(30), ...about };
}

const going = entry(2, { result: "inProgress" });

describe("settled journal", () => {
    for (const [what, deployments, expected] of [
        ["succeeded when CodeDeploy says so", [told("d-2", { endedAt: at(25) })], { result: "succeeded", endedAt: at(25) }],
        ["failed when nothing took it back", [told("d-2", { status: "Failed", reason: "too many" })], { result: "failed", reason: "too many" }],
        ["stopped when somebody stopped it", [told("d-2", { status: "Stopped" })], { result: "stopped" }],
        ["going on while it does", [told("d-2", { status: "InProgress" })], { result: "inProgress" }],
        ["going on while it is taken back", [told("d-2", { status: "Failed" }), told("d-3", { status: "InProgress", rollbackOf: "d-2" })], { result: "inProgress", rollbackDeploymentId: "d-3" }],
        ["rolled back when that succeeded", [told("d-2", { status: "Failed", rollbackDeploymentId: "d-3" }), told("d-3")], { result: "rolledBack", rollbackDeploymentId: "d-3" }],
        ["rolled back also when only the later deployment says of what", [told("d-2", { status: "Stopped" }), told("d-3", { rollbackOf: "d-2" })], { result: "rolledBack", rollbackDeploymentId: "d-3" }],
        ["stopped when a person stopped it, also when that was rolled back", [told("d-2", { status: "Stopped", stoppedByPerson: true }), told("d-3", { rollbackOf: "d-2" })], { result: "stopped", rollbackDeploymentId: "d-3" }],
        ["succeeded also when somebody took it back later", [told("d-2"), told("d-3", { rollbackOf: "d-2" })], { result: "succeeded", rollbackDeploymentId: "d-3" }],
        ["failed when taking it back failed, too", [told("d-2", { status: "Failed", rollbackDeploymentId: "d-3" }), told("d-3", { status: "Failed" })], { result: "failed", rollbackDeploymentId: "d-3" }],
        ["unknown when CodeDeploy tells only of a later one", [told("d-9")], { result: "unknown" }],
        ["going on when CodeDeploy tells only of a launched instance", [told("d-9", { creator: "autoscaling" })], { result: "inProgress" }],
        ["going on when CodeDeploy tells only of an earlier one", [told("d-1", { createdAt: at(10) })], { result: "inProgress" }],
        ["going on when CodeDeploy tells nothing", [], { result: "inProgress" }],
    ] as const) {
        it(`has an entry as ${what}`, () => { assert.deepEqual(settle([going], deployments), [{ ...going, ...expected }]); });
    }

    it("keeps the word of an entry that has ended", () => {
        const failed = entry(2, { result: "failed", reason: "by hand" });
        assert.deepEqual(settle([failed], [told("d-2")]), [failed]);
    });

    it("leaves over the deployments that no entry names and that are no launches", () => {
        const entries = settle([entry(1), entry(2, { result: "inProgress" })], [told("d-2", { status: "Failed", rollbackDeploymentId: "d-3" })]);
        const others = [told("d-1"), told("d-3"), told("d-4"), told("d-5", { creator: "autoscaling" }), told("d-6", { creator: "CodeDeployAutoUpdate" }), told("d-7", { creator: "codeDeployRollback" })];
        assert.deepEqual(unnamed(entries, others).map(({ deploymentId }) => deploymentId), ["d-4", "d-7"]);
    });
});

describe("release that runs", () => {
    it("is the entry of the deployment that succeeded last", () => {
        assert.deepEqual(runningRelease([entry(1), entry(2)], { deploymentId: "d-1" }), { deploymentId: "d-1", entry: entry(1), version: entry(1).version });
    });

    it("is the success before the one that CodeDeploy took back", () => {
        const entries = [entry(1), entry(2, { result: "failed" }), entry(3, { result: "rolledBack", rollbackDeploymentId: "d-4" }), entry(5)];
        assert.deepEqual(runningRelease(entries, { deploymentId: "d-4" }), { deploymentId: "d-4", entry: entry(1), version: entry(1).version, insteadOf: entries[2] });
    });

    it("is the release that the rollback itself names, rather than the one before", () => {
        const entries = [entry(1), entry(2), entry(3, { result: "rolledBack", rollbackDeploymentId: "d-4" })];
        const running = runningRelease(entries, { deploymentId: "d-4", version: entry(1).version });
        assert.deepEqual([running.entry?.n, running.version], [1, entry(1).version]);
        assert.deepEqual(runningRelease(entries, { deploymentId: "d-4", version: "ffffffffffff" }).entry, undefined);
    });

    it("is known by its version alone when the console has deployed it", () => {
        assert.deepEqual(runningRelease([entry(1)], { deploymentId: "d-8", version: "ffffffffffff" }), { deploymentId: "d-8", version: "ffffffffffff" });
    });

    it("is the newest success of the same version, or of the same revision", () => {
        const entries = [entry(1), entry(2, { version: entry(1).version }), entry(3, { version: entry(1).version, result: "failed" })];
        assert.equal(runningRelease(entries, { deploymentId: "d-8", version: entry(1).version }).entry?.n, 2);
        const revisions = new Map([["d-1", "s3://b/k?versionId=1"], ["d-2", "s3://b/k?versionId=2"], ["d-3", "s3://b/k?versionId=1"]]);
        assert.equal(runningRelease(entries, { deploymentId: "d-8", revision: "s3://b/k?versionId=1" }, revisions).entry?.n, 1);
    });

    it("is known by the revision that was written down with it when CodeDeploy no longer tells of it", () => {
        const entries = [entry(1, { revision: "s3://b/k?versionId=1" }), entry(2, { revision: "s3://b/k?versionId=2" }), entry(3, { revision: "s3://b/k?versionId=1", result: "failed" })];
        assert.equal(runningRelease(entries, { deploymentId: "d-8", revision: "s3://b/k?versionId=1" }).entry?.n, 1);
        const told = new Map([["d-2", "s3://b/k?versionId=1"]]);
        assert.equal(runningRelease(entries, { deploymentId: "d-8", revision: "s3://b/k?versionId=1" }, told).entry?.n, 2, "CodeDeploy's own word comes first");
    });

    it("is not the success before the one that CodeDeploy took back when that had another revision", () => {
        const entries = [entry(1, { revision: "s3://b/k?versionId=1" }), entry(3, { result: "rolledBack", rollbackDeploymentId: "d-4" })];
        const running = (revision?: string) => runningRelease(entries, { deploymentId: "d-4", revision });
        assert.deepEqual([running("s3://b/k?versionId=2").entry, running("s3://b/k?versionId=1").entry?.n, running().entry?.n], [undefined, 1, 1]);
        const before = [entry(1), ...entries.slice(1)];
        assert.equal(runningRelease(before, { deploymentId: "d-4", revision: "s3://b/k?versionId=2" }).entry?.n, 1, "of entries without a revision nothing speaks against it");
    });

    it("is never guessed", () => {
        assert.deepEqual(runningRelease([entry(1), entry(2)], { deploymentId: "d-8" }), { deploymentId: "d-8", version: undefined });
        assert.deepEqual(runningRelease([entry(1), entry(2)], { deploymentId: "d-8", revision: "s3://b/k?versionId=1" }).entry, undefined);
    });
});
