/** Has the time of a rehearsal pass by hand only, until this is disposed of; timers go on as they do. */
export class HandTime implements Disposable {
    #ms = performance.now();

    constructor() {
        performance.now = () => this.#ms;
    }

    pass(seconds: number): void {
        this.#ms += seconds * 1000;
    }

    [Symbol.dispose](): void {
        // What is under it is the prototype's.
        delete (performance as { now?: unknown }).now;
    }
}
