import { lstat } from "node:fs/promises";
import { dirname, join, posix, resolve } from "node:path";
import { NotModelled } from "./failure";

/** A folder that stands for the `/` of a host. Only paths inside it come out, whatever goes in. */
export class HostRoot {
    readonly folder: string;

    constructor(folder: string) {
        this.folder = resolve(folder);
    }

    /** Where a path of the host lies on this machine. A relative one counts from `/`, where the agent works. */
    locate(hostPath: string): string {
        return join(this.folder, posix.resolve("/", hostPath));
    }

    /** The host's name for a path of this machine. */
    nameOf(path: string): string {
        return path.startsWith(join(this.folder, "/")) ? path.slice(this.folder.length) : path;
    }

    /** Like `locate`, for a path about to be written: no part of it may be a symbolic link, which could lead out of the folder. */
    async locateForWriting(hostPath: string): Promise<string> {
        await this.refuseLinks(posix.resolve("/", hostPath));
        return this.locate(hostPath);
    }

    /** Like `locateForWriting`, for a path about to be removed: it may be a link itself, for then only the link goes. */
    async locateForRemoval(hostPath: string): Promise<string> {
        await this.refuseLinks(dirname(posix.resolve("/", hostPath)));
        return this.locate(hostPath);
    }

    private async refuseLinks(hostPath: string): Promise<void> {
        if (hostPath === "/") {
            return;
        }
        await this.refuseLinks(dirname(hostPath));
        if ((await statLink(this.locate(hostPath)))?.isSymbolicLink()) {
            throw new NotModelled(`installing through a symbolic link (${hostPath})`);
        }
    }
}

/** `lstat`, or undefined where nothing is. */
export async function statLink(path: string) {
    return lstat(path).catch((error: unknown) => {
        if (isSystemError(error) && (error.code === "ENOENT" || error.code === "ENOTDIR")) {
            return undefined;
        }
        throw error;
    });
}

/** Whether this process may do to its host what an agent does, which runs as root. */
export function isRoot(): boolean {
    return process.geteuid?.() === 0;
}

export function isSystemError(error: unknown): error is NodeJS.ErrnoException & { readonly errno: number } {
    return error instanceof Error && "errno" in error && typeof error.errno === "number";
}
