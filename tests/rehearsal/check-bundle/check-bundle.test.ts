import assert from "node:assert/strict";
import { mkdirSync, symlinkSync } from "node:fs";
import { chmod, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { strToU8, zipSync, type Zippable } from "fflate";
import { makeRelease, readReleaseScripts, writeRelease, zipRelease } from "../../../release/bundle";
import { BundlePathError, checkBundle } from "../../../rehearsal/check-bundle/check-bundle";
import { appspec, zip, type BundleFiles } from "../agent/test-host";
import { inFolder } from "./bundle-folder";

const good: BundleFiles = {
    "appspec.yml": appspec("hooks: {ApplicationStart: [{location: run.sh, timeout: 5}]}"),
    "run.sh": "#!/bin/sh\n",
};
const bad: BundleFiles = { ...good, "appspec.yml": "version: 1.0\nos: linux\n" };

const ours = makeRelease(readReleaseScripts("app-scripts"), {
    image: `registry.test/app@sha256:${"a".repeat(64)}`, containerPort: 8080, healthPath: "/health", probePath: "/",
    healthTimeoutSeconds: 3, stopGraceSeconds: 30, environment: { GREETING: "hello" },
});

describe("a bundle to check", () => {
    it("that is ours is found to be good, as a zip and as a folder", async () => {
        await inFolder({}, async folder => {
            await writeFile(join(folder, "ours.zip"), zipRelease(ours));
            writeRelease(ours, join(folder, "ours"));
            assert.deepEqual(await checkBundle(join(folder, "ours.zip")), []);
            assert.deepEqual(await checkBundle(join(folder, "ours")), []);
        });
    });

    for (const [format, option] of [["tar", "-c"], ["tgz", "-cz"], ["tar.gz", "-cz"]] as const) {
        it(`may be a ${format}`, async () => {
            const check = async (files: BundleFiles): Promise<number> => inFolder(files, async folder => {
                const file = `${folder}.${format}`;
                await execa("tar", [option, "-f", file, "-C", folder, "."]);
                try {
                    return (await checkBundle(file)).length;
                } finally {
                    await execa("rm", [file]);
                }
            });
            assert.deepEqual([await check(good), await check(bad)], [0, 1]);
        });
    }

    it("may be a zip, of which a leading folder is told", async () => {
        await inFolder({}, async folder => {
            const inside = Object.fromEntries(Object.entries(good).map(([path, text]) => [`app-1/${path}`, text]));
            await writeFile(join(folder, "good.zip"), zip(good));
            await writeFile(join(folder, "inside.zip"), zip(inside));
            assert.deepEqual(await checkBundle(join(folder, "good.zip")), []);
            assert.deepEqual((await checkBundle(join(folder, "inside.zip"))).map(({ severity, file }) => [severity, file]), [["warning", "app-1"]]);
        });
    });

    it("that is damaged fails at its download", async () => {
        await inFolder({}, async folder => {
            const file = join(folder, "cut.zip");
            await writeFile(file, zip(good).slice(0, -30));
            const [found, ...others] = await checkBundle(file);
            assert.deepEqual([found?.severity, found?.event, found?.errorCode, found?.happens, others], ["error", "DownloadBundle", 5, "Zip end of central directory signature not found", []]);
        });
    });

    const link: Zippable = { ...Object.fromEntries(Object.entries(good).map(([path, text]) => [path, strToU8(text)])), link: [strToU8("run.sh"), { os: 3, attrs: (0o120777 << 16) >>> 0 }] };

    it("with a symbolic link in a zip is looked at no further, and says so", async () => {
        await inFolder({}, async folder => {
            const file = join(folder, "link.zip");
            await writeFile(file, zipSync(link));
            assert.deepEqual(await checkBundle(file), [{
                severity: "warning", file, happens: "the rehearsal does not model a symbolic link in the bundle (link); the rest of the bundle was not looked at",
                fix: "Leave it out, or check the folder that the bundle is made of.",
            }]);
        });
    });

    it("with symbolic links in a folder is warned of each, also of one that leads nowhere, and looked at as if they were files", async () => {
        const files = { ...good, "appspec.yml": appspec("hooks: {ApplicationStart: [{location: link.sh, timeout: 5}]}") };
        await inFolder(files, async folder => {
            symlinkSync("run.sh", join(folder, "link.sh"));
            symlinkSync("gone", join(folder, "nowhere"));
            mkdirSync(join(folder, "sub"));
            symlinkSync(folder, join(folder, "sub/round"));
            assert.deepEqual((await checkBundle(folder)).map(({ severity, file }) => [severity, file]).sort(), [["warning", "link.sh"], ["warning", "nowhere"], ["warning", "sub/round"]]);
        });
    });

    describe("with a script of another user", () => {
        const runas = (user: string): BundleFiles => ({ ...good, "appspec.yml": appspec(`hooks: {ApplicationStart: [{location: run.sh, timeout: 5, runas: ${user}}]}`) });
        const check = async (files: BundleFiles, mode: number, runByRoot = true): Promise<readonly unknown[]> => inFolder(files, async folder => {
            await chmod(join(folder, "run.sh"), mode);
            return (await checkBundle(folder, runByRoot)).map(({ severity, event, happens }) => [severity, event, /run as user daemon failed with exit code 126|not root/.exec(happens)?.[0]]);
        });

        it("fails where others may not read it", async () => {
            assert.deepEqual(await check(runas("daemon"), 0o700), [["error", "ApplicationStart", "run as user daemon failed with exit code 126"]]);
        });
        for (const [user, mode] of [["daemon", 0o755], ["daemon", 0o644], ["root", 0o700], ['""', 0o700]] as const) {
            it(`is good with ${user} and mode ${mode.toString(8)}, and told to whoever cannot rehearse it`, async () => {
                assert.deepEqual(await check(runas(user), mode), []);
                assert.deepEqual(await check(runas(user), mode, false), [["warning", undefined, "not root"]]);
            });
        }
        for (const [entry, told] of [["owner: daemon", 1], ["group: daemon", 1], ['mode: "640"', 0]] as const) {
            it(`or a permission with ${entry} is ${told === 0 ? "not " : ""}told to whoever cannot rehearse it`, async () => {
                const lines = ["file_exists_behavior: OVERWRITE", "files: [{source: run.sh, destination: /srv}]", `permissions: [{object: /srv/run.sh, ${entry}}]`];
                const files = { ...good, "appspec.yml": appspec(...lines) };
                assert.deepEqual(await check(files, 0o755), []);
                assert.equal((await check(files, 0o755, false)).length, told);
            });
        }
    });

    for (const [what, name, message] of [
        ["nothing", "gone.zip", /gone\.zip cannot be read: No such file or directory\. Name a zip/],
        ["a file of another kind", "appspec.yml", /appspec\.yml is no bundle: name a \.zip/],
    ] as const) {
        it(`is refused where there is ${what}`, async () => {
            await inFolder(good, async folder => {
                await assert.rejects(checkBundle(join(folder, name)), error => error instanceof BundlePathError && message.test(error.message));
            });
        });
    }

    it("leaves nothing behind", async () => {
        const { TMPDIR } = process.env;
        // Others check bundles at the same time, in the folder that all share.
        const own = await mkdtemp(join(tmpdir(), "own-"));
        try {
            await inFolder(bad, async folder => {
                process.env["TMPDIR"] = own;
                await checkBundle(folder);
            });
            assert.deepEqual(await readdir(own), []);
        } finally {
            if (TMPDIR === undefined) delete process.env["TMPDIR"];
            else process.env["TMPDIR"] = TMPDIR;
            await rm(own, { recursive: true });
        }
    });
});
