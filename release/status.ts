import type { ColourParts, Colours } from "./colour-status";
import type { Running, SettledEntry } from "./history";
import type { Holder, Standing } from "./lock";
import type { Stage } from "./stage";

/** A part of the picture, or why AWS did not tell it. */
export type Told<T> = { readonly told: T } | { readonly refused: string };

/** What a stack is like right now, as far as AWS tells. Times are ISO 8601. */
export interface Status {
    readonly schemaVersion: 1;
    readonly project: string;
    readonly stack: string;
    readonly region: string;
    readonly url: string;
    /** What AWS calls the parts of the stage. */
    readonly resources: Resources;
    /** Null before the first release; undefined when it is not known. */
    readonly serves?: Serving | null | undefined;
    readonly instances: readonly InstanceStatus[];
    /** Instances that there should be; undefined when it is not known. */
    readonly desired?: number | undefined;
    /** Blue/green alone. `instances` are those of the colour that serves. */
    readonly colours?: Colours | undefined;
    readonly onItsWay: readonly OnItsWay[];
    /** Null before the first; undefined when it is not known. */
    readonly lastAttempt?: LastAttempt | null | undefined;
    /** Null while nobody holds it; undefined when it is not known. */
    readonly lock?: { readonly holder: Holder; readonly standing: Standing } | null | undefined;
    /** Those that fire. */
    readonly alarms: readonly string[];
    /** Undefined when it is not known. */
    readonly rollback?: Rollback | undefined;
    readonly problems: readonly Problem[];
    /** What AWS did not tell, and why. */
    readonly unknown: readonly { readonly part: string; readonly reason: string }[];
}

/** Names of a stage's resources, for the commands of AWS. */
export type Resources = Pick<Stage, "codeDeployApplication" | "deploymentGroup" | "pipeline" | "alarms" | "releaseBucket" | "logGroup" | "targetGroupArn" | "repository" | "fleet">
    & { readonly buildPipeline?: string | undefined };

/** The deployment that began last, whatever began it. */
export interface LastAttempt {
    readonly deploymentId: string;
    readonly result: SettledEntry["result"];
    readonly begunAt?: string | undefined;
    readonly endedAt?: string | undefined;
    readonly n?: number | undefined;
    readonly version?: string | undefined;
    readonly rollbackDeploymentId?: string | undefined;
    /** In CodeDeploy's own words. */
    readonly reason?: string | undefined;
}

/** The release that serves. */
export interface Serving {
    /** By which it came; undefined when nobody has written that down. */
    readonly deploymentId: string | undefined;
    readonly since?: string | undefined;
    /** Undefined when nothing names it. */
    readonly version?: string | undefined;
    readonly n?: number | undefined;
    readonly commit?: string | undefined;
    readonly image?: string | undefined;
    readonly who?: string | undefined;
    readonly by?: SettledEntry["by"] | undefined;
    /** Version that CodeDeploy has taken back for it. */
    readonly insteadOf?: string | undefined;
}

export interface InstanceStatus {
    readonly id: string;
    readonly zone?: string | undefined;
    /** The load balancer's word, such as `healthy`; `absent` when it does not know the instance; undefined when it was not told. */
    readonly health?: string | undefined;
    /** Why it is not healthy. */
    readonly detail?: string | undefined;
    /** Auto Scaling's word, such as `InService`. */
    readonly lifecycle?: string | undefined;
    /** Whether it was launched from another template than the group has today; undefined when that cannot be told. */
    readonly outdated?: boolean | undefined;
}

export type OnItsWay =
    | { readonly kind: "deployment"; readonly deploymentId: string; readonly status: string; readonly since?: string | undefined; readonly version?: string | undefined; readonly who?: string | undefined }
    /** By its step; of a stack with two colours. */
    | { readonly kind: "roll"; readonly deploymentId: string; readonly step: string; readonly since?: string | undefined; readonly version?: string | undefined; readonly who?: string | undefined }
    | { readonly kind: "pipeline"; readonly state: "runs" | "awaitsApproval"; readonly stage: string; readonly executionId: string; readonly since?: string | undefined; readonly change?: string | undefined; readonly version?: string | undefined };

