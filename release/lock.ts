import { z } from "zod";
import { inSeconds } from "./time-text";

/** Seconds between two signs of life of whoever holds a lock. */
export const renewSeconds = 60;

/** Seconds without a sign of life after which others may take a lock over. */
export const expirySeconds = 600;

/** The same for people. */
export const expiryText = `${expirySeconds / 60} minutes`;

const owner = z.object({
    /** Person or build, see `identity.ts`. */
    who: z.string(),
    host: z.string(),
    pid: z.number().int(),
    /** See `machine.ts`; without it nobody else can tell whether the process is still there. */
    machine: z.string().optional(),
});

/** A process that may hold a lock. */
export type Owner = Readonly<z.output<typeof owner>>;

const holder = owner.extend({
    /** What it holds the lock for, such as `roll`. */
    command: z.string(),
    since: z.iso.datetime(),
    expires: z.iso.datetime(),
    /** Tells this hold of the lock from any other, of the same process too. */
    token: z.string(),
});
export type Holder = Readonly<z.output<typeof holder>>;

/** Who changes a stack or its fleet right now. */
export const lock = z.object({ schemaVersion: z.literal(1), holder: holder.nullable() }).readonly();
export type Lock = z.output<typeof lock>;

export const freeLock: Lock = { schemaVersion: 1, holder: null };

/** `expired` and `ownerGone` may be taken over: nobody has given a sign of life, or the process is not there any more. */
export type Standing = "free" | "held" | "expired" | "ownerGone";

/**
 * How a lock stands.
 * @param thisMachine where this process runs; undefined where that cannot be told, and then only time frees a lock
 * @param isAlive whether a process of this machine is there
 */
export function standing({ holder }: Lock, now: Date, thisMachine: string | undefined, isAlive: (pid: number) => boolean): Standing {
    if (holder === null) return "free";
    if (holder.machine !== undefined && holder.machine === thisMachine && !isAlive(holder.pid)) return "ownerGone";
    return now.getTime() >= Date.parse(holder.expires) ? "expired" : "held";
}

/** The lock in the hands of an owner, from now on. */
export function hold(owner: Owner, command: string, token: string, now: Date): Lock {
    return { schemaVersion: 1, holder: { ...owner, command, since: now.toISOString(), expires: expiry(now), token } };
}

/** The lock after a sign of life of the hold `token`; unchanged when that has ended. */
export function renew(lock: Lock, token: string, now: Date): Lock {
    return lock.holder?.token === token ? { ...lock, holder: { ...lock.holder, expires: expiry(now) } } : lock;
}

/** The lock after the end of the hold `token`; unchanged when that has ended before. */
export function release(lock: Lock, token: string): Lock {
    return lock.holder?.token === token ? freeLock : lock;
}

/** Who holds a lock, for a person. */
export function describeHolder({ command, who, host, pid, since }: Holder): string {
    return `${command} of ${who} (process ${pid} on ${host}) since ${inSeconds(since)}`;
}

function expiry(now: Date): string {
    return new Date(now.getTime() + expirySeconds * 1000).toISOString();
}
