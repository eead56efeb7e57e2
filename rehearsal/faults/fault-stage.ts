import type { Clock } from "../../release/clock";
import type { Interception } from "../codedeploy/interception";
import type { TargetGroup } from "../balancer/target-group";
import type { Docker } from "../docker/docker";
import type { Host, ScalingGroup } from "../scaling/scaling-group";
import type { Timeline } from "../timeline";

/** How a deployment may end. */
export type Outcome = "succeeded" | "rolledBack" | "stopped" | "failed";

export interface FaultDeployment {
    /**
     * Blue/green: leaves the hosts that served where they are, so that the release after the next is installed on what runs there. Else they are ended, and the
     * next release meets new ones. @default false
     */
    readonly keepsWarm?: boolean;
}

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
    /** The Auto Scaling group that serves. */
    readonly fleet: ScalingGroup;
    /** Where its instances are registered. */
    readonly targets: TargetGroup;
    /** An instance of whichever group; undefined when there is none of this name. */
    hostNamed(id: string): Host | undefined;
    /** What Auto Scaling does when it has seen that an instance is gone, of whichever group: it takes it away and launches another. */
    replace(id: string): void;
    /** What keeps it from serving its release whole while nothing is deployed, when scaling has had its time, a sentence each. */
    problems(): Promise<readonly string[]>;
    /** Brings a release that was stored to the clients, as the stage does it. */
    deploy(version: string, how?: FaultDeployment): Promise<Deployed>;
    /** Ends what a fault has left under way; what that was, a sentence each. */
    takeUp(): Promise<readonly string[]>;
}
