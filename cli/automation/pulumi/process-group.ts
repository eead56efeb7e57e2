/** Does something once a signal is aborted, until disposed of. */
export function onAbort(signal: AbortSignal, listener: () => void): Disposable {
    signal.addEventListener("abort", listener, { once: true });
    return { [Symbol.dispose]: () => { signal.removeEventListener("abort", listener); } };
}

/** Ends a detached process with what it has started: a plugin that lives on would keep its output open, and us waiting. */
export function killGroup(pid: number | undefined): void {
    try {
        if (pid !== undefined) process.kill(-pid, "SIGKILL");
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
}
