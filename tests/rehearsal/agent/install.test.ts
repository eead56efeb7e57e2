import assert from "node:assert/strict";
import { chown, mkdir, stat, symlink, unlink } from "node:fs/promises";
import { join } from "node:path";
import { geteuid } from "node:process";
import { execa } from "execa";
import type { EventOutcome } from "../../../rehearsal/agent/host-agent";
import { appspec, bundle, TestHost, type BundleFiles } from "./test-host";

const files = "files: [{source: app, destination: /srv/app}]";

function withFiles(content: BundleFiles, ...lines: readonly string[]): BundleFiles {
    return { "appspec.yml": appspec(files, ...lines), ...content };
}

async function installed(host: TestHost, release: BundleFiles): Promise<EventOutcome | undefined> {
    return (await host.deploy(release)).Install;
}

describe("Install", () => {
    const layouts: readonly { readonly rule: string; readonly found: readonly string[] }[] = [
        { rule: "{source: app, destination: /srv/app}", found: ["/srv/app/a.txt", "/srv/app/sub/b.txt"] },
        { rule: "{source: /app/, destination: /srv/app/}", found: ["/srv/app/a.txt", "/srv/app/sub/b.txt"] },
        { rule: "{source: app/a.txt, destination: /srv/app}", found: ["/srv/app/a.txt"] },
        { rule: "{source: /, destination: /srv/all}", found: ["/srv/all/appspec.yml", "/srv/all/app/a.txt"] },
        { rule: "{source: app, destination: srv/relative}", found: ["/srv/relative/a.txt"] },
        { rule: "{source: app, destination: /../../srv/app}", found: ["/srv/app/a.txt"] },
    ];
    for (const { rule, found } of layouts) {
        it(`puts ${rule} to ${found.join(" and ")}`, async () => {
            await using host = await TestHost.make();
            const outcome = await installed(host, { "appspec.yml": appspec(`files: [${rule}]`), "app/a.txt": "a", "app/sub/b.txt": "b" });
            assert.deepEqual(outcome, { status: "succeeded" });
            for (const path of found) {
                assert.notEqual(await host.read(path), undefined, path);
            }
        });
    }

    it("fails on a source that the bundle lacks, a star included", async () => {
        await using host = await TestHost.make();
        const outcome = await installed(host, { "appspec.yml": appspec('files: [{source: "app/*", destination: /srv/app}]'), "app/a.txt": "a" });
        assert.deepEqual(outcome, {
            status: "failed",
            errorCode: 5,
            message: "No such file or directory - /opt/codedeploy-agent/deployment-root/group-1/d-1/deployment-archive/app/*",
        });
    });

    it("refuses two sources for one destination before it copies anything", async () => {
        await using host = await TestHost.make();
        const outcome = await installed(host, {
            "appspec.yml": appspec("files: [{source: app, destination: /srv/app}, {source: more, destination: /srv/app}]"),
            "app/a.txt": "a",
            "more/a.txt": "b",
        });
        const archive = "/opt/codedeploy-agent/deployment-root/group-1/d-1/deployment-archive";
        assert.equal(outcome?.message, `The deployment failed because the application specification file specifies two source files named ${archive}/more/a.txt and ${archive}/app/a.txt for the same destination (/srv/app/a.txt). Remove one of the source file paths from the AppSpec file, and then try again.`);
        assert.equal(await host.read("/srv/app/a.txt"), undefined);
    });

    const exists = "The deployment failed because a specified file already exists at this location: /srv/app/a.txt";
    const behaviors: readonly { readonly line: string; readonly message: string | undefined; readonly text: string }[] = [
        { line: "", message: exists, text: "theirs" },
        { line: "file_exists_behavior: DISALLOW", message: exists, text: "theirs" },
        { line: "file_exists_behavior: OVERWRITE", message: undefined, text: "ours" },
        { line: "file_exists_behavior: RETAIN", message: undefined, text: "theirs" },
    ];
    for (const { line, message, text } of behaviors) {
        it(`meets somebody's file with "${line}": ${text} stays`, async () => {
            await using host = await TestHost.make();
            await host.write("/srv/app/a.txt", "theirs", 0o600);
            const outcome = await installed(host, withFiles({ "app/a.txt": "ours" }, line));
            assert.equal(outcome?.message, message);
            assert.equal(await host.read("/srv/app/a.txt"), text);
        });
    }

    for (const [line, option, text] of [
        ["", "OVERWRITE", "ours"], ["", "RETAIN", "theirs"], ["file_exists_behavior: RETAIN", "OVERWRITE", "theirs"], ["file_exists_behavior: OVERWRITE", "DISALLOW", "ours"],
    ] as const) {
        it(`meets somebody's file with "${line}" in a deployment that says ${option}: ${text} stays`, async () => {
            await using host = await TestHost.make();
            await host.write("/srv/app/a.txt", "theirs");
            const agent = host.agent(withFiles({ "app/a.txt": "ours" }, line));
            const deployment = { id: "d-1", bundle, fileExistsBehavior: option };
            await agent.run("DownloadBundle", deployment);
            assert.deepEqual(await agent.run("Install", deployment), { status: "succeeded" });
            assert.equal(await host.read("/srv/app/a.txt"), text);
        });
    }

    it("overwrites the mode together with the file", async () => {
        await using host = await TestHost.make();
        await host.write("/srv/app/a.txt", "theirs", 0o600);
        await installed(host, withFiles({ "app/a.txt": "ours" }, "file_exists_behavior: OVERWRITE"));
        assert.equal(await host.mode("/srv/app/a.txt"), "644");
    });

    it("puts a file into a folder of its name", async () => {
        await using host = await TestHost.make();
        await mkdir(join(host.root, "srv/app/a.txt"), { recursive: true });
        await installed(host, withFiles({ "app/a.txt": "ours" }, "file_exists_behavior: OVERWRITE"));
        assert.equal(await host.read("/srv/app/a.txt/a.txt"), "ours");
    });

    it("fails where a file is in the place of a folder", async () => {
        await using host = await TestHost.make();
        await host.write("/srv/app", "a file");
        const outcome = await installed(host, withFiles({ "app/a.txt": "ours" }));
        assert.equal(outcome?.message, "The deployment failed because a specified file already exists at this location: /srv/app.");
    });

    it("removes the files of the last install, and folders that are then empty", async () => {
        await using host = await TestHost.make();
        await installed(host, withFiles({ "app/old/a.txt": "1", "app/mixed/a.txt": "1", "app/b.txt": "1" }));
        await host.write("/srv/app/mixed/theirs.txt", "theirs");
        assert.deepEqual(await installed(host, withFiles({ "app/b.txt": "2" })), { status: "succeeded" });
        const found = await Promise.all(["old/a.txt", "mixed/a.txt", "mixed/theirs.txt", "b.txt"].map(async path => host.read(`/srv/app/${path}`)));
        assert.deepEqual(found, [undefined, undefined, "theirs", "2"]);
        await assert.rejects(stat(join(host.root, "srv/app/old")));
    });

    it("has removed the last install even when it fails", async () => {
        await using host = await TestHost.make();
        await installed(host, withFiles({ "app/a.txt": "1" }));
        await host.write("/srv/app/new.txt", "theirs");
        assert.equal((await installed(host, withFiles({ "app/new.txt": "2" })))?.status, "failed");
        assert.equal(await host.read("/srv/app/a.txt"), undefined);
    });

    it("keeps the last install when the appspec names an unknown hook", async () => {
        await using host = await TestHost.make();
        await installed(host, withFiles({ "app/a.txt": "1" }));
        const outcome = await installed(host, withFiles({ "app/a.txt": "2" }, "hooks: {AfterInstal: [{location: a.sh}], BlockTraffic: [{location: a.sh}]}"));
        assert.equal(outcome?.message, 'appspec.yml file contains unknown lifecycle events: ["AfterInstal", "BlockTraffic"]');
        assert.equal(await host.read("/srv/app/a.txt"), "1");
    });

    const permissions: readonly { readonly rule: string; readonly modes: readonly string[] }[] = [
        { rule: '{object: /srv/app, mode: "600", type: [file]}', modes: ["755", "600", "600", "755", "600"] },
        { rule: '{object: /srv/app, mode: "700", type: [directory]}', modes: ["755", "644", "755", "700", "755"] },
        { rule: '{object: /srv/app, pattern: "*.sh", mode: "700"}', modes: ["755", "644", "700", "755", "755"] },
        { rule: '{object: /srv/app, pattern: "**", except: ["*.sh"], mode: "711"}', modes: ["755", "711", "755", "711", "711"] },
        { rule: '{object: /srv/app/a.txt, mode: "600"}', modes: ["755", "600", "755", "755", "755"] },
        { rule: '{object: /srv/app, pattern: "a.t*t", mode: 0640}', modes: ["755", "416", "755", "755", "755"] },
        { rule: '{object: /srv, pattern: app, mode: "711", type: [directory]}', modes: ["711", "644", "755", "755", "755"] },
        { rule: '{object: /etc, mode: "600"}', modes: ["755", "644", "755", "755", "755"] },
    ];
    for (const { rule, modes } of permissions) {
        it(`sets the permissions ${rule}`, async () => {
            await using host = await TestHost.make();
            const content = { "app/a.txt": "a", "app/b.sh": "b", "app/sub/c.sh": "c" };
            assert.deepEqual(await installed(host, withFiles(content, `permissions: [${rule}]`)), { status: "succeeded" });
            const paths = ["/srv/app", "/srv/app/a.txt", "/srv/app/b.sh", "/srv/app/sub", "/srv/app/sub/c.sh"];
            assert.deepEqual(await Promise.all(paths.map(async path => host.mode(path))), modes);
        });
    }

    it("sets the permissions of what it puts into somebody's folder, and of nothing else there", async () => {
        await using host = await TestHost.make();
        await host.write("/srv/app/theirs.txt", "theirs");
        await installed(host, withFiles({ "app/a.txt": "a" }, 'permissions: [{object: /srv/app, mode: "600"}]'));
        assert.deepEqual(await Promise.all(["/srv/app/a.txt", "/srv/app/theirs.txt"].map(async path => host.mode(path))), ["600", "644"]);
    });

    const wrongPermissions: readonly { readonly rules: string; readonly message: string }[] = [
        { rules: '{object: /srv/app/a.txt, pattern: "*.txt", mode: "600"}', message: "The deployment failed because the application specification file includes an object (/srv/app/a.txt) with an invalid pattern (*.txt), such as a pattern for a file applied to a directory. Correct the permissions section of the AppSpec file, and then try again." },
        { rules: '{object: /srv/app/a.txt, except: ["b*"], mode: "600"}', message: 'The deployment failed because the except parameter for a pattern in the permissions section (["b*"]) for the object named /srv/app/a.txt contains an invalid format. Update the AppSpec file, and then try again.' },
        { rules: '{object: /srv/app, mode: "600"}, {object: /srv/app, mode: "644"}', message: "The deployment failed because the permissions setting for (/srv/app/a.txt) is specified more than once in the application specification file. Update the files section of the AppSpec file, and then try again." },
    ];
    for (const { rules, message } of wrongPermissions) {
        it(`refuses the permissions ${rules}`, async () => {
            await using host = await TestHost.make();
            const outcome = await installed(host, withFiles({ "app/a.txt": "a" }, `permissions: [${rules}]`));
            assert.equal(outcome?.message, message);
        });
    }

    it("refuses to write through a symbolic link, which might lead out of the host's folder", async () => {
        await using host = await TestHost.make();
        await using outside = await TestHost.make();
        await mkdir(join(host.root, "srv"));
        await symlink(outside.root, join(host.root, "srv/app"));
        await assert.rejects(installed(host, withFiles({ "app/a.txt": "a" })), {
            name: "NotModelled",
            message: "the rehearsal does not model installing through a symbolic link (/srv/app)",
        });
        assert.equal(await outside.read("a.txt"), undefined);
    });

    it("removes a link in the place of an installed file, and not what it leads to", async () => {
        await using host = await TestHost.make();
        await using outside = await TestHost.make();
        await outside.write("theirs.txt", "theirs");
        await installed(host, withFiles({ "app/a.txt": "a" }));
        await unlink(join(host.root, "srv/app/a.txt"));
        await symlink(join(outside.root, "theirs.txt"), join(host.root, "srv/app/a.txt"));
        await installed(host, withFiles({ "app/a.txt": "b" }));
        assert.deepEqual([await host.read("/srv/app/a.txt"), await outside.read("theirs.txt")], ["b", "theirs"]);
    });

    describe("of a file with an owner", () => {
        const owned = withFiles({ "app/a.txt": "a" }, 'permissions: [{object: /srv/app, mode: "4755", owner: daemon, group: daemon, type: [file]}]');

        if (geteuid?.() !== 0) {
            it("refuses to change it when it is not root", async () => {
                await using host = await TestHost.make();
                await assert.rejects(installed(host, owned), { name: "NotModelled" });
            });
            return;
        }
        it("sets the owner after the mode, which drops the set-uid bit", async () => {
            await using host = await TestHost.make();
            assert.deepEqual(await installed(host, owned), { status: "succeeded" });
            const { uid, gid } = await stat(join(host.root, "srv/app/a.txt"));
            assert.deepEqual([uid > 0, gid > 0, await host.mode("/srv/app/a.txt")], [true, true, "755"]);
        });
        it("keeps the set-uid bit of a file that a tar brings, whose owner it sets as well", async () => {
            await using host = await TestHost.make();
            await host.write("in/appspec.yml", appspec(files));
            await host.write("in/app/a.txt", "a", 0o4755);
            const { stdout } = await execa("tar", ["-c", "-C", join(host.root, "in"), "."], { encoding: "buffer" });
            const agent = host.agent({}, { fetchBundle: () => Promise.resolve(stdout) });
            const deployment = { id: "d-1", bundle: { ...bundle, format: "tar" as const } };
            await agent.run("DownloadBundle", deployment);
            assert.deepEqual(await agent.run("Install", deployment), { status: "succeeded" });
            assert.equal(await host.mode("/srv/app/a.txt"), "4755");
        });
        it("fails on an unknown owner", async () => {
            await using host = await TestHost.make();
            const outcome = await installed(host, withFiles({ "app/a.txt": "a" }, "permissions: [{object: /srv/app, owner: no-such-user}]"));
            assert.deepEqual(outcome, { status: "failed", errorCode: 5, message: "can't find user for no-such-user" });
        });
        it("gives an overwritten file the owner of the bundle", async () => {
            await using host = await TestHost.make();
            await host.write("/srv/app/a.txt", "theirs");
            await chown(join(host.root, "srv/app/a.txt"), 12, 34);
            await installed(host, withFiles({ "app/a.txt": "ours" }, "file_exists_behavior: OVERWRITE"));
            const { uid, gid } = await stat(join(host.root, "srv/app/a.txt"));
            assert.deepEqual([uid, gid], [0, 0]);
        });
    });
});
