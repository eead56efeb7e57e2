import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Git, isRemoteOf } from "../../cli/git";

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

    it("tells the commit that is checked out, and what is not in it", async () => {
        git("init", "--quiet");
        git("commit", "--quiet", "--allow-empty", "--message", "Say hello");
        const hash = git("rev-parse", "HEAD");
        assert.deepEqual(await here().commit(), { hash, title: "Say hello" });
        assert.equal(await here().hasChanges(), false);
        await writeFile(join(folder, "new"), "");
        assert.equal(await here().hasChanges(), true);
    });

    it("tells by the remote's address whether a branch of a repository has a commit, as far as was fetched", async () => {
        git("init", "--quiet");
        git("commit", "--quiet", "--allow-empty", "--message", "Say hello");
        const old = git("rev-parse", "HEAD");
        git("commit", "--quiet", "--allow-empty", "--message", "Say more");
        const hash = git("rev-parse", "HEAD");
        const has = (commit: string, branch: string) => here().pushState(commit, "acme/web", branch);
        assert.equal(await has(hash, "main"), "noRemote");
        git("remote", "add", "fork", "git@github.com:ada/web.git");
        git("update-ref", "refs/remotes/fork/main", hash);
        assert.equal(await has(hash, "main"), "noRemote");
        git("remote", "add", "upstream", "git@github.com:acme/web.git");
        assert.equal(await has(old, "main"), "no");
        git("update-ref", "refs/remotes/upstream/main", old);
        git("update-ref", "refs/remotes/upstream/feature", hash);
        assert.deepEqual([await has(old, "main"), await has(hash, "main"), await has(hash, "feature")], ["yes", "no", "yes"]);
    });

    for (const url of [
        "https://github.com/acme/web", "https://github.com/acme/web.git", "https://ada:secret@github.com/Acme/Web.git/", "git@github.com:acme/web.git", "work:acme/web",
        "ssh://git@ssh.github.com:443/acme/web.git",
    ]) {
        it(`knows ${url} for acme/web`, () => {
            assert.deepEqual([isRemoteOf(url, "acme/web"), isRemoteOf(url, "cme/web"), isRemoteOf(url, "acme/we"), isRemoteOf(url, "acme/w.b")], [true, false, false, false]);
        });
    }

    it("believes a build server, also about a commit that is not here", async () => {
        assert.deepEqual(await here({ GITHUB_SHA: "a".repeat(40) }).commit(), { hash: "a".repeat(40), title: undefined });
    });

    it("has nothing to tell outside of git", async () => {
        assert.deepEqual([await here().commit(), await here().pushState("a".repeat(40), "acme/web", "main"), await here().hasChanges()], [undefined, "noRemote", false]);
    });
});
