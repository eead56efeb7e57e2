/** The rehearsal could not begin: version 1 did not get onto the fleet, or does not answer. */
export class RehearsalError extends Error {
    override readonly name = "RehearsalError";
}
