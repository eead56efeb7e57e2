import type { CommandContext } from "../../../cli/context";
import { Interrupts } from "../../../cli/interrupts";
import { FakeClock } from "./fake-clock";

/** What a command told and printed. */
export interface TestContext extends CommandContext {
    readonly clock: FakeClock;
    /** Steps, notes and warnings in order; warnings begin with `warning: `. */
    readonly told: string[];
    /** Every picture of a progress that moves. */
    readonly pictures: (readonly string[])[];
    /** What `print` got: the result for machines, and the text for persons. */
    readonly printed: { readonly result: unknown; readonly text: string }[];
    /** Is Ctrl-C. */
    interrupt(): void;
}

/** Surroundings of a command that remember what it says. Time is a {@link FakeClock}'s. */
export function testContext(about: Partial<Pick<CommandContext, "folder" | "callerFolder" | "env">> & { readonly clock?: FakeClock; readonly live?: boolean } = {}): TestContext {
    const { folder = process.cwd(), callerFolder = folder, env = {}, clock = new FakeClock(), live = false } = about;
    const interrupts = new Interrupts({ say: () => undefined, exit: () => undefined });
    const told: string[] = [];
    const pictures: (readonly string[])[] = [];
    const printed: { readonly result: unknown; readonly text: string }[] = [];
    return {
        signal: interrupts.signal, interruptsAsWish: heard => interrupts.asWish(heard), clock, env, folder, callerFolder, told, pictures, printed,
        tell: {
            step: text => void told.push(text),
            note: text => void told.push(text),
            warn: text => void told.push(`warning: ${text}`),
            ...(live && { live: (lines: readonly string[]) => void pictures.push(lines) }),
        },
        print: (result, text) => void printed.push({ result, text }),
        interrupt: () => { interrupts.take("SIGINT"); },
    };
}
