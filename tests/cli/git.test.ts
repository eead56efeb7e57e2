import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Git } from "../../cli/git";

const { signal } = new AbortController();
const env = { PATH: process.env["PATH"], GIT_CONFIG_GLOBAL: "/dev/null", GIT_CEILING_DIRECTORIES: tmpdir() };

describe("the project's repository", () => {
    let folder = "";
    const git = (...args: readonly string[]): string => execFileSync("git", ["-c", "user.name=ada", "-c", "user.email=ada@example.com", ...args], { cwd: folder, env, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
    const here = (about: Readonly<Record<string, string>> = {}): Git => new Git(folder, { ...env, ...about }, signal);

    beforeEach(async () => {
        folder = await mkdtemp(join(tmpdir(), "git-"));
    });
    afterEach(() => rm(folder, { recursive: true }));

    it("tells the commit that is checked out, whether it is pushed, and what is not in it", async () => {
        git("init", "--quiet");
        git("commit", "--quiet", "--allow-empty", "--message", "Say hello");
        const hash = git("rev-parse", "HEAD");
        assert.deepEqual(await here().commit(), { hash, title: "Say hello" });
        assert.deepEqual([await here().isPushed(hash), await here().hasChanges()], [false, false]);
        git("update-ref", "refs/remotes/origin/main", hash);
        await writeFile(join(folder, "new"), "");
        assert.deepEqual([await here().isPushed(hash), await here().hasChanges()], [true, true]);
    });

    it("believes a build server, also about a commit that is not here", async () => {
        assert.deepEqual(await here({ GITHUB_SHA: "a".repeat(40) }).commit(), { hash: "a".repeat(40), title: undefined });
    });

    it("has nothing to tell outside of git", async () => {
        assert.deepEqual([await here().commit(), await here().isPushed("a".repeat(40)), await here().hasChanges()], [undefined, false, false]);
    });
});
