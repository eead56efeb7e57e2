import type { TimelineEvent } from "./report/report-input";

/** Where a rehearsal tells what it is doing. */
export interface View {
    /** What begins now. */
    step(text: string): void;
    /** Something worth knowing, such as a package that is installed. */
    note(text: string): void;
    warn(text: string): void;
    event(event: TimelineEvent): void;
    /** The state of things, anew each time; no lines = it is over. */
    live(lines: readonly string[]): void;
}
