import assert from "node:assert/strict";
import { rollbackDepth } from "../../release/rollback-depth";
import { renderStatus } from "../../release/status-page";
import { digest, entry, now, problems, status, version } from "./status-site";

describe("rollback depth", () => {
    const entries = [entry(1), entry(2), entry(3, { result: "failed" }), entry(4), entry(5, { version: version(2) }), entry(6)];
    const all = new Set([1, 2, 3, 4, 6].map(version));
    const images = new Set([1, 2, 3, 4, 6].map(digest));

    it("counts each release that has served, newest first, and not the one that serves", () => {
        const { depth, releases } = rollbackDepth(entries, { version: version(6), n: 6 }, all, new Set([...images, digest(5)]));
        assert.deepEqual([depth, releases.map(({ n }) => n)], [3, [5, 4, 1]]);
    });

    it("puts first what a plain rollback takes, and leaves the rest to --to", () => {
        const back = entry(7, { version: version(4), by: "rollback" });
        const all = new Set([1, 2, 4, 6].map(version));
        const digests = new Set([1, 2, 4, 5, 6, 7].map(digest));
        const past = [entry(1), entry(2), entry(4), entry(6), back];
        const { next, depth, releases } = rollbackDepth(past, { version: version(4), n: 7 }, all, digests);
        assert.deepEqual([next, depth, releases.map(({ n }) => n)], [version(2), 3, [2, 6, 1]]);
        const page = renderStatus({ ...status(), rollback: { depth, next: version(2), releases } }, now);
        assert.match(page, /^way back {4}\.\/gapless rollback dev takes 000000000002, unless somebody has deployed past Gapless since; --to 6 \(000000000006\), --to 1 \(000000000001\)$/m);
    });

    it("knows none for a plain rollback after going back to the first", () => {
        const past = [entry(1), entry(2), entry(3, { version: version(1), by: "rollback" })];
        const { next, depth, releases } = rollbackDepth(past, { version: version(1), n: 3 }, new Set([version(1), version(2)]), new Set([digest(2)]));
        assert.deepEqual([next, depth], [undefined, 1]);
        assert.match(renderStatus({ ...status(), rollback: { depth, releases } }, now), /^way back {4}\.\/gapless rollback dev finds none; --to 2 \(000000000002\)$/m);
    });

    it("knows none for a plain rollback when that very release is gone", () => {
        assert.equal(rollbackDepth([entry(1), entry(2), entry(3)], { version: version(3), n: 3 }, new Set([version(1)]), null).next, undefined);
    });

    it("leaves out what has no zip or no image any more", () => {
        const { depth, releases } = rollbackDepth(entries, { version: version(6), n: 6 }, new Set([version(4)]), new Set([digest(1), digest(4)]));
        assert.deepEqual([depth, releases.map(({ n, bundle, image }) => [n, bundle, image])], [
            1, [[5, "missing", "missing"], [4, "there", "there"], [1, "missing", "there"]],
        ]);
        assert.equal(rollbackDepth(entries, { version: version(6), n: 6 }, all, new Set()).depth, 0);
    });

    it("does not doubt images that cannot be asked for, and says so", () => {
        const { depth, releases } = rollbackDepth(entries, { version: version(6), n: 6 }, all, null);
        assert.deepEqual([depth, releases.map(({ image }) => image)], [3, ["unknown", "unknown", "unknown"]]);
        const page = renderStatus(status({ images: { told: null } }), now);
        assert.match(page, /^way back {4}\.\/gapless rollback dev takes 000000000001, unless somebody has deployed past Gapless since; whether their images are there cannot be asked$/m);
    });

    it("is a problem when there were releases and none is left", () => {
        assert.deepEqual(problems({ images: { told: new Set([digest(2)]) } }), [
            { what: "there is no release to go back to: of those before, the zip or the image is gone", next: "keepReleases in the stack's file says how many stay" },
        ]);
    });
});
