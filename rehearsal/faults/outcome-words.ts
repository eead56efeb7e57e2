import type { Outcome } from "./fault-stage";

/** How a deployment or a roll ended. */
interface End {
    readonly outcome: Outcome;
    /** @default nobody said why */
    readonly reason?: string | undefined;
}

const words: Readonly<Record<Outcome, string>> = { succeeded: "took over", rolledBack: "rolled back", stopped: "stopped", failed: "failed" };
/** After "having". */
const participles: typeof words = { ...words, succeeded: "taken over" };

/** An end in a few words, after the name of what has ended. */
export function tellOutcome({ outcome, reason }: End): string {
    return reason === undefined ? words[outcome] : `${words[outcome]}: ${reason}`;
}

/**
 * What is wrong with an end, a sentence or none.
 * @param what has ended, such as `the roll`
 */
export function endProblems(what: string, { outcome, reason }: End, promised: readonly Outcome[]): readonly string[] {
    if (promised.includes(outcome)) return [];
    return [`${what} ${words[outcome]}${reason === undefined ? "" : ` (${reason})`}, instead of having ${promised.map(each => participles[each]).join(" or ")}`];
}
