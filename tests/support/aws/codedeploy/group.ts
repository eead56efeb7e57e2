import type { DeploymentGroupInfo, RevisionLocation } from "@aws-sdk/client-codedeploy";
import type { LifecycleEvent } from "../../../../release/lifecycle";
import { eventsWithoutLoadBalancer, lifecycleEvents } from "../../../../release/lifecycle";
import { type MinimumHealthyHosts, rulesOfAws } from "../../../../release/minimum-healthy-hosts";
import type { DeploymentRun } from "./deployment-run";

/** Configurations that CodeDeploy itself brings along, by the last part of their names. */
export const configs = { ...rulesOfAws, AllAtOnce: { type: "HOST_COUNT", value: 0 } } as const satisfies Readonly<Record<string, MinimumHealthyHosts>>;

/** A deployment group as a test sets it up. */
export interface GroupArgs {
    readonly application: string;
    readonly group: string;
    /** Ids of its instances, in the order in which they are taken. */
    readonly instances: readonly string[];
    /** @default none: its instances are found by tags */
    readonly autoScalingGroup?: string;
    /** Instances in service of an Auto Scaling group, asked for as each deployment begins. @default `instances` alone */
    readonly inService?: (autoScalingGroup: string) => Promise<readonly string[]>;
    /** @default HalfAtATime */
    readonly config?: keyof typeof configs;
    /** Whether instances leave the load balancer meanwhile. @default true */
    readonly trafficControl?: boolean;
    /** Target group, by name. @default the group's name */
    readonly targetGroup?: string;
    /** Alarms that stop a deployment. @default none */
    readonly alarms?: readonly string[];
    /** Whether a failed deployment is followed by one of the release before. @default true */
    readonly autoRollback?: boolean;
    /** Release that serves when the test begins. @default none */
    readonly serves?: RevisionLocation;
}

/** A deployment group that a double has. */
export class Group {
    readonly application: string;
    readonly name: string;
    instances: readonly string[];
    /** Auto Scaling groups that have its hook. */
    autoScalingGroups: readonly string[];
    /** What was last deployed with success; what one goes back to. */
    lastSuccessful: { readonly deploymentId: string; readonly revision: RevisionLocation; readonly endTime: Date } | undefined;
    /** The newest deployment, also while it runs. */
    lastAttempted: DeploymentRun | undefined;

    constructor(private readonly args: GroupArgs, now: Date) {
        this.application = args.application;
        this.name = args.group;
        this.instances = args.instances;
        this.autoScalingGroups = args.autoScalingGroup === undefined ? [] : [args.autoScalingGroup];
        this.lastSuccessful = args.serves && { deploymentId: "d-BEFORETST", revision: args.serves, endTime: now };
    }

    /** Takes the instances that its Auto Scaling groups have now. */
    async refresh(): Promise<void> {
        const { inService } = this.args;
        if (inService) this.instances = (await Promise.all(this.autoScalingGroups.map(inService))).flat();
    }

    get config(): string {
        return `CodeDeployDefault.${this.args.config ?? "HalfAtATime"}`;
    }

    get minimumHealthyHosts(): MinimumHealthyHosts {
        return configs[this.args.config ?? "HalfAtATime"];
    }

    get events(): readonly LifecycleEvent[] {
        return (this.args.trafficControl ?? true) ? lifecycleEvents : eventsWithoutLoadBalancer;
    }

    get autoRollback(): boolean {
        return this.args.autoRollback ?? true;
    }

    get autoRollbackConfiguration(): NonNullable<DeploymentGroupInfo["autoRollbackConfiguration"]> {
        return this.autoRollback ? { enabled: true, events: ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"] } : { enabled: false, events: [] };
    }

    /** What deployments of this group have in common with it. */
    get settings() {
        const { trafficControl = true, targetGroup = this.name } = this.args;
        return {
            deploymentConfigName: this.config,
            deploymentStyle: { deploymentType: "IN_PLACE", deploymentOption: trafficControl ? "WITH_TRAFFIC_CONTROL" : "WITHOUT_TRAFFIC_CONTROL" },
            autoRollbackConfiguration: this.autoRollbackConfiguration,
            loadBalancerInfo: { targetGroupInfoList: trafficControl ? [{ name: targetGroup }] : [] },
            computePlatform: "Server",
        } as const satisfies DeploymentGroupInfo;
    }

    describe(): DeploymentGroupInfo {
        const { alarms = [] } = this.args;
        return {
            ...this.settings,
            applicationName: this.application,
            deploymentGroupName: this.name,
            deploymentGroupId: "11111111-2222-3333-4444-555555555555",
            autoScalingGroups: this.autoScalingGroups.map(name => ({ name, hook: `CodeDeploy-managed-automatic-launch-deployment-hook-${this.name}` })),
            alarmConfiguration: { enabled: alarms.length > 0, ignorePollAlarmFailure: false, alarms: alarms.map(name => ({ name })) },
            outdatedInstancesStrategy: "UPDATE",
            ...(this.lastSuccessful && {
                targetRevision: this.lastSuccessful.revision,
                lastSuccessfulDeployment: {
                    deploymentId: this.lastSuccessful.deploymentId, status: "Succeeded", createTime: this.lastSuccessful.endTime, endTime: this.lastSuccessful.endTime,
                },
            }),
            ...(this.lastAttempted && { lastAttemptedDeployment: this.lastAttempted.summarise() }),
        };
    }
}
