/** The load could not be started, or ended otherwise than asked; the message says why. */
export class LoadError extends Error {
    override readonly name = "LoadError";
}
