import type { Host as PlannedHost } from "../../release/deployment";
import type { MinimumHealthyHosts } from "../../release/minimum-healthy-hosts";
import type { Bundle } from "../agent/host-agent";
import { type Conditions, Deployment, InstanceFailure } from "../codedeploy/deployment";
import type { ErrorWatch } from "../codedeploy/error-watch";
import { AlarmStop, type RollingEnd, roll } from "../codedeploy/roll";
import { type Host, type LaunchHook, ScalingGroup, type ScalingGroupArgs, ScalingGroupError, type TerminationHook } from "../scaling/scaling-group";
import { RollingDeployment } from "./rolling-deployment";

export interface RollingGroupArgs extends ScalingGroupArgs {
    /** Hosts that must serve while others are replaced. */
    readonly minimumHealthyHosts: MinimumHealthyHosts;
    readonly rollBackOnFailure: boolean;
    /** Whether a deployment that the alarm has stopped goes back. @default as after a failure */
    readonly rollBackOnAlarm?: boolean | undefined;
    /** Whether CodeDeploy brings launched instances the current release; a fleet that is found by tags has no such hook. */
    readonly launchHook: boolean;
    /** Whether CodeDeploy stops the release on an instance that Auto Scaling ends. */
    readonly terminationHook: boolean;
    /** Whether instances that were launched during a deployment get its release after it: `outdatedInstancesStrategy: UPDATE`. */
    readonly updatesOutdated: boolean;
    readonly bundleOf: (release: string) => Bundle;
    /** What every deployment meets, as it is when the deployment begins. */
    readonly conditions: () => Omit<Conditions, "instances">;
    /** While it fires CodeDeploy begins no deployment, that of a launched instance included; undefined = the deployment group has no alarm. */
    readonly alarm?: Pick<ErrorWatch, "firing" | "onFiring"> | undefined;
}

/** What a deployment does for the group, beside bringing the release to hosts. */
interface Terms {
    /** What a rollback brings; undefined = there is none. */
    readonly previous: string | undefined;
    readonly minimumHealthyHosts: MinimumHealthyHosts;
}

/** How a deployment differs from the group's own settings. */
export interface DeployHow {
    /** @default the group's */
    readonly minimumHealthyHosts?: MinimumHealthyHosts;
}

/**
 * Stands for the Auto Scaling group of a rolling stage and its deployment group: one deployment at a time, the last successful release for
 * every instance that is launched, and a deployment of its own for those that were launched with an older one meanwhile.
 */
export class RollingGroup extends ScalingGroup {
    /** What a launched instance gets: the last release that a deployment brought; undefined before there was one. */
    lastDeployed: string | undefined;
    readonly #installed = new Map<string, string>();
    #active: RollingDeployment | undefined;

    constructor(private readonly args: RollingGroupArgs) {
        super(args);
    }

    /** The release that an instance runs, as far as CodeDeploy knows; undefined for one on which the last deployment failed. */
    releaseOf(host: string): string | undefined {
        return this.#installed.get(host);
    }

    /** The deployment under way, one that scaling began included. */
    get deployment(): RollingDeployment | undefined {
        return this.#active;
    }

    /**
     * Has CodeDeploy bring a release to all instances in service.
     * @throws ScalingGroupError when a deployment is under way
     */
    deploy(version: string, how: DeployHow = {}): RollingDeployment {
        if (this.#active !== undefined) {
            throw new ScalingGroupError(`DeploymentLimitExceeded: the deployment group already has a deployment, of release ${this.#active.version}`);
        }
        return this.begin(version, this.inService, { previous: this.lastDeployed, minimumHealthyHosts: how.minimumHealthyHosts ?? this.args.minimumHealthyHosts });
    }

    protected override launchHook(): LaunchHook | undefined {
        const release = this.args.launchHook ? this.lastDeployed : undefined;
        return release === undefined ? undefined : (host, giveUp) => this.installAtLaunch(release, host, giveUp);
    }

    protected override terminationHook(): TerminationHook | undefined {
        const release = this.args.terminationHook ? this.lastDeployed : undefined;
        return release === undefined ? undefined : host => this.stopAtTermination(release, host);
    }

