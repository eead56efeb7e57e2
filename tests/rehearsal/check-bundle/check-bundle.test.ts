import assert from "node:assert/strict";
import { mkdirSync, symlinkSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
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

    it("with a symbolic link in a zip is warned of it, and looked at with what it leads to", async () => {
        await inFolder({}, async folder => {
            const file = join(folder, "link.zip");
            await writeFile(file, zipSync(link));
            assert.deepEqual((await checkBundle(file)).map(({ severity, file }) => [severity, file]), [["warning", "link"]]);
        });
    });

    const linked: BundleFiles = {
        ...good,
        "appspec.yml": appspec("file_exists_behavior: OVERWRITE", "files: [{source: sub/round/gone, destination: /srv}]", "hooks:", "  AfterInstall:",
            "    - {location: link.sh, timeout: 5}", "    - {location: nowhere, timeout: 5}", "    - {location: out.sh, timeout: 5}", "    - {location: sub/round/run.sh, timeout: 5}"),
        "run.sh": "#!/bin/sh\nsleep 1 &\n",
    };

    for (const [format, make] of [["tar", ["tar", "-cf"]], ["tgz", ["tar", "-czf"]], ["zip", ["zip", "-qry"]], ["folder", undefined]] as const) {
        for (const inside of format === "folder" ? [""] : ["", "app-1"]) {
            it(`as a ${format}${inside === "" ? "" : ` in ${inside}`} says what it could not look at because of links, and looks at the rest`, async function () {
                if (format === "zip" && (await execa("zip", ["-v"], { reject: false })).failed) this.skip();
                await inFolder(linked, async folder => {
                    symlinkSync("second.sh", join(folder, "link.sh"));
                    symlinkSync("run.sh", join(folder, "second.sh"));
                    symlinkSync("gone", join(folder, "nowhere"));
                    symlinkSync(format === "folder" ? "/none/outside" : "/etc/hostname", join(folder, "out.sh"));
                    mkdirSync(join(folder, "sub"));
                    symlinkSync("..", join(folder, "sub/round"));
                    const bundle = make === undefined ? folder : await packed(folder, format, make, inside);
                    const found = await checkBundle(bundle);
                    if (bundle !== folder) await rm(bundle);
                    assert.deepEqual(found.map(({ severity, file, line }) => `${severity} ${file}:${line ?? ""}`).sort(), [
                        ...(inside === "" ? [] : ["warning app-1:"]),
                        "notChecked appspec.yml:10", "notChecked appspec.yml:8", "notChecked appspec.yml:4", "notChecked appspec.yml:9",
                        "warning link.sh:", "warning link.sh:2", "warning nowhere:", "warning out.sh:", "warning second.sh:", "warning sub/round:",
                    ].sort());
                });
            });
        }
    }

    /** An archive of a folder beside it, as the programs make one that keep links. */
    async function packed(folder: string, format: string, [program, option]: readonly [string, string], inside: string): Promise<string> {
        const file = `${folder}.${format}`;
        if (inside === "") {
            await execa(program, [option, file, "."], { cwd: folder });
        } else {
            await mkdir(join(folder, inside));
            for (const name of (await readdir(folder)).filter(name => name !== inside)) await rename(join(folder, name), join(folder, inside, name));
            await execa(program, [option, file, inside], { cwd: folder });
        }
        return file;
    }

    it("whose appspec is behind a link is not called one without appspec", async () => {
        await inFolder({}, async folder => {
            symlinkSync("gone.yml", join(folder, "appspec.yml"));
            assert.deepEqual((await checkBundle(folder)).map(({ severity, file }) => [severity, file]), [["notChecked", "appspec.yml"], ["warning", "appspec.yml"]]);
        });
    });

    it("that names a file outside of itself is not looked at, and says so", async () => {
        await inFolder({}, async folder => {
            const file = join(folder, "out.zip");
            await writeFile(file, zip({ ...good, "../../evil": "" }));
            assert.deepEqual(await checkBundle(file), [{
                severity: "notChecked", file: "out.zip", happens: 'the rehearsal does not model an entry of the bundle named "../../evil"; nothing of the bundle was looked at',
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

    it("is refused where the system cannot unpack it", async () => {
        await inFolder({}, async folder => {
            const file = join(folder, "long.zip");
            await writeFile(file, zip({ ...good, ["a".repeat(300)]: "" }));
            await assert.rejects(checkBundle(file), error => error instanceof BundlePathError && error.message.startsWith(`${file} (`) && error.message.includes("cannot be read: Name too long"));
        });
    });

    for (const part of ["run.sh", "sub", "."]) {
        it(`is refused where ${part} may not be read`, async () => {
            await inFolder({ ...good, "sub/a.txt": "" }, async folder => {
                await chmod(folder, 0o755);
                await chmod(join(folder, part), 0o000);
                try {
                    await assert.rejects(byNobody(async () => checkBundle(folder)), error => error instanceof BundlePathError && error.message.includes("annot be read: Permission denied") && error.message.includes(join(folder, part)));
                } finally {
                    await chmod(join(folder, part), 0o755);
                }
            });
        });
    }

    /** Root may read everything. */
    async function byNobody<T>(work: () => Promise<T>): Promise<T> {
        if (process.geteuid?.() !== 0) return work();
        process.seteuid?.(65534);
        try {
            return await work();
        } finally {
            process.seteuid?.(0);
        }
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
