/** What a failure asks of whoever called: another command line, a person, or nothing but to read it. */
export type FailureKind = "failed" | "usage" | "needsPerson";

/** A release cannot go on as it should. The message says what to do. */
export class DeliveryError extends Error {
    override readonly name = "DeliveryError";

    constructor(message: string, readonly kind: FailureKind = "failed", options?: ErrorOptions) {
        super(message, options);
    }
}
