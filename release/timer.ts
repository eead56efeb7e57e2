/** Does something again and again beside other work. */
export interface Timer {
    /** The first time after `seconds`. Ends when the answer is called. */
    every(seconds: number, task: () => void): () => void;
}

export const systemTimer: Timer = {
    every: (seconds, task) => {
        const interval = setInterval(task, seconds * 1000);
        // It is no reason for a process to go on.
        interval.unref();
        return () => { clearInterval(interval); };
    },
};
