/** A program cannot be described, or describes what cannot be rehearsed. */
export class ProgramError extends Error {
    override readonly name = "ProgramError";

    /** @param exitCode 2 when the settings are wrong, 1 when it is the program. */
    constructor(message: string, readonly exitCode: 1 | 2 = 1, options?: ErrorOptions) {
        super(message, options);
    }
}
