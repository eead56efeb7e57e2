import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import { kindOnDisk } from "../../stacks/path-kind";

describe("what is at a path", () => {
    let folder: string;
    before(() => {
        folder = mkdtempSync(join(tmpdir(), "gapless-paths-"));
        mkdirSync(join(folder, "app"));
        writeFileSync(join(folder, "app/Dockerfile"), "FROM scratch");
        symlinkSync("app", join(folder, "to-folder"));
        symlinkSync("app/Dockerfile", join(folder, "to-file"));
        symlinkSync("nowhere", join(folder, "to-nothing"));
        symlinkSync("circle", join(folder, "circle"));
    });
    after(() => { rmSync(folder, { recursive: true }); });

    const kinds = {
        "app": "folder", "app/": "folder", "app/Dockerfile": "file", "to-file": "file",
        "to-folder": undefined, "to-nothing": undefined, "circle": undefined, "nowhere": undefined, "app/Dockerfile/below": undefined,
    };
    for (const [path, kind] of Object.entries(kinds)) {
        it(`is ${kind === undefined ? "neither folder nor file" : `a ${kind}`} at ${path}`, () => { assert.equal(kindOnDisk(join(folder, path)), kind); });
    }
});
