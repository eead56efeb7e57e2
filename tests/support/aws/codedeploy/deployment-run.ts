import type { DeploymentCreator, DeploymentInfo, DeploymentStatus, ErrorInformation, LastDeploymentInfo, RevisionLocation, RollbackInfo } from "@aws-sdk/client-codedeploy";
import { type MinimumHealthyHosts, minimumHealthy } from "../../../../release/minimum-healthy-hosts";
import { configs, type Group } from "./group";
import { InstanceRun } from "./instance-run";
import type { DeploymentScript } from "./script";

/** What a deployment is made of. */
export interface DeploymentArgs {
    readonly id: string;
    readonly group: Group;
    readonly revision: RevisionLocation;
    readonly creator: DeploymentCreator;
    readonly description: string | undefined;
    readonly script: DeploymentScript;
    /** @default the group's */
    readonly config?: string | undefined;
    readonly rollbackInfo?: RollbackInfo;
}

/** One deployment, which moves a step at a time as its script says. */
export class DeploymentRun {
    status: DeploymentStatus = "Created";
    rollbackInfo: RollbackInfo;
    readonly instances: readonly InstanceRun[];
    readonly createTime: Date;
    private readonly previousRevision: RevisionLocation | undefined;
    private startTime: Date | undefined;
    private completeTime: Date | undefined;
    private error: ErrorInformation | undefined;

    constructor(readonly args: DeploymentArgs, private readonly now: () => Date) {
        this.createTime = now();
        this.rollbackInfo = args.rollbackInfo ?? {};
        this.previousRevision = args.group.lastSuccessful?.revision;
        this.instances = args.group.instances.map(id => new InstanceRun(id, args.group.events, this.createTime));
    }

    get ended(): boolean {
        return this.status === "Succeeded" || this.status === "Failed" || this.status === "Stopped";
    }

    /** Lets one lifecycle event pass on every instance that is out, or begins the next wave. */
    step(): void {
        if (this.ended) return;
        if (this.status === "Created") {
            this.status = "InProgress";
            this.startTime = this.now();
        } else {
            for (const instance of this.out) this.move(instance);
        }
        if (this.out.length === 0) this.nextWave();
    }

    stop(code: "MANUAL_STOP" | "ALARM_ACTIVE", message: string): void {
        this.end("Stopped", { code, message });
    }

    describe(): DeploymentInfo {
        const { id, group, revision, creator, description, config } = this.args;
        return {
            ...group.settings,
            ...(config !== undefined && { deploymentConfigName: config }),
            applicationName: group.application,
            deploymentGroupName: group.name,
            deploymentId: id,
            revision,
            status: this.status,
            creator,
            createTime: this.createTime,
            ignoreApplicationStopFailures: false,
            updateOutdatedInstancesOnly: false,
            instanceTerminationWaitTimeStarted: false,
            fileExistsBehavior: "DISALLOW",
            deploymentStatusMessages: [],
            rollbackInfo: this.rollbackInfo,
            deploymentOverview: this.overview,
            ...(description !== undefined && { description }),
            ...(this.previousRevision && { previousRevision: this.previousRevision }),
            ...(this.startTime && { startTime: this.startTime }),
            ...(this.completeTime && { completeTime: this.completeTime }),
            ...(this.error && { errorInformation: this.error }),
        };
    }

    /** As the group tells of its last deployment. */
    summarise(): LastDeploymentInfo {
        return { deploymentId: this.args.id, status: this.status, createTime: this.createTime, ...(this.completeTime && { endTime: this.completeTime }) };
    }

    private get minimumHealthyHosts(): MinimumHealthyHosts {
        const { config, group } = this.args;
        const own = Object.entries(configs).find(([name]) => config === `CodeDeployDefault.${name}`)?.[1];
        return own ?? group.minimumHealthyHosts;
    }

    private get out(): readonly InstanceRun[] {
        return this.instances.filter(({ status }) => status === "InProgress");
    }

    private get overview() {
        const count = (wanted: string): number => this.instances.filter(({ status }) => status === wanted).length;
        return { Pending: count("Pending"), InProgress: count("InProgress"), Succeeded: count("Succeeded"), Failed: count("Failed"), Skipped: count("Skipped"), Ready: 0 };
    }

    private move(instance: InstanceRun): void {
        const { script } = this.args;
        const there = "event" in script && script.event === instance.current;
        if (there && script.kind === "stuck") return;
        if (there && script.kind === "fails" && (script.instances ?? [instance.id]).includes(instance.id)) instance.fail(script.diagnostics, this.now());
        else instance.step(this.now());
    }

    // A failed host lowers the healthy count; at the minimum the deployment stops, unless that was the last host.
    private nextWave(): void {
        const { script } = this.args;
        const waiting = this.instances.filter(({ status }) => status === "Pending");
        const healthy = this.instances.filter(({ status }) => status !== "Failed").length;
        const takeable = healthy - minimumHealthy(this.instances.length, this.minimumHealthyHosts);
        const begun = this.instances.length - waiting.length;
        if (script.kind === "alarm" && begun > 0) this.stop("ALARM_ACTIVE", alarmText(script.alarm));
        else if (waiting.length === 0 && takeable >= 0 && this.instances.some(({ status }) => status === "Succeeded")) this.end("Succeeded");
        else if (takeable <= 0 || waiting.length === 0) this.end("Failed", { code: "HEALTH_CONSTRAINTS", message: healthText });
        else for (const instance of waiting.slice(0, takeable)) instance.begin(this.now());
    }

    private end(status: "Succeeded" | "Failed" | "Stopped", error?: ErrorInformation): void {
        const now = this.now();
        for (const instance of this.instances) if (["Pending", "InProgress"].includes(instance.status)) instance.stop(now);
        this.status = status;
        this.completeTime = now;
        this.error = error;
    }
}

const healthText = "The overall deployment failed because too many individual instances failed deployment, too few healthy instances are "
    + "available for deployment, or some instances in your deployment group are experiencing problems.";

function alarmText(alarm: string): string {
    return "One or more alarms have been activated according to the Amazon CloudWatch metrics you selected, and the affected deployments "
        + `have been stopped. Activated alarms: <${alarm}>`;
}
