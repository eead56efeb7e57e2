/** A rollout or a release was asked for that cannot exist. */
export class ReleaseError extends Error {
    override readonly name = "ReleaseError";
}
