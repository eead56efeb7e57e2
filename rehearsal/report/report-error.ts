/** A report was asked for that the material does not give. */
export class ReportError extends Error {
    override readonly name = "ReportError";
}
