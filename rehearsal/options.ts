/** What a person asks of a rehearsal. */
export interface RehearsalOptions {
    readonly stage: string;
    /** @default the stage's */
    readonly strategy?: "rolling" | "blueGreen";
    /** A built image in the place of the stage's, by any name under which Docker has it or can pull it. @default the stage's */
    readonly image?: string;
    /** Values of settings by their names, in the place of the stage's; text as the stack's file would have it, or JSON. @default none */
    readonly settings?: Readonly<Record<string, string>>;
    /** Blue/green: percent of the requests that version 2 gets, one share after the other. @default the stage's */
    readonly shiftPercents?: readonly number[];
    /** Blue/green: seconds for which each share is watched, before they are scaled. @default the stage's */
    readonly bakeSeconds?: number;
    /** Requests per second. */
    readonly ratePerSecond: number;
    /** Instances of the fleet; undefined = as many as the stage has, between 4 and 8. */
    readonly instances?: number;
    /** 1 = the service's waits take as long as on AWS, 0.1 = ten times as fast. */
    readonly timeScale: number;
    /**
     * False is the negative control. Rolling: it takes traffic control out of the deployment group. Blue/green: the colour that served is taken
     * away at once when the requests have been moved, without a warm window and without a drain.
     */
    readonly draining: boolean;
    /** What version 2 is like: a good one, one that never becomes healthy, or one whose real route answers 500. */
    readonly release: "good" | "broken" | "failing";
    /** Leave everything running at the end. */
    readonly keep: boolean;
    /** Port of this machine for the balancer; 0 = any free one. */
    readonly port: number;
    /** Makes the choice of slow requests repeatable. */
    readonly seed: number;
    /** Requests that may fail before the verdict is failed. */
    readonly budget: number;
}
