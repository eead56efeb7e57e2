import type { RecordedProgram } from "../../rehearsal/program/program-facts";

/** The stack that is looked at. */
export interface Patient {
    readonly stack: string;
    /** As --backend names it. */
    readonly backend: string | undefined;
    /** What the program registers; fails when its settings are wrong. */
    readonly program: Promise<RecordedProgram>;
}

/** Why a check was left out that needs the program. */
export const wrongSettings = "the settings are wrong, see there";

/** The program's description takes some seconds of processor time, of which a busy machine has few. */
export const programSeconds = 120;
