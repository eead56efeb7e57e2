import type { Report } from "./report/report";
import type { TimelineEvent } from "./report/report-input";

/** What came of a rehearsal. */
export interface Rehearsed {
    readonly report: Report;
    readonly reportFile: string;
    /** Path of the report as a page to look at. */
    readonly page: string;
    /** Only with `keep`: where the service answers and the command that removes everything. */
    readonly kept?: { readonly url: string; readonly removeCommand: string };
}

/** Where a rehearsal tells what it is doing. */
export interface View {
    /** What begins now. */
    step(text: string): void;
    /** Something worth knowing, such as a package that is installed. */
    note(text: string): void;
    warn(text: string): void;
    event(event: TimelineEvent): void;
    /** Shows the state of things, anew each time; no lines = it is over. Absent where no picture can move. */
    readonly live?: (lines: readonly string[]) => void;
    /** The outcome, as soon as it is known: before the clean-up, so that a trouble there cannot swallow it. */
    result(rehearsed: Rehearsed): void;
}
