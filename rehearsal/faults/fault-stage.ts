import type { Clock } from "../../release/clock";
import type { Interception } from "../codedeploy/interception";
import type { Docker } from "../docker/docker";
import type { Host } from "../scaling/scaling-group";
import type { Timeline } from "../timeline";

/** How a deployment may end. */
export type Outcome = "succeeded" | "rolledBack" | "stopped" | "failed";

/** A deployment that has ended. */
export interface Deployed {
    readonly outcome: Outcome;
    /** How it ended, in a few words. */
    readonly told: string;
    /** What is wrong after it: another end than the ones that were promised, or a stack that does not stand as that end leaves it, a sentence each. */
    problems(promised: readonly Outcome[]): Promise<readonly string[]>;
}

/** What faults of either strategy need of a stage. */
export interface FaultStage {
    readonly strategy: "rolling" | "blueGreen";
    readonly docker: Docker;
    readonly clock: Clock;
    readonly timeline: Timeline;
    /** For what goes wrong on hosts. */
    readonly interception: Interception;
    /** Name of the container of a host. */
    containerOf(host: string): string;
    /** The release that serves. */
    serving(): string;
    /** Instances in service of the fleet that serves. */
    hosts(): readonly Host[];
    /** Brings a release that was stored to the clients, as the stage does it. */
    deploy(version: string): Promise<Deployed>;
    /** Ends what a fault has left under way; what that was, a sentence each. */
    takeUp(): Promise<readonly string[]>;
}
