import { ServiceError } from "./service-error";

/** What is done to a call instead of answering it. */
export type Fault = { readonly refuse: ServiceError } | "drop" | "hang";

interface Planned {
    /** Undefined for any. */
    readonly operation: string | undefined;
    readonly fault: Fault;
    left: number;
}

/** What goes wrong between a client and AWS. Without a number of times it stays wrong until `clear`. */
export class Faults {
    private planned: Planned[] = [];

    /** The next calls come too fast. */
    throttle(times: number, operation?: string): void {
        this.plan(operation, { refuse: new ServiceError("ThrottlingException", "Rate exceeded") }, times);
    }

    /** The connection breaks before there is an answer; the call was not carried out. */
    drop(times: number, operation?: string): void {
        this.plan(operation, "drop", times);
    }

    /** No answer ever comes; the connection stays. */
    hang(times: number, operation?: string): void {
        this.plan(operation, "hang", times);
    }

    /** The caller may not do this. */
    deny(operation: string): void {
        const who = "arn:aws:sts::123456789012:assumed-role/ci/gapless";
        this.plan(operation, {
            refuse: new ServiceError("AccessDeniedException", `User: ${who} is not authorized to perform: ${operation} because no identity-based policy allows the action`),
        });
    }

    /** Others of the account use up what it may do at once. */
    limit(operation: string): void {
        this.plan(operation, { refuse: new ServiceError("DeploymentLimitExceededException", "Too many deployments run.") });
    }

    /** The caller's session is over, for every call. */
    expire(): void {
        this.plan(undefined, { refuse: new ServiceError("ExpiredTokenException", "The security token included in the request is expired") });
    }

    clear(): void {
        this.planned = [];
    }

    /** What is wrong with this call, and used up by it. */
    take(operation: string): Fault | undefined {
        const found = this.planned.find(planned => planned.left > 0 && (planned.operation ?? operation) === operation);
        if (found) found.left -= 1;
        return found?.fault;
    }

    private plan(operation: string | undefined, fault: Fault, times = Infinity): void {
        this.planned.push({ operation, fault, left: times });
    }
}
