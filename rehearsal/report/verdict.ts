import type { Colour } from "../../release/blue-green/colour";
import type { Failure } from "./failures";
import type { ReportInput } from "./report-input";

/** What a rehearsal proved: the promise was kept, or was not, or the release went back without a lost request. */
export type Verdict = "passed" | "failed" | "rolledBack";

/** How the new release came to the clients. */
export type Way =
    | { readonly strategy: "rolling"; readonly waves: number }
    | {
        readonly strategy: "blueGreen";
        readonly to: Colour;
        /** Changes of the weights on the way there. */
        readonly shifts: number;
        /** The change that led back afterwards; null for none. */
        readonly flipBack: { readonly ms: number; readonly calls: number } | null;
    };

/** What a verdict is made from. */
export interface Findings extends Pick<ReportInput, "end" | "budget" | "instances" | "versions"> {
    readonly total: number;
    readonly failed: number;
    readonly way: Way;
    /** The failed requests, most frequent kind first. */
    readonly failures: readonly Failure[];
    /** Answers after the rollout that came from a release which should be gone. */
    readonly stray: number;
    /** Why the measurement proves nothing, if so. */
    readonly doubt: string | undefined;
}

/**
 * Judges a rehearsal and says why in one sentence. Lost requests win over everything else: a release that went back
 * and lost some on the way has failed.
 */
export function judge(findings: Findings): { readonly verdict: Verdict; readonly reason: string } {
    const { end, total, failed, budget, stray, doubt } = findings;
    if (total === 0) return { verdict: "failed", reason: "No request was sent, so nothing is proved." };
    if (failed > budget) return { verdict: "failed", reason: `${story(findings)}: ${lost(findings)}.${mostly(findings)}` };
    if (end.outcome === "failed") return { verdict: "failed", reason: `${story(findings)}: ${lost(findings)}.` };
    if (doubt !== undefined) return { verdict: "failed", reason: `${story(findings)}, but ${doubt}, so nothing is proved.` };
    if (stray > 0) return { verdict: "failed", reason: `${story(findings)}, but ${strayed(findings)}.` };
    return {
        verdict: end.outcome === "rolledBack" ? "rolledBack" : "passed",
        reason: `${story(findings)}: ${lost(findings)}${flippedBack(findings)}.`,
    };
}

function story({ end, versions, instances, way }: Findings): string {
    const why = end.reason.trim().replace(/\.$/, "");
    switch (end.outcome) {
        case "succeeded":
            return way.strategy === "rolling"
                ? `Version ${versions.after} replaced version ${versions.before} on ${counted(instances, "instance")} in ${counted(way.waves, "wave")}`
                : `Version ${versions.after} took over from version ${versions.before} on ${way.to} (${counted(instances, "instance")}) in ${counted(way.shifts, "shift")}`;
        case "rolledBack":
            return `Version ${versions.after} was rolled back to version ${versions.before} (${why})`;
        case "failed":
            return `Version ${versions.after} did not replace version ${versions.before} (${why})`;
    }
}

function lost({ failed, total, budget }: Findings): string {
    const allowed = budget > 0 ? `, ${budget.toLocaleString("en-US")} may` : "";
    return `${failed.toLocaleString("en-US")} of ${counted(total, "request")} failed${allowed}`;
}

function flippedBack({ end, way }: Findings): string {
    if (way.strategy === "rolling" || way.flipBack === null || end.outcome !== "succeeded") return "";
    const { ms, calls } = way.flipBack;
    return `; flip back ${Math.round(ms)} ms, ${calls === 1 ? "one call" : `${calls} calls`}`;
}

/** The cause of most, and where it is the same for all of them, when and from whom. */
function mostly({ failures }: Findings): string {
    const causes = [...new Set(failures.map(({ cause }) => cause))].map(cause => failures.filter(failure => failure.cause === cause));
    const [most = []] = causes.sort((a, b) => sum(b) - sum(a));
    const [first, ...others] = most;
    if (first === undefined) return "";
    const from = others.length > 0 || first.instance === undefined ? "" : ` from ${first.instance}`;
    const during = others.length > 0 || first.running.length === 0 ? "" : ` during ${first.running.join(", ")}`;
    return ` Most often: ${first.cause}${from}${during} (${sum(most).toLocaleString("en-US")}).`;
}

function sum(failures: readonly Failure[]): number {
    return failures.reduce((total, { count }) => total + count, 0);
}

function strayed({ end, stray, versions }: Findings): string {
    const wanted = end.outcome === "succeeded" ? versions.after : versions.before;
    return `${counted(stray, "answer")} after it came from another version than ${wanted}`;
}

function counted(count: number, noun: string): string {
    return `${count.toLocaleString("en-US")} ${noun}${count === 1 ? "" : "s"}`;
}