    private begin(version: string, hosts: readonly Host[], terms: Terms): RollingDeployment {
        const deployment = new RollingDeployment(version, stop => this.carryOut(version, hosts, terms, stop));
        this.#active = deployment;
        this.track(deployment.ended.finally(() => {
            this.#active = undefined;
        }).then(({ outcome }) => {
            if (outcome !== "succeeded") return;
            this.lastDeployed = version;
            this.updateOutdated();
        }));
        return deployment;
    }

    private async carryOut(target: string, hosts: readonly Host[], terms: Terms, wish: AbortSignal): Promise<RollingEnd> {
        const { alarm, bundleOf, conditions, rollBackOnFailure, rollBackOnAlarm = rollBackOnFailure } = this.args;
        const firing = alarm?.firing;
        if (firing !== undefined) return { type: "end", outcome: "failed", reason: `ALARM_ACTIVE: no deployment begins while the alarm fires: ${firing}` };
        const alarmed = new AbortController();
        using _heard = alarm?.onFiring(() => { alarmed.abort(new AlarmStop(`the alarm fires: ${alarm.firing ?? ""}`, rollBackOnAlarm)); });
        const instances = new Map(hosts.map(host => [host.id, host]));
        return await roll({ ...terms, hosts: hosts.map(({ id }) => this.planned(id)), target, rollBackOnFailure }, bundleOf, { ...conditions(), instances }, {
            stop: AbortSignal.any([wish, alarmed.signal]),
            installed: (host, release) => { this.remember(host, release); },
            present: () => this.inService.map(host => {
                instances.set(host.id, host);
                return host.id;
            }),
        });
    }

    /** An instance whose last deployment failed is unhealthy for CodeDeploy, and one that never had any; what the load balancer thinks of it does not count. */
    private planned(id: string): PlannedHost {
        const release = this.#installed.get(id);
        return { id, healthy: release !== undefined, revision: release === undefined ? "unknown" : release === this.lastDeployed ? "current" : "old" };
    }

    private remember(host: string, release: string | undefined): void {
        if (release === undefined) this.#installed.delete(host);
        else this.#installed.set(host, release);
    }

    /** @throws ScalingGroupError when the alarm fires, or the release does not start */
    private async installAtLaunch(release: string, host: Host, giveUp: AbortSignal): Promise<void> {
        const { alarm, bundleOf, conditions } = this.args;
        if (alarm?.firing !== undefined) throw new ScalingGroupError(`ALARM_ACTIVE: nothing is deployed to ${host.id}`);
        const given = conditions();
        const signal = AbortSignal.any([given.signal, giveUp]);
        await new Deployment(bundleOf(release), { ...given, signal, instances: new Map([[host.id, host]]) }, "launch").bringTo(host);
        // Without traffic control nobody but Auto Scaling registers it.
        if (!given.trafficControl) await host.enter();
        this.remember(host.id, release);
        // It counts as in service in a moment, by when this is heard.
        if (this.lastDeployed !== release) setImmediate(() => { this.updateOutdated(); });
    }

    private async stopAtTermination(release: string, host: Host): Promise<void> {
        const { bundleOf, conditions } = this.args;
        try {
            await new Deployment(bundleOf(release), { ...conditions(), instances: new Map([[host.id, host]]) }, "termination").bringTo(host);
        } catch (error) {
            // The timeline tells it; the instance ends all the same.
            if (!(error instanceof InstanceFailure)) throw error;
        }
    }

    /**
     * What `outdatedInstancesStrategy: UPDATE` does after a deployment that succeeded, during which instances were launched.
     * https://docs.aws.amazon.com/codedeploy/latest/userguide/integrations-aws-auto-scaling.html
     */
    private updateOutdated(): void {
        const { lastDeployed: version } = this;
        if (version === undefined || this.#active !== undefined || !this.args.updatesOutdated) return;
        // Those of the fleet that are current serve meanwhile, so all others are taken at once; how AWS takes them was never tried.
        const outdated = this.inService.filter(({ id }) => (this.#installed.get(id) ?? version) !== version);
        if (outdated.length > 0) this.begin(version, outdated, { previous: undefined, minimumHealthyHosts: { type: "HOST_COUNT", value: 0 } });
    }
}
