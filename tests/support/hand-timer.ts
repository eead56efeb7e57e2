import type { Timer } from "../../release/timer";

/** A timer whose time passes by hand. */
export class HandTimer implements Timer {
    readonly #running: { readonly seconds: number; readonly task: () => void }[] = [];

    every(seconds: number, task: () => void): () => void {
        const running = { seconds, task };
        this.#running.push(running);
        return () => { this.#running.splice(this.#running.indexOf(running), 1); };
    }

    /** Does what is to be done every so many seconds; how much that is. */
    tick(seconds: number): number {
        const due = this.#running.filter(running => running.seconds === seconds);
        for (const { task } of due) task();
        return due.length;
    }
}
