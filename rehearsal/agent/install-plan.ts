import { readdir, stat } from "node:fs/promises";
import { posix } from "node:path";
import type { Appspec, FileExistsBehavior, FileRule } from "./appspec";
import { EventFailure } from "./failure";
import { isSystemError, type HostRoot } from "./host-root";
import { checkFilePermission, covers, type Permission } from "./permission";

/** One thing to do on the host; all paths are the host's. */
export type Instruction =
    | { readonly type: "makeFolder"; readonly folder: string }
    | { readonly type: "copy"; readonly source: string; readonly destination: string }
    | { readonly type: "setMode"; readonly object: string; readonly mode: string }
    | { readonly type: "setOwner"; readonly object: string; readonly owner: string | undefined; readonly group: string | undefined };

/**
 * Works out what an install will do, and refuses what it must not do, before anything is touched.
 * @param otherwise what happens to somebody's file where the appspec does not say it
 */
export async function planInstall(host: HostRoot, archive: string, appspec: Appspec, otherwise: FileExistsBehavior = "DISALLOW"): Promise<readonly Instruction[]> {
    const plan = new InstallPlan(host, appspec.fileExistsBehavior ?? otherwise);
    for (const rule of appspec.files) {
        await plan.addFiles(archive, rule);
    }
    for (const permission of appspec.permissions) {
        await plan.addPermission(permission);
    }
    return plan.instructions;
}

class InstallPlan {
    readonly instructions: Instruction[] = [];
    private readonly sources = new Map<string, string>();
    private readonly folders = new Set<string>();
    private readonly permitted = new Set<string>();

    constructor(private readonly host: HostRoot, private readonly behavior: FileExistsBehavior) {}

    async addFiles(archive: string, rule: FileRule): Promise<void> {
        const source = posix.join(archive, rule.source);
        const destination = posix.resolve("/", rule.destination);
        if (await this.isFolder(source)) {
            await this.makeMissing(posix.dirname(destination));
            await this.copyFolder(source, destination);
        } else {
            await this.makeMissing(destination);
            await this.copyFile(source, posix.join(destination, posix.basename(source)));
        }
    }

    async addPermission(permission: Permission): Promise<void> {
        const object = posix.resolve("/", permission.object);
        if (this.sources.has(object)) {
            if (permission.types.includes("file")) {
                checkFilePermission(permission);
                this.permit(object, permission);
            }
        } else if (this.folders.has(object) || (await this.isFolder(object))) {
            const files = permission.types.includes("file") ? [...this.sources.keys()] : [];
            const folders = permission.types.includes("directory") ? [...this.folders] : [];
            for (const path of [...files, ...folders].filter(path => covers(permission, path))) {
                this.permit(path, permission);
            }
        }
    }

    private async copyFolder(source: string, destination: string): Promise<void> {
        if (!(await this.isFolder(destination))) {
            this.makeFolder(destination);
        }
        for (const entry of await readdir(this.host.locate(source), { withFileTypes: true })) {
            const from = posix.join(source, entry.name);
            const to = posix.join(destination, entry.name);
            await (entry.isDirectory() ? this.copyFolder(from, to) : this.copyFile(from, to));
        }
    }

    private async copyFile(source: string, destination: string): Promise<void> {
        const exists = (await this.kind(destination)) !== undefined;
        if (exists && this.behavior === "RETAIN") {
            return;
        }
        if (exists && this.behavior === "DISALLOW") {
            throw new EventFailure(`The deployment failed because a specified file already exists at this location: ${destination}`);
        }
        const other = this.sources.get(destination);
        if (other !== undefined) {
            throw new EventFailure(`The deployment failed because the application specification file specifies two source files named ${source} and ${other} for the same destination (${destination}). Remove one of the source file paths from the AppSpec file, and then try again.`);
        }
        if (this.folders.has(destination)) {
            throw new EventFailure(`The deployment failed because the application specification file calls for installing the file ${source}, but a file with that name already exists at the location (${destination}). Update your AppSpec file or directory structure, and then try again.`);
        }
        this.instructions.push({ type: "copy", source, destination });
        this.sources.set(destination, source);
    }

    private async makeMissing(folder: string): Promise<void> {
        if ((await this.kind(folder)) === undefined) {
            await this.makeMissing(posix.dirname(folder));
            this.makeFolder(folder);
        }
    }

    private makeFolder(folder: string): void {
        const source = this.sources.get(folder);
        if (source !== undefined) {
            throw new EventFailure(`The deployment failed because the application specification file includes an mkdir command more than once for the same destination path (${folder}) from (${source}). Update the files section of the AppSpec file, and then try again.`);
        }
        if (!this.folders.has(folder)) {
            this.instructions.push({ type: "makeFolder", folder });
            this.folders.add(folder);
        }
    }

    private permit(object: string, { mode, owner, group }: Permission): void {
        if (this.permitted.has(object)) {
            throw new EventFailure(`The deployment failed because the permissions setting for (${object}) is specified more than once in the application specification file. Update the files section of the AppSpec file, and then try again.`);
        }
        this.permitted.add(object);
        if (mode !== undefined) {
            this.instructions.push({ type: "setMode", object, mode });
        }
        // After the mode, as the agent does it: a change of owner then drops a set-uid bit.
        if (owner !== undefined || group !== undefined) {
            this.instructions.push({ type: "setOwner", object, owner, group });
        }
    }

    private async isFolder(hostPath: string): Promise<boolean> {
        return (await this.kind(hostPath)) === "folder";
    }

    private async kind(hostPath: string): Promise<"folder" | "other" | undefined> {
        try {
            return (await stat(this.host.locate(hostPath))).isDirectory() ? "folder" : "other";
        } catch (error) {
            if (isSystemError(error) && (error.code === "ENOENT" || error.code === "ENOTDIR")) {
                return undefined;
            }
            throw error;
        }
    }
}
