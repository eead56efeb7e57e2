/** An instance of a group, as far as it says what it was launched from. */
export interface GroupInstance {
    readonly id: string;
    readonly type: string;
    /** Launch template and version that it was launched from; undefined when it was attached by hand, or its version is no more. */
    readonly template: { readonly id: string; readonly version: string } | undefined;
    readonly imageId: string | undefined;
}

/** What a group launches from today. */
export interface GroupLaunch {
    readonly templateId: string;
    readonly version: string;
    /** Machine image that a launch would take now; undefined when AWS does not tell. */
    readonly imageId: string | undefined;
    /** Whether EC2 looks the image up at each launch. */
    readonly imageAtLaunch: boolean;
    /** Instance types of a group that mixes them; undefined when the template says which. */
    readonly types: readonly string[] | undefined;
}

/** What is to be done so that every instance is as one launched today. */
export type RefreshPlan =
    | { readonly replace: "none"; readonly because: string }
    /** Auto Scaling finds out which ones are old. */
    | { readonly replace: "outdated"; readonly because: string }
    | { readonly replace: "all"; readonly because: string };

/** Percent of the group, as its own maintenance policy has them: a new instance serves before an old one leaves. */
export const healthyPercent = { least: 100, most: 110 } as const;

/**
 * Decides which instances are to be replaced. Auto Scaling can leave out those that are up to date (skip matching), but compares
 * templates and types alone, and refuses to where the template leaves its image to the launch: then all are replaced, if one must be.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/using-systems-manager-parameters.html
 */
export function planRefresh(instances: readonly GroupInstance[], launch: GroupLaunch): RefreshPlan {
    const total = instances.length;
    if (total === 0) return { replace: "none", because: "The group has no instance. Those that come are launched from its newest template." };
    const { version, imageId } = launch;
    const outdated = instances.filter(instance => isOutdated(instance, launch)).length;
    const otherImage = instances.filter(instance => !isOutdated(instance, launch) && hasOtherImage(instance, launch)).length;
    const found = [
        ...(outdated > 0 ? [`${countOf(outdated, total)} not as version ${version} of the template has it`] : []),
        ...(otherImage > 0 ? [`${countOf(otherImage, total)} not of machine image ${String(imageId)}`] : []),
    ];
    const what = found.join(", ") || allCurrent(total, launch);

    if (launch.imageAtLaunch && imageId === undefined) {
        return { replace: "all", because: `${what}. AWS does not tell which machine image a launch takes today, so all are replaced.` };
    }
    if (found.length === 0) return { replace: "none", because: `${what}.` };
    if (!launch.imageAtLaunch) return { replace: "outdated", because: `${what}.` };
    const others = outdated + otherImage === total ? "" : ` Auto Scaling cannot tell them from the others, so all ${total} are replaced.`;
    return { replace: "all", because: `${what}.${others}` };
}

function allCurrent(total: number, { version, imageId }: GroupLaunch): string {
    const [all, them] = total === 1 ? ["The one instance is", "it"] : [`All ${total} instances are`, "them"];
    return `${all} as version ${version} of the template has ${them}${imageId === undefined ? "" : `, of machine image ${imageId}`}`;
}

function isOutdated({ template, type }: GroupInstance, launch: GroupLaunch): boolean {
    if (template?.id !== launch.templateId || template.version !== launch.version) return true;
    return launch.types !== undefined && !launch.types.includes(type);
}

/** Of the same version: only where the launch looks the image up can it be another. */
function hasOtherImage({ imageId }: GroupInstance, launch: GroupLaunch): boolean {
    return launch.imageAtLaunch && launch.imageId !== undefined && imageId !== undefined && imageId !== launch.imageId;
}

function countOf(some: number, total: number): string {
    return `${some} of ${total} instance${total === 1 ? "" : "s"} ${some === 1 ? "is" : "are"}`;
}

/** The group's own default, one period of the load balancer's metrics: scaling then does not judge instances that have just come. */
const warmupSeconds = 60;

/**
 * Seconds from an instance's coming into service to the next one's replacement. In service means booted and holding the release
 * (Auto Scaling waits for CodeDeploy's hook), but not yet that the load balancer has asked it: for that, one check must pass.
 */
export function warmupFor(check: { readonly intervalSeconds: number; readonly timeoutSeconds: number }): number {
    return Math.max(warmupSeconds, check.intervalSeconds + check.timeoutSeconds);
}

/** How far a refresh is. */
export interface RefreshState {
    readonly id: string;
    /** AWS's own word. */
    readonly status: string;
    readonly reason?: string;
    readonly percentage: number;
    /** Instances that are still to be replaced; undefined before AWS has counted them. */
    readonly toUpdate?: number;
}

export type RefreshResult = "succeeded" | "failed" | "rolledBack" | "cancelled";

const results: Readonly<Record<string, RefreshResult>> = {
    Successful: "succeeded", Failed: "failed", Cancelled: "cancelled", RollbackSuccessful: "rolledBack", RollbackFailed: "failed",
};

/** How a refresh has ended; undefined while it goes on. */
export function resultOf({ status }: Pick<RefreshState, "status">): RefreshResult | undefined {
    return results[status];
}

const going: Readonly<Record<string, string>> = {
    Pending: "waiting to begin", InProgress: "replacing", Baking: "all replaced, watching them", Cancelling: "being cancelled", RollbackInProgress: "going back",
};

/** A refresh in one line, for those who watch it. */
export function describeRefresh({ status, reason, percentage, toUpdate }: RefreshState): string {
    const left = toUpdate === undefined ? "" : `, ${toUpdate} instance${toUpdate === 1 ? "" : "s"} to go`;
    return `${going[status] ?? status}: ${percentage} %${left}${reason === undefined ? "" : `: ${reason}`}`;
}
