import type { EngineEvent } from "@pulumi/pulumi/automation";
import type { Timer } from "../../../release/timer";
import type { CommandContext } from "../../context";
import { describeFailure } from "./failure-text";
import { Operation, type Verb } from "./operation";
import { EngineProgress } from "./engine-progress";

/** An operation of the engine that has ended, well or not. */
export interface Performed {
    readonly operation: Operation;
    readonly seconds: number;
    /** Why it ended badly, for a person. */
    readonly failure?: Error;
}

/** What the Automation API's operations are called with. */
export interface EngineOptions {
    readonly onEvent: (event: EngineEvent) => void;
    readonly signal: AbortSignal;
    readonly color: "never";
    readonly suppressProgress: true;
}

interface Plan {
    readonly verb: Verb;
    readonly stack: string;
    readonly project: string;
    /** See `Operation`. */
    readonly expected: number;
    readonly signal: AbortSignal;
    /** By which progress is told while nothing happens. */
    readonly timer: Timer;
}

/** Has the engine do something, and tells how far it is. */
export async function perform(
    { verb, stack, project, expected, signal, timer }: Plan, { clock, tell }: CommandContext, run: (options: EngineOptions) => Promise<unknown>,
): Promise<Performed> {
    signal.throwIfAborted();
    const operation = new Operation(verb, clock.now(), expected);
    const seconds = (): number => (clock.now().getTime() - operation.begun.getTime()) / 1000;
    using progress = new EngineProgress(operation, stack, tell, clock, timer);
    const onEvent = (event: EngineEvent): void => { progress.news(operation.take(event, clock.now())); };
    try {
        await run({ onEvent, signal, color: "never", suppressProgress: true });
        return { operation, seconds: seconds() };
    } catch (error) {
        return { operation, seconds: seconds(), failure: describeFailure(error, { stack, project, signal, operation }) };
    }
}
