import { readFileSync, readlinkSync } from "node:fs";
import { userInfo } from "node:os";

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

/** Who is at work here; in a container that may be a number without a name, of which the system knows nothing. */
export function thisUser(env: Readonly<Record<string, string | undefined>>, ask = () => userInfo()): string {
    try {
        return ask().username;
    } catch {
        return env["USER"] || `uid ${process.getuid?.() ?? "unknown"}`;
    }
}
