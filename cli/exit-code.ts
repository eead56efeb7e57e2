/** What a command's exit code tells. */
export const exitCodes = {
    /** Done, and the promise was kept. */
    done: 0,
    /** Failed, or more requests were lost than the budget allows. */
    failed: 1,
    /** The command line, the settings or the routes to rehearse with are wrong. */
    usage: 2,
    /** The new version was rolled back and nothing was lost. */
    rolledBack: 3,
    /** A person is needed: an approval, a connection, a lock that is held. */
    needsPerson: 4,
    /** Stopped by Ctrl-C or SIGTERM, and cleaned up. */
    interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
