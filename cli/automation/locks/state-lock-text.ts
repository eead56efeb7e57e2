/** A lock of Pulumi's own on a stack's state, in a store of files. */
export interface StateLock {
    /** Where the lock's file lies, as Pulumi writes it. */
    readonly file: string;
    readonly who: string;
    readonly host: string;
    readonly pid: number;
    /** ISO time. */
    readonly since: string;
}

/** The locks that Pulumi's refusal names. */
export function locksIn(text: string): readonly StateLock[] {
    return [...text.matchAll(/(\S+\.json): created by (\S+)@(\S+) \(pid (\d+)\) at (\S+)/g)].map(
        ([, file = "", who = "", host = "", pid = "", since = ""]) => ({ file, who, host, pid: Number(pid), since }),
    );
}
