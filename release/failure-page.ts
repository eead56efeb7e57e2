/** What could be found out about a failed deployment. */
export interface Failure {
    readonly deploymentId: string;
}

/** The one page of a failed deployment: what failed, where, why, and what to type next. */
export function renderFailure(_failure: Failure, _stack: string): string {
    throw new Error("not yet");
}
