import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkGit, checkNode } from "../../../cli/doctor/machine";
import { checkBackend, checkPlugins } from "../../../cli/doctor/pulumi";
import { ok } from "../../../release/doctor";

const never = new AbortController().signal;

describe("this machine, to the doctor,", () => {
    let folder: string;
    beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "doctor-"))));
    afterEach(() => { rmSync(folder, { recursive: true }); });
    const write = (path: string, content: unknown) => {
        mkdirSync(join(folder, path, ".."), { recursive: true });
        writeFileSync(join(folder, path), typeof content === "string" ? content : JSON.stringify(content));
    };

    it("has the Node that the program needs, or fails", async () => {
        write("package.json", { engines: { node: ">=20.19" } });
        assert.deepEqual(await checkNode(folder, "v20.19.0"), ok("v20.19.0"));
        assert.deepEqual(await checkNode(folder, "v18.1.0"), {
            verdict: "fail", text: "v18.1.0, and the program needs >=20.19", fix: "install a newer Node.js, such as the newest LTS",
        });
    });

    it("has a commit to release, unchanged, or warns", async () => {
        const git = (...args: string[]) => spawnSync("git", ["-c", "user.name=a", "-c", "user.email=a@b", ...args], { cwd: folder, encoding: "utf8" }).stdout.trim();
        const none = await checkGit(folder, never);
        assert.deepEqual(none, { verdict: "warn", text: "no commit: the release's journal cannot say what it was made of", fix: "install git and commit the project" });
        git("init", "-q");
        write("a", "1");
        git("add", "a");
        git("commit", "-q", "-m", "first");
        const commit = git("rev-parse", "--short=12", "HEAD");
        assert.deepEqual(await checkGit(folder, never), ok(commit));
        write("a", "2");
        write("b", "2");
        assert.deepEqual(await checkGit(folder, never), { verdict: "warn", text: `${commit} and 2 files changed since`, fix: "commit, so that the journal tells what was released" });
    });

    it("has Pulumi's plugins in the versions of the program's packages, or warns", async () => {
        write("package.json", { dependencies: { "@pulumi/aws": "7", "@pulumi/pulumi": "3", "zod": "4" } });
        write("node_modules/@pulumi/aws/package.json", { version: "7.48.0", pulumi: { resource: true, name: "aws" } });
        write("node_modules/@pulumi/pulumi/package.json", { version: "3.1.0" });
        const look = () => checkPlugins(folder, { PULUMI_HOME: join(folder, "home") });
        assert.equal((await look()).verdict, "warn");
        mkdirSync(join(folder, "home/plugins/resource-aws-v7.47.0"), { recursive: true });
        assert.deepEqual(await look(), {
            verdict: "warn", text: "not there yet: resource-aws-v7.48.0",
            fix: "nothing, where the internet is in reach: Pulumi downloads them at the first preview or up; else pulumi plugin install",
        });
        mkdirSync(join(folder, "home/plugins/resource-aws-v7.48.0"));
        assert.deepEqual(await look(), ok("resource-aws-v7.48.0"));
    });

    describe("and where Pulumi keeps its state,", () => {
        const cloud = "https://api.pulumi.com";
        const look = (backend: string | undefined, env: Record<string, string> = {}, stackFile = "") => {
            writeFileSync(join(folder, "Pulumi.dev.yaml"), stackFile);
            return checkBackend({ stack: "dev", backend }, { folder, env: { PULUMI_HOME: folder, ...env } });
        };

        it("is unknown without a login", async () => {
            assert.deepEqual(await look(undefined), {
                verdict: "fail", text: "nothing says where Pulumi keeps its state", fix: "run pulumi login once, or name it with --backend or PULUMI_BACKEND_URL",
            });
        });

        it("is Pulumi Cloud for whoever is logged in, or has a token", async () => {
            const not = { verdict: "fail", text: `not logged in to ${cloud}`, fix: `run pulumi login ${cloud}, or set PULUMI_ACCESS_TOKEN` };
            assert.deepEqual(await look(cloud), not);
            assert.deepEqual(await look(cloud, { PULUMI_ACCESS_TOKEN: "pul-1" }), ok(cloud));
            write("credentials.json", { current: cloud, accounts: { [cloud]: { accessToken: "pul-1" }, "https://other": {} } });
            assert.deepEqual(await look(undefined), ok(cloud));
            assert.equal((await look("https://other")).verdict, "fail");
            assert.deepEqual(await look(undefined, { PULUMI_BACKEND_URL: "s3://state", PULUMI_CONFIG_PASSPHRASE: "" }), ok("s3://state"));
        });

        it("is a folder or a bucket, with a passphrase or a key for secrets", async () => {
            const url = `file://${folder}`;
            await assert.rejects(look(url), { name: "DeliveryError", message: `The secrets of dev in ${url} are encrypted by a passphrase, and there is none. Set PULUMI_CONFIG_PASSPHRASE, or PULUMI_CONFIG_PASSPHRASE_FILE to a file that holds it, and repeat the command.` });
            assert.deepEqual(await look(url, { PULUMI_CONFIG_PASSPHRASE: "" }), ok(url));
            assert.deepEqual(await look(url, { PULUMI_CONFIG_PASSPHRASE_FILE: "/p" }), ok(url));
            assert.deepEqual(await look("s3://state", {}, "secretsprovider: awskms://alias/x\nconfig: {}\n"), ok("s3://state"));
            await assert.rejects(look(url, {}, "secretsprovider: passphrase\n"), { name: "DeliveryError" });
        });

        it("fails where the folder is not there", async () => {
            assert.deepEqual(await look(`file://${folder}/none`, { PULUMI_CONFIG_PASSPHRASE: "" }), {
                verdict: "fail", text: `${folder}/none, where the state lies, cannot be read and written`, fix: "make the folder, or name another one with --backend",
            });
        });
    });
});
