const tooManyFailed = "The overall deployment failed because too many individual instances failed deployment";

/** What AWS gives as a reason, for a line of a page: its first sentence, or fewer words for the one that is said of nearly every failure. */
export function shortReason(reason: string): string {
    if (reason.replace(/^[A-Z_]+: /, "").startsWith(tooManyFailed)) return "too many instances failed, or too few are healthy";
    return (/^.*?[.!?](?=\s|$)/s.exec(reason.trim())?.[0] ?? reason.trim()).replace(/\s+/g, " ").replace(/\.$/, "");
}
