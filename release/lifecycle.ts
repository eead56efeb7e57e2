interface Part {
    readonly doneBy: "script" | "agent" | "loadBalancer";
    readonly revision: "lastInstalled" | "new";
}

// In the order in which one instance goes through them, strictly one after the other:
// https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html
// "lastInstalled" is what the agent's hook_executor.rb does: its pointer moves at the end of Install, so a release
// that failed afterwards still provides these three scripts to the next deployment, the rollback included.
const parts = {
    BeforeBlockTraffic: { doneBy: "script", revision: "lastInstalled" },
    BlockTraffic: { doneBy: "loadBalancer", revision: "new" },
    AfterBlockTraffic: { doneBy: "script", revision: "lastInstalled" },
    ApplicationStop: { doneBy: "script", revision: "lastInstalled" },
    DownloadBundle: { doneBy: "agent", revision: "new" },
    BeforeInstall: { doneBy: "script", revision: "new" },
    Install: { doneBy: "agent", revision: "new" },
    AfterInstall: { doneBy: "script", revision: "new" },
    ApplicationStart: { doneBy: "script", revision: "new" },
    ValidateService: { doneBy: "script", revision: "new" },
    BeforeAllowTraffic: { doneBy: "script", revision: "new" },
    AllowTraffic: { doneBy: "loadBalancer", revision: "new" },
    AfterAllowTraffic: { doneBy: "script", revision: "new" },
} as const satisfies Record<string, Part>;

/** One step of an in-place deployment on one instance. */
export type LifecycleEvent = keyof typeof parts;

/** A step at which a release may run scripts of its own. */
export type ScriptedEvent = {
    [Event in LifecycleEvent]: (typeof parts)[Event]["doneBy"] extends "script" ? Event : never;
}[LifecycleEvent];

/** The 13 steps of a deployment with traffic control, in order. */
export const lifecycleEvents = Object.keys(parts) as readonly LifecycleEvent[];

/** The 7 steps that remain in a deployment group without a load balancer, in order. */
export const eventsWithoutLoadBalancer: readonly LifecycleEvent[] = lifecycleEvents.filter(
    event => !event.endsWith("Traffic"),
);

/** Why an instance gets a deployment: a release, its launch by Auto Scaling, or its end by it. */
export type DeploymentKind = "release" | "launch" | "termination";

/**
 * The steps that an instance goes through, in order. An instance that is launched has nothing to stop and is in no target group yet; one that ends is brought nothing.
 * The two kinds of Auto Scaling are read from AWS's table of hooks by kind of deployment, which says it least clearly:
 * https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html
 * @param trafficControl whether the deployment group has it; without, the `*Traffic` events fall away
 */
export function eventsOf(kind: DeploymentKind, trafficControl: boolean): readonly LifecycleEvent[] {
    const all = trafficControl ? lifecycleEvents : eventsWithoutLoadBalancer;
    if (kind === "release") return all;
    return all.filter(event => leaving.has(event) === (kind === "termination"));
}

const leaving: ReadonlySet<LifecycleEvent> = new Set<LifecycleEvent>(["BeforeBlockTraffic", "BlockTraffic", "AfterBlockTraffic", "ApplicationStop"]);

/** Who does the work: a hook script of the release, the agent itself, or CodeDeploy at the load balancer. */
export function doneBy(event: LifecycleEvent): Part["doneBy"] {
    return parts[event].doneBy;
}

/** Whether the event's scripts come from the revision that was last installed (failed ones too) or from the new one. */
export function revisionOf(event: LifecycleEvent): Part["revision"] {
    return parts[event].revision;
}
