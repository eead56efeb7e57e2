/**
 * What the agent reports when an event fails: 1 script missing, 2 script cannot be made executable, 3 timed out, 4 script failed,
 * 5 anything else, 6 outputs left open, 7 the agent was restarted meanwhile.
 */
export type ErrorCode = 1 | 2 | 3 | 4 | 5 | 6 | 7;

export interface FailureReport {
    /** Absent where the agent fails even to build its report. */
    readonly errorCode?: ErrorCode;
    readonly scriptName?: string;
    readonly logTail?: string;
}

/** An event failed as it would on a host; the message is the agent's own. */
export class EventFailure extends Error {
    constructor(message: string, readonly report: FailureReport = { errorCode: 5 }, options?: ErrorOptions) {
        super(message, options);
        this.name = "EventFailure";
    }
}

/** The bundle asks for something of the agent that is not built here: neither a pass nor a failure would be true. */
export class NotModelled extends Error {
    constructor(what: string) {
        super(`the rehearsal does not model ${what}`);
        this.name = "NotModelled";
    }
}
