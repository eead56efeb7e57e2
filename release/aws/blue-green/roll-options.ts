import type { Roll } from "../../blue-green/roll";
import type { FailedInstance } from "../../deployment-end";
import type { JournalEntry } from "../../journal";
import type { Owner } from "../../lock";
import type { Timer } from "../../timer";
import type { FollowOptions } from "../follow-deployment";
import type { ShiftCall } from "./step-work";

/** What drives a roll. Its `signal` ends the driving at once, and the roll stays where it is. */
export interface DriveRollOptions extends FollowOptions {
    /** Holds the stage's lock meanwhile, and stands in the journal. */
    readonly owner: Owner;
    /** Minutes to wait for the lock, and for somebody else's deployment. */
    readonly waitMinutes: number;
    readonly timer?: Timer;
    /** A person's wish to end the roll and to go back, as by Ctrl-C. @default nobody's */
    readonly stop?: AbortSignal;
}

export interface ColourRollOptions extends DriveRollOptions {
    readonly by: JournalEntry["by"];
    /** Percent of the requests that go over, one share after the other; the last is 100. @default the stage's; 100 at once for a flip to a warm colour */
    readonly shiftPercents?: readonly number[];
    /** Seconds to watch after each share; 0 for not at all. @default the stage's */
    readonly bakeSeconds?: number;
    /** Seconds for which what served stays as it is. @default the stage's */
    readonly warmSeconds?: number;
}

/** How a roll has ended. */
export interface ColourRollEnd {
    readonly roll: Roll;
    /** `rolledBack`: a step failed and what served before serves; `stopped`: the same by a person's wish; `failed`: the way back is blocked, which needs a person. */
    readonly result: "succeeded" | "rolledBack" | "stopped" | "failed";
    /** Why it did not succeed. */
    readonly reason?: string;
    /** `failed`: why the way back is blocked, and what to type. */
    readonly problem?: string;
    /** What could not be tidied up, a sentence each. */
    readonly left: readonly string[];
    /** CodeDeploy's deployment to the new colour; undefined before there was one, and for a flip to a warm colour. */
    readonly codeDeployId?: string;
    /** The call that sent all requests to the new colour; undefined when another process made it, or nobody did. */
    readonly call?: ShiftCall;
    /** Instances that the deployment failed on. Empty when another process saw it. */
    readonly failedInstances: readonly FailedInstance[];
}
