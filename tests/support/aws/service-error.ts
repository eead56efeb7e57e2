/** How AWS refuses a call. */
export class ServiceError extends Error {
    override readonly name = "ServiceError";

    /** @param code name of the error in AWS's model */
    constructor(readonly code: string, message: string, readonly status = 400) {
        super(message);
    }
}
