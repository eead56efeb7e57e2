/** Whether whoever holds a lock still works. `elsewhere`: on another machine, where this one cannot look. */
export type OwnerLife = "alive" | "gone" | "elsewhere";

/** A lock that somebody holds on a stack. */
export interface HeldLock {
    /** `state` is Pulumi's own, on its record of the stack; `deployment` is Gapless's, on the stack's fleet. */
    readonly lock: "state" | "deployment";
    /** What is known of whoever holds it. */
    readonly who?: string;
    readonly host?: string;
    readonly pid?: number;
    readonly command?: string;
    /** ISO time. */
    readonly since?: string;
    readonly owner: OwnerLife;
    /** False when it was gone meanwhile. */
    readonly remove: () => Promise<boolean>;
}

/** This machine and user, as Pulumi writes them into a lock. */
export interface Here {
    readonly host: string;
    readonly user: string;
    isAlive(pid: number): boolean;
}

/**
 * Whether the owner of one of Pulumi's locks lives. Host names are no proof of a machine (containers and laptops share theirs), so the
 * user must be the same, too, before a missing process counts as gone.
 */
export function ownerLife({ who, host, pid }: { readonly who: string; readonly host: string; readonly pid: number }, here: Here): OwnerLife {
    if (host !== here.host) return "elsewhere";
    if (here.isAlive(pid)) return "alive";
    return who === here.user ? "gone" : "elsewhere";
}

const lives: Readonly<Record<OwnerLife, string>> = { alive: "alive", gone: "gone", elsewhere: "not known here" };

export function describeLock({ lock, who = "somebody", host, pid, command, since, owner }: HeldLock): string {
    const process = pid === undefined ? "" : ` (process ${pid} on ${host ?? "?"})`;
    return `${lock === "state" ? "Pulumi's state" : "deployments"}: held${command === undefined ? "" : ` for ${command}`} by ${who}${process}`
        + `${since === undefined ? "" : ` since ${since}`}; owner: ${lives[owner]}`;
}
