import { chmod, chown, copyFile, mkdir, open, rm, rmdir, stat, utimes } from "node:fs/promises";
import { posix } from "node:path";
import type { Appspec, FileExistsBehavior } from "./appspec";
import { EventFailure, NotModelled } from "./failure";
import { isRoot, isSystemError, statLink, type HostRoot } from "./host-root";
import { planInstall, type Instruction } from "./install-plan";
import { readIfPresent } from "./revisions";

/** Puts the files of a bundle on the host, after removing those of the last install. That removal is not undone by a failure. */
export async function install(host: HostRoot, archive: string, appspec: Appspec, cleanupList: string, otherwise?: FileExistsBehavior): Promise<void> {
    await removeLastInstall(host, cleanupList);
    const instructions = await planInstall(host, archive, appspec, otherwise);
    const cleanup = await open(host.locate(cleanupList), "w");
    try {
        for (const instruction of instructions) {
            await carryOut(host, instruction, async hostPath => {
                await cleanup.write(`${hostPath}\n`);
            });
        }
    } finally {
        await cleanup.close();
    }
}

async function removeLastInstall(host: HostRoot, cleanupList: string): Promise<void> {
    const list = await readIfPresent(host.locate(cleanupList));
    // What follows the last line end was cut off while it was written.
    const made = (list ?? "").split("\n").slice(0, -1);
    for (const hostPath of made.reverse()) {
        await remove(await host.locateForRemoval(hostPath.trim()));
    }
    await rm(host.locate(cleanupList), { force: true });
}

async function remove(path: string): Promise<void> {
    const found = await statLink(path);
    if (found?.isDirectory() !== true) {
        await rm(path, { force: true });
        return;
    }
    await rmdir(path).catch((error: unknown) => {
        // Somebody's files are in it: the folder stays, and the install goes on.
        if (!isSystemError(error) || error.code !== "ENOTEMPTY") {
            throw error;
        }
    });
}

type NoteForCleanup = (hostPath: string) => Promise<void>;

async function carryOut(host: HostRoot, instruction: Instruction, noteForCleanup: NoteForCleanup): Promise<void> {
    switch (instruction.type) {
        case "makeFolder":
            return makeFolder(host, instruction.folder, noteForCleanup);
        case "copy":
            return copy(host, instruction.source, instruction.destination, noteForCleanup);
        case "setMode":
            return chmod(await host.locateForWriting(instruction.object), Number.parseInt(instruction.mode, 8));
        case "setOwner":
            return setOwner(host, instruction.object, instruction.owner, instruction.group);
    }
}

async function makeFolder(host: HostRoot, folder: string, noteForCleanup: NoteForCleanup): Promise<void> {
    const path = await host.locateForWriting(folder);
    if ((await statLink(path)) !== undefined) {
        throw new EventFailure(`The deployment failed because a specified file already exists at this location: ${folder}.`);
    }
    await mkdir(path);
    await chmod(path, 0o755);
    await noteForCleanup(folder);
}

async function copy(host: HostRoot, source: string, destination: string, noteForCleanup: NoteForCleanup): Promise<void> {
    await noteForCleanup(destination);
    const from = host.locate(source);
    // Onto a folder means into it.
    const existing = await statLink(await host.locateForWriting(destination));
    const target = existing?.isDirectory() === true ? posix.join(destination, posix.basename(source)) : destination;
    const to = await host.locateForWriting(target);
    // Brings the mode along, onto an existing file as well.
    await copyFile(from, to);
    const { uid, gid, mode, atime, mtime } = await stat(from);
    if (isRoot()) {
        await chown(to, uid, gid);
        // A change of owner, even to the same one, has dropped a set-uid bit.
        await chmod(to, mode & 0o7777);
    }
    await utimes(to, atime, mtime);
}

async function setOwner(host: HostRoot, object: string, owner?: string, group?: string): Promise<void> {
    if (!isRoot()) {
        throw new NotModelled(`a change of owner or group unless it is run by root (permissions of ${object})`);
    }
    const uid = owner === undefined ? -1 : await lookUp("user", "/etc/passwd", owner);
    const gid = group === undefined ? -1 : await lookUp("group", "/etc/group", group);
    await chown(await host.locateForWriting(object), uid, gid);
}

/** The users and groups of a rehearsed host are those of this machine. */
async function lookUp(kind: "user" | "group", file: string, name: string): Promise<number> {
    const lines = (await readIfPresent(file))?.split("\n") ?? [];
    const id = lines.map(line => line.split(":")).find(fields => fields[0] === name)?.[2];
    if (id === undefined) {
        throw new EventFailure(`can't find ${kind} for ${name}`);
    }
    return Number(id);
}
