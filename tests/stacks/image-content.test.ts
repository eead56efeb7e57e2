import assert from "node:assert/strict";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import { contentHash, type ImageContent } from "../../stacks/image-content";

describe("the hash of an image's content", () => {
    let folder: string;
    beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "gapless-content-"))));
    afterEach(() => {
        rmSync(folder, { recursive: true });
    });

    function write(path: string, text: string): void {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), text);
    }

    function hash(changes: Partial<ImageContent> = {}): string {
        return contentHash({ context: join(folder, "app"), dockerfile: join(folder, "Dockerfile"), args: {}, platform: "linux/amd64", ...changes });
    }

    beforeEach(() => {
        write("Dockerfile", "FROM scratch");
        write("app/server.js", "serve()");
        write("app/lib/b.js", "b");
    });

    it("is 20 hexadecimal digits, and the same again", () => {
        assert.match(hash(), /^[0-9a-f]{20}$/);
        assert.equal(hash(), hash());
    });

    it("does not depend on the order in which files were made, nor on where the folder is", () => {
        const before = hash();
        write("other/app/lib/b.js", "b");
        write("other/app/server.js", "serve()");
        cpSync(join(folder, "Dockerfile"), join(folder, "other/Dockerfile"));
        assert.equal(hash({ context: join(folder, "other/app"), dockerfile: join(folder, "other/Dockerfile") }), before);
    });

    const changing: readonly [string, () => Partial<ImageContent>][] = [
        ["a file's content", () => (write("app/server.js", "serve(2)"), {})],
        ["a file's name", () => (rmSync(join(folder, "app/lib/b.js")), write("app/lib/c.js", "b"), {})],
        ["a new file", () => (write("app/new.js", ""), {})],
        ["a file's executable bit", () => (chmodSync(join(folder, "app/server.js"), 0o755), {})],
        ["the Dockerfile", () => (write("Dockerfile", "FROM busybox"), {})],
        ["a build argument", () => ({ args: { A: "1" } })],
        ["the platform", () => ({ platform: "linux/arm64" })],
        ["text that moves from one file to the next", () => (write("app/lib/b.js", ""), write("app/lib/c.js", "b"), {})],
    ];
    for (const [what, change] of changing) {
        it(`changes with ${what}`, () => {
            const before = hash();
            assert.notEqual(hash(change()), before);
        });
    }

    it("depends on where a link leads, not on what is there", () => {
        write("outside", "1");
        symlinkSync("../outside", join(folder, "app/link"));
        const before = hash();
        write("outside", "2");
        assert.equal(hash(), before);
        rmSync(join(folder, "app/link"));
        symlinkSync("../elsewhere", join(folder, "app/link"));
        assert.notEqual(hash(), before);
    });

    it("does not depend on the order of the build arguments", () => {
        assert.equal(hash({ args: { A: "1", B: "2" } }), hash({ args: { B: "2", A: "1" } }));
        assert.notEqual(hash({ args: { A: "1", B: "2" } }), hash({ args: { A: "1argB2" } }));
    });

    it("does not depend on a file that .dockerignore excludes, but on one that it takes back", () => {
        write("app/.dockerignore", "node_modules\n*.md\n!README.md\n");
        const before = hash();
        write("app/node_modules/x/index.js", "x");
        write("app/NOTES.md", "x");
        assert.equal(hash(), before);
        write("app/README.md", "x");
        assert.notEqual(hash(), before);
    });

    it("depends on a file that is taken back from an ignored folder", () => {
        write("app/.dockerignore", "lib\n!lib/b.js\n");
        const before = hash();
        write("app/lib/c.js", "c");
        assert.equal(hash(), before);
        write("app/lib/b.js", "changed");
        assert.notEqual(hash(), before);
    });

    it("does not depend on an ignored folder when nothing is taken back", () => {
        write("app/.dockerignore", "node_modules\n");
        const before = hash();
        write("app/node_modules/x/index.js", "x");
        assert.equal(hash(), before);
    });

    it("follows the Dockerfile's own ignore file before that of the folder", () => {
        write("app/.dockerignore", "lib\n");
        write("Dockerfile.dockerignore", "server.js\n");
        const before = hash();
        write("app/server.js", "other");
        assert.equal(hash(), before);
        write("app/lib/b.js", "other");
        assert.notEqual(hash(), before);
    });
});
