import type { LifecycleEvent } from "../../release/lifecycle";
import type { ErrorCode } from "../agent/failure";
import type { CheckedBundle } from "./checked-bundle";

/** In the order in which they are told. */
export const severities = ["error", "notChecked", "warning"] as const;

/** One thing about a bundle that somebody should know before it is deployed. */
export interface Finding {
    /**
     * `error`: a deployment fails. `notChecked`: something could not be looked at, so that nobody knows.
     * `warning`: it goes on, otherwise than people think; or the rehearsal cannot show how.
     */
    readonly severity: (typeof severities)[number];
    /** File of the bundle. */
    readonly file: string;
    /** Line in the file, counted from 1. */
    readonly line?: number;
    /** Where the deployment fails. */
    readonly event?: LifecycleEvent;
    /** What the agent reports then. */
    readonly errorCode?: ErrorCode;
    /** What happens on a host; where it fails, in the agent's own words. */
    readonly happens: string;
    readonly fix: string;
}

/** Looks for one kind of trap. */
export type Rule = (bundle: CheckedBundle) => readonly Finding[];

/** What findings come to. */
export function verdictOf(findings: readonly Finding[]): "fails" | "notChecked" | "passes" {
    if (findings.some(({ severity }) => severity === "error")) return "fails";
    return findings.some(({ severity }) => severity === "notChecked") ? "notChecked" : "passes";
}
