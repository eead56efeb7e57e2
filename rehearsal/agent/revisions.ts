import { mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { posix } from "node:path";
import { isSystemError, type HostRoot } from "./host-root";

/** Where the agent keeps everything, as a path of the host. */
export const deploymentRoot = "/opt/codedeploy-agent/deployment-root";

/** Deployments whose bundles stay on the host, the running one included. The agent's default for `:max_revisions`. */
const revisionsKept = 5;

/** The revisions of one deployment group on a host. They belong to the group's id: a new id knows nothing of the old one. */
export class Revisions {
    private readonly groupFolder: string;
    private readonly pointer: string;
    /** Lists what the last install put on the host, so that the next one can remove it. */
    readonly cleanupList: string;

    constructor(private readonly host: HostRoot, deploymentGroupId: string) {
        const instructions = posix.join(deploymentRoot, "deployment-instructions");
        this.groupFolder = posix.join(deploymentRoot, deploymentGroupId);
        this.pointer = posix.join(instructions, `${deploymentGroupId}_last_successful_install`);
        this.cleanupList = posix.join(instructions, `${deploymentGroupId}-cleanup`);
    }

    /** Folder of a deployment, as a path of the host. */
    folder(deploymentId: string): string {
        return posix.join(this.groupFolder, deploymentId);
    }

    async makeFolders(deploymentId: string): Promise<void> {
        await mkdir(this.host.locate(this.folder(deploymentId)), { recursive: true });
        await mkdir(this.host.locate(posix.dirname(this.pointer)), { recursive: true });
    }

    /** Folder of the deployment that was installed last, even if it failed afterwards. */
    async lastInstalled(): Promise<string | undefined> {
        const folder = await readIfPresent(this.host.locate(this.pointer));
        return folder?.trimEnd();
    }

    async markInstalled(deploymentId: string): Promise<void> {
        await writeFile(this.host.locate(this.pointer), this.folder(deploymentId));
    }

    /** Removes the oldest deployments until there is room for this one; never the last installed. */
    async makeRoom(deploymentId: string): Promise<void> {
        const names = await readdir(this.host.locate(this.groupFolder));
        const others = names.map(name => this.folder(name)).filter(folder => folder !== this.folder(deploymentId));
        const surplus = others.length + 1 - revisionsKept;
        const lastInstalled = await this.lastInstalled();
        const aged = await Promise.all(others.filter(folder => folder !== lastInstalled).map(async folder => {
            const path = this.host.locate(folder);
            return { path, time: (await stat(path, { bigint: true })).mtimeNs };
        }));
        aged.sort((a, b) => (a.time < b.time ? -1 : 1));
        for (const { path } of aged.slice(0, Math.max(0, surplus))) {
            await rm(path, { recursive: true, force: true });
        }
    }
}

/** The bundle of a deployment, unpacked. */
export function archiveOf(revisionFolder: string): string {
    return posix.join(revisionFolder, "deployment-archive");
}

export async function readIfPresent(file: string): Promise<string | undefined> {
    return readFile(file, "utf8").catch((error: unknown) => {
        if (isSystemError(error) && error.code === "ENOENT") {
            return undefined;
        }
        throw error;
    });
}
