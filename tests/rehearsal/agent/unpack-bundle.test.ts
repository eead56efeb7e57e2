import assert from "node:assert/strict";
import { readdir, readFile, stat, symlink } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { strToU8, zipSync, type Zippable } from "fflate";
import { unpackBundle } from "../../../rehearsal/agent/unpack-bundle";
import { EventFailure, NotModelled } from "../../../rehearsal/agent/failure";
import { TestHost } from "./test-host";

const text = strToU8("text\n".repeat(100));

function unix(mode: number): { os: number; attrs: number; mtime: Date } {
    return { os: 3, attrs: (mode << 16) >>> 0, mtime: new Date(2020, 0, 1) };
}

async function unpacked(entries: Zippable, check: (folder: string) => Promise<void>): Promise<void> {
    await using host = await TestHost.make();
    const folder = join(host.root, "archive");
    await unpackBundle(zipSync(entries), "zip", folder);
    await check(folder);
}

describe("the bundle archive", () => {
    const modes: readonly { readonly title: string; readonly options: { os: number; attrs: number }; readonly mode: number }[] = [
        { title: "keeps Unix modes", options: unix(0o100750), mode: 0o750 },
        { title: "drops set-uid, as unzip does", options: unix(0o104755), mode: 0o755 },
        { title: "gives 0644 where there is no Unix mode", options: { os: 0, attrs: 0 }, mode: 0o644 },
    ];
    for (const { title, options, mode } of modes) {
        it(title, async () => {
            await unpacked({ "file": [text, options], "other": text }, async folder => {
                assert.equal((await stat(join(folder, "file"))).mode & 0o7777, mode);
            });
        });
    }

    it("keeps contents, stored or compressed, and empty folders", async () => {
        await unpacked({ "stored": [text, { level: 0 }], "sub/deflated": text, "empty/": new Uint8Array() }, async folder => {
            assert.deepEqual((await readdir(folder, { recursive: true })).sort(), ["empty", "stored", "sub", "sub/deflated"]);
            assert.deepEqual(await readFile(join(folder, "stored")), Buffer.from(text));
            assert.deepEqual(await readFile(join(folder, "sub/deflated")), Buffer.from(text));
        });
    });

    it("takes the times in the zip for UTC, the clock of an EC2 host", async () => {
        await unpacked({ "file": [text, { mtime: new Date(2020, 5, 7, 8, 9, 10) }], "other": text }, async folder => {
            assert.equal((await stat(join(folder, "file"))).mtime.toISOString(), "2020-06-07T08:09:10.000Z");
        });
    });

    const layouts: readonly { readonly title: string; readonly entries: readonly string[]; readonly found: readonly string[] }[] = [
        { title: "strips a leading folder that holds an appspec", entries: ["app-1/appspec.yml", "app-1/run.sh"], found: ["appspec.yml", "run.sh"] },
        { title: "strips it for any name that holds the word", entries: ["app-1/My-AppSpec.old"], found: ["My-AppSpec.old"] },
        { title: "keeps a leading folder without appspec", entries: ["app-1/run.sh"], found: ["app-1"] },
        { title: "keeps a folder that is not alone", entries: ["app-1/appspec.yml", "readme"], found: ["app-1", "readme"] },
    ];
    for (const { title, entries, found } of layouts) {
        it(title, async () => {
            await unpacked(Object.fromEntries(entries.map(path => [path, text])), async folder => {
                assert.deepEqual((await readdir(folder)).sort(), found);
            });
        });
    }

    it("replaces what an earlier download left", async () => {
        await using host = await TestHost.make();
        await host.write("archive/old", "old");
        await unpackBundle(zipSync({ appspec: text, other: text }), "zip", join(host.root, "archive"));
        assert.deepEqual((await readdir(join(host.root, "archive"))).sort(), ["appspec", "other"]);
    });

    const whole = Buffer.from(zipSync({ "file": text }));
    const broken: readonly { readonly title: string; readonly zip: Buffer; readonly message: RegExp }[] = [
        { title: "a zip that was cut off", zip: whole.subarray(0, whole.length - 30), message: /^Zip end of central directory signature not found$/ },
        { title: "a directory that lies elsewhere", zip: changed(whole, whole.length - 6, directory(whole) + 1), message: /^Zip central directory header not found$/ },
        { title: "a directory that would lie beyond the end", zip: changed(whole, whole.length - 6, 0xff), message: /^Zip central directory header not found$/ },
        { title: "an entry that would lie beyond the end", zip: changed(whole, directory(whole) + 43, 0xff), message: /^Zip local file header not found$/ },
        { title: "content that does not inflate", zip: changed(whole, 34, 0xff), message: /^invalid compressed data to inflate: file$/ },
        { title: "content of another checksum", zip: changed(Buffer.from(zipSync({ "file": [text, { level: 0 }] })), 40, 0x21), message: /^bad CRC or size of file in the bundle$/ },
    ];
    for (const { title, zip, message } of broken) {
        it(`fails on ${title}`, async () => {
            await using host = await TestHost.make();
            await assert.rejects(unpackBundle(zip, "zip", join(host.root, "archive")), error => error instanceof EventFailure && message.test(error.message));
        });
    }

    describe("packed by tar", () => {
        async function packed(options: readonly string[], work: (folder: string) => Promise<void>): Promise<Uint8Array> {
            await using host = await TestHost.make();
            await host.write("in/run.sh", "text", 0o4755);
            await host.write("in/appspec.yml", "text");
            await work(join(host.root, "in"));
            return (await execa("tar", [...options, "-C", join(host.root, "in"), "."], { encoding: "buffer" })).stdout;
        }
        const asItIs = (): Promise<void> => Promise.resolve();

        for (const [options, format] of [[["-c"], "tar"], [["-cz"], "tgz"], [["-cz"], "tar"]] as const) {
            it(`is unpacked as ${format} with the modes of its files, set-uid too, from tar ${options.join(" ")}`, async () => {
                const bundle = await packed(options, asItIs);
                await using host = await TestHost.make();
                await unpackBundle(bundle, format, join(host.root, "archive"));
                assert.deepEqual([await host.mode("archive/run.sh"), (await readdir(host.root))], ["4755", ["archive"]]);
            });
        }
        it("fails as tgz when it is not compressed", async () => {
            const bundle = await packed(["-c"], asItIs);
            await using host = await TestHost.make();
            await assert.rejects(unpackBundle(bundle, "tgz", join(host.root, "archive")), error =>
                error instanceof EventFailure && error.message === "Error extracting tar archive: 2");
        });
        it("is refused with a symbolic link in it", async () => {
            const bundle = await packed(["-c"], folder => symlink("/etc", join(folder, "link")));
            await using host = await TestHost.make();
            await assert.rejects(unpackBundle(bundle, "tar", join(host.root, "archive")), { message: "the rehearsal does not model a symbolic link in the bundle (link)" });
        });
    });

    const refused: readonly { readonly title: string; readonly zip: Buffer; readonly message: string }[] = [
        { title: "a symbolic link", zip: Buffer.from(zipSync({ link: [text, unix(0o120777)] })), message: "a symbolic link in the bundle (link)" },
        { title: "a path out of the bundle", zip: Buffer.from(zipSync({ "../out": text })), message: 'an entry of the bundle named "../out"' },
        { title: "an absolute path", zip: Buffer.from(zipSync({ "/out": text })), message: 'an entry of the bundle named "/out"' },
        { title: "a backslash in a path", zip: Buffer.from(zipSync({ "a\\b": text })), message: 'an entry of the bundle named "a\\\\b"' },
        { title: "another compression", zip: changed(whole, directory(whole) + 10, 12), message: "the compression of file in the bundle (method 12)" },
        { title: "encryption", zip: changed(whole, directory(whole) + 8, 1), message: "an encrypted bundle (file)" },
        { title: "Zip64", zip: changed(changed(whole, whole.length - 12, 0xff), whole.length - 11, 0xff), message: "a bundle in the Zip64 format" },
    ];
    for (const { title, zip, message } of refused) {
        it(`refuses ${title}`, async () => {
            await using host = await TestHost.make();
            await assert.rejects(unpackBundle(zip, "zip", join(host.root, "archive")), error =>
                error instanceof NotModelled && error.message === `the rehearsal does not model ${message}`);
        });
    }
});

function changed(zip: Buffer, at: number, value: number): Buffer {
    const copy = Buffer.from(zip);
    copy[at] = value;
    return copy;
}

/** Where the central directory begins. */
function directory(zip: Buffer): number {
    return zip.indexOf("PK\x01\x02", 0, "latin1");
}
