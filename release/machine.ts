import { readFileSync, readlinkSync } from "node:fs";

/**
 * What tells this machine from any other, as far as process ids go; undefined where nothing does. A host's name does not:
 * machines of a CI service, and laptops, share theirs, and containers on one machine see other processes each.
 */
export function thisMachine(): string | undefined {
    try {
        return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()} ${readlinkSync("/proc/self/ns/pid")}`;
    } catch {
        return undefined;
    }
}

/** Whether a process of this machine is there. */
export function isAlive(pid: number): boolean {
    try {
        process.kill(pid, 0);
        return true;
    } catch (error) {
        // Another user's process may not be signalled, but is there.
        return (error as NodeJS.ErrnoException).code === "EPERM";
    }
}
