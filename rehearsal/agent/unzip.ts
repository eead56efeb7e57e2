import { chmod, mkdir, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { crc32, inflateRaw } from "node:zlib";
import { EventFailure, NotModelled } from "./failure";

// Read here and not by fflate, which gives neither the Unix modes nor the checksum of an entry.
// The layout is that of the ZIP specification (APPNOTE), sections 4.3.7, 4.3.12 and 4.3.16.

interface Entry {
    readonly path: string;
    readonly mode: number;
    readonly modified: Date;
    readonly method: number;
    readonly checksum: number;
    readonly size: number;
    readonly packed: Uint8Array;
}

/** Unpacks a zip into a folder that is there. */
export async function unzip(zip: Uint8Array, folder: string): Promise<void> {
    for (const entry of readEntries(Buffer.from(zip.buffer, zip.byteOffset, zip.byteLength))) {
        await writeEntry(entry, join(folder, entry.path));
    }
}

async function writeEntry(entry: Entry, file: string): Promise<void> {
    if (entry.path.endsWith("/")) {
        await mkdir(file, { recursive: true });
        return;
    }
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, await unpack(entry));
    await chmod(file, entry.mode);
    await utimes(file, entry.modified, entry.modified);
}

async function unpack({ path, method, packed, size, checksum }: Entry): Promise<Uint8Array> {
    if (method !== stored && method !== deflated) {
        throw new NotModelled(`the compression of ${path} in the bundle (method ${method})`);
    }
    const content = method === stored ? packed : await inflate(packed).catch((error: unknown) => {
        throw new EventFailure(`invalid compressed data to inflate: ${path}`, undefined, { cause: error });
    });
    if (content.length !== size || crc32(content) !== checksum) {
        throw new EventFailure(`bad CRC or size of ${path} in the bundle`);
    }
    return content;
}

const stored = 0;
const deflated = 8;
const unixHost = 3;
const fileTypeMask = 0o170000;
const symbolicLink = 0o120000;
const inflate = promisify<Uint8Array, Uint8Array>(inflateRaw);

function* readEntries(zip: Buffer): Generator<Entry> {
    const end = zip.lastIndexOf("PK\x05\x06", undefined, "latin1");
    if (end < 0 || end + 22 > zip.length) {
        throw new EventFailure("Zip end of central directory signature not found");
    }
    const count = zip.readUInt16LE(end + 10);
    let at = zip.readUInt32LE(end + 16);
    if (count === 0xffff || at === 0xffffffff) {
        throw new NotModelled("a bundle in the Zip64 format");
    }
    for (let index = 0; index < count; index += 1) {
        if (at + 46 > zip.length || zip.readUInt32LE(at) !== 0x02014b50) {
            throw new EventFailure("Zip central directory header not found");
        }
        const nameLength = zip.readUInt16LE(at + 28);
        yield readEntry(zip, at, nameLength);
        at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
    }
}

function readEntry(zip: Buffer, at: number, nameLength: number): Entry {
    const flags = zip.readUInt16LE(at + 8);
    const path = zip.toString((flags & 0x800) === 0 ? "latin1" : "utf8", at + 46, at + 46 + nameLength);
    if ((flags & 1) !== 0) {
        throw new NotModelled(`an encrypted bundle (${path})`);
    }
    if (path.includes("\\") || path.startsWith("/") || path.split("/").includes("..")) {
        throw new NotModelled(`an entry of the bundle named ${JSON.stringify(path)}`);
    }
    return {
        path,
        mode: readMode(zip, at, path),
        modified: readTime(zip.readUInt16LE(at + 14), zip.readUInt16LE(at + 12)),
        method: zip.readUInt16LE(at + 10),
        checksum: zip.readUInt32LE(at + 16),
        size: zip.readUInt32LE(at + 24),
        packed: readPacked(zip, zip.readUInt32LE(at + 42), zip.readUInt32LE(at + 20)),
    };
}

/** `unzip` drops set-uid and its like, and gives files without a Unix mode the usual one. */
function readMode(zip: Buffer, at: number, path: string): number {
    const attributes = zip.readUInt32LE(at + 38) >>> 16;
    if (zip.readUInt8(at + 5) !== unixHost || attributes === 0) {
        return 0o644;
    }
    if ((attributes & fileTypeMask) === symbolicLink) {
        throw new NotModelled(`a symbolic link in the bundle (${path})`);
    }
    return attributes & 0o777;
}

/** DOS keeps local time in steps of two seconds; an EC2 host takes it for UTC. */
function readTime(date: number, time: number): Date {
    return new Date(Date.UTC(1980 + (date >> 9), ((date >> 5) & 15) - 1, date & 31, time >> 11, (time >> 5) & 63, (time & 31) * 2));
}

function readPacked(zip: Buffer, header: number, length: number): Uint8Array {
    if (header + 30 > zip.length) {
        throw new EventFailure("Zip local file header not found");
    }
    const start = header + 30 + zip.readUInt16LE(header + 26) + zip.readUInt16LE(header + 28);
    return zip.subarray(start, start + length);
}
