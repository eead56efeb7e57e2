import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { posix } from "node:path";
import { isSystemError, type HostRoot } from "./host-root";
import { deploymentRoot } from "./revisions";

/** What an agent is at, written down for the one that is started after a crash. */
export class OngoingEvents {
    private readonly folder = posix.join(deploymentRoot, "ongoing-deployment");

    constructor(private readonly host: HostRoot) {}

    async begin(deploymentId: string, event: string): Promise<void> {
        await mkdir(this.host.locate(this.folder), { recursive: true });
        await writeFile(this.fileOf(deploymentId), event);
    }

    async end(deploymentId: string): Promise<void> {
        await rm(this.fileOf(deploymentId), { force: true });
    }

    /** Forgets all, and tells whether there was anything. */
    async forget(): Promise<boolean> {
        const folder = this.host.locate(this.folder);
        const found = await readdir(folder).catch((error: unknown) => {
            if (isSystemError(error) && error.code === "ENOENT") {
                return [];
            }
            throw error;
        });
        await rm(folder, { recursive: true, force: true });
        return found.length > 0;
    }

    private fileOf(deploymentId: string): string {
        return this.host.locate(posix.join(this.folder, deploymentId));
    }
}