/** How far one can go back. */
export interface Rollback {
    /** Releases that one can really go back to. */
    readonly depth: number;
    /** Version that `./gapless rollback` takes; undefined when there is none, or when it is not there any more. Others are for `--to` alone. */
    readonly next?: string | undefined;
    /** That of a plain rollback first, then newest first; the one that serves left out. */
    readonly releases: readonly EarlierRelease[];
}

export interface EarlierRelease {
    readonly n: number;
    readonly version: string;
    readonly commit?: string | undefined;
    readonly when: string;
    readonly bundle: "there" | "missing";
    /** `unknown` in a registry that cannot be asked. */
    readonly image: "there" | "missing" | "unknown";
}

/** Something that is not as it should be, and the command to type. */
export interface Problem {
    readonly what: string;
    readonly next?: string | undefined;
}

/** What CodeDeploy tells of a deployment group at once. */
export interface Group {
    readonly lastSuccess?: GroupDeployment | undefined;
    readonly lastAttempt?: GroupDeployment | undefined;
    /** Revision of the last attempt. */
    readonly version?: string | undefined;
    readonly revision?: string | undefined;
    /** Auto Scaling groups that it brings releases to. */
    readonly autoScalingGroups?: readonly string[] | undefined;
}

export interface GroupDeployment {
    readonly deploymentId: string;
    readonly status: string;
    readonly begunAt?: string | undefined;
    /** When it ended. */
    readonly at?: string | undefined;
}

/** The deploy pipeline as it stands. */
export interface PipelineState {
    readonly stages: readonly PipelineStage[];
}

export interface PipelineStage {
    readonly name: string;
    readonly executionId?: string | undefined;
    /** CodePipeline's word, such as `InProgress`. */
    readonly status?: string | undefined;
    readonly action?: PipelineAction | undefined;
}

export interface PipelineAction {
    readonly status?: string | undefined;
    readonly at?: string | undefined;
    /** The change that it brings, or what it says of itself. */
    readonly summary?: string | undefined;
    /** The deployment that it has made. */
    readonly externalId?: string | undefined;
    readonly reason?: string | undefined;
    /** Waits for a person. */
    readonly approval: boolean;
}

/** Instances of a group, or those that the program names. */
export interface Fleet {
    readonly desired: number;
    readonly instances: readonly Omit<InstanceStatus, "health" | "detail">[];
}

export interface Target {
    readonly id: string;
    readonly health: string;
    readonly detail?: string | undefined;
}

/** Objects of the release bucket. */
export interface Store {
    readonly versions: ReadonlySet<string>;
    readonly trigger?: { readonly at: string; /** When a release has the same bytes. */ readonly version?: string | undefined } | undefined;
}

export interface Alarm {
    readonly name: string;
    readonly state: string;
}

/** All that is asked for one status. */
export interface StatusParts {
    readonly group: Told<Group>;
    readonly entries: Told<readonly SettledEntry[]>;
    readonly lock: Told<{ readonly holder: Holder | null; readonly standing: Standing }>;
    readonly targets: Told<readonly Target[]>;
    readonly fleet: Told<Fleet>;
    readonly pipeline: Told<PipelineState>;
    /** Digests in the repository; null when it is a registry that cannot be asked. */
    readonly images: Told<ReadonlySet<string> | null>;
    readonly store: Told<Store>;
    readonly alarms: Told<readonly Alarm[]>;
    /** Blue/green alone. */
    readonly colours?: ColourParts;
}

/** Parts as people call them. */
export const partNames: Readonly<Record<Exclude<keyof StatusParts, "colours">, string>> = {
    group: "what serves and what is being deployed", entries: "the journal", lock: "the lock", targets: "the health of instances",
    fleet: "the instances", pipeline: "the pipeline", images: "which images are there", store: "which releases are there", alarms: "the alarms",
};

/** What a part says, or undefined. */
export function toldOf<T>(part: Told<T>): T | undefined {
    return "told" in part ? part.told : undefined;
}

/** The release that serves, in short. */
export function servingOf({ deploymentId, entry, version, insteadOf }: Running, at: string | undefined): Serving {
    if (!entry) return { deploymentId, since: at, version, insteadOf: insteadOf?.version };
    const { n, commit, image, who, by } = entry;
    return { deploymentId, since: at ?? entry.endedAt ?? entry.when, version: entry.version, n, commit, image, who, by, insteadOf: insteadOf?.version };
}
