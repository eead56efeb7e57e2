import type { DeploymentTarget, Diagnostics, LifecycleErrorCode, LifecycleEvent, LifecycleEventStatus, TargetStatus } from "@aws-sdk/client-codedeploy";
import { doneBy, type LifecycleEvent as EventName } from "../../../../release/lifecycle";
import { accountId, region } from "../double-access";

interface EventRun {
    readonly name: EventName;
    status: LifecycleEventStatus;
    startTime?: Date;
    endTime?: Date;
    diagnostics?: Diagnostics;
}

/** One instance in a deployment. */
export class InstanceRun {
    status: TargetStatus = "Pending";
    private readonly events: readonly EventRun[];
    private lastUpdatedAt: Date;

    constructor(readonly id: string, names: readonly EventName[], now: Date) {
        this.events = names.map(name => ({ name, status: "Pending" }));
        this.lastUpdatedAt = now;
    }

    /** Event that goes on. */
    get current(): EventName | undefined {
        return this.events.find(({ status }) => status === "InProgress")?.name;
    }

    begin(now: Date): void {
        this.status = "InProgress";
        this.enterNext(now);
    }

    /** Ends the event that goes on, and begins the next one or is done. */
    step(now: Date): void {
        this.end("Succeeded", now, { errorCode: "Success", message: "Succeeded", logTail: "", scriptName: "" });
        this.enterNext(now);
        if (this.current === undefined) this.status = "Succeeded";
    }

    fail(diagnostics: Diagnostics, now: Date): void {
        this.end("Failed", now, diagnostics);
        this.leaveOut();
        this.status = "Failed";
    }

    /** The deployment ended before this instance was done. */
    stop(now: Date): void {
        if (this.status === "InProgress") this.end("Failed", now, { errorCode: "UnknownError" satisfies LifecycleErrorCode, message: "The deployment was stopped." });
        const wasInProgress = this.status === "InProgress";
        this.leaveOut();
        this.status = wasInProgress ? "Failed" : "Skipped";
        this.lastUpdatedAt = now;
    }

    describe(deploymentId: string): DeploymentTarget {
        return {
            deploymentTargetType: "InstanceTarget",
            instanceTarget: {
                deploymentId,
                targetId: this.id,
                targetArn: `arn:aws:ec2:${region}:${accountId}:instance/${this.id}`,
                status: this.status,
                lastUpdatedAt: this.lastUpdatedAt,
                lifecycleEvents: this.events.map(({ name, ...event }): LifecycleEvent => ({ lifecycleEventName: name, ...event })),
                instanceLabel: "Blue",
            },
        };
    }

    private enterNext(now: Date): void {
        this.lastUpdatedAt = now;
        const next = this.events.find(({ status }) => status === "Pending");
        if (!next) return;
        next.status = "InProgress";
        next.startTime = now;
    }

    private end(status: LifecycleEventStatus, now: Date, diagnostics: Diagnostics): void {
        this.lastUpdatedAt = now;
        const event = this.events.find(each => each.status === "InProgress");
        if (!event) return;
        event.status = status;
        event.endTime = now;
        // What CodeDeploy does at the load balancer has none.
        if (doneBy(event.name) !== "loadBalancer" || status === "Failed") event.diagnostics = diagnostics;
    }

    private leaveOut(): void {
        for (const event of this.events) if (event.status === "Pending") event.status = "Skipped";
    }
}
