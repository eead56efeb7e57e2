import type { Host as PlannedHost } from "../../release/deployment";
import type { MinimumHealthyHosts } from "../../release/minimum-healthy-hosts";
import type { Bundle } from "../agent/host-agent";
import type { TargetHealth } from "../balancer/balancer";
import { type Conditions, Deployment } from "../codedeploy/deployment";
import type { ErrorWatch } from "../codedeploy/error-watch";
import { type RollingEnd, roll } from "../codedeploy/roll";
import { type Host, type LaunchHook, ScalingGroup, type ScalingGroupArgs, ScalingGroupError } from "../scaling/scaling-group";
import { RollingDeployment } from "./rolling-deployment";

export interface RollingGroupArgs extends ScalingGroupArgs {
    /** Hosts that must serve while others are replaced. */
    readonly minimumHealthyHosts: MinimumHealthyHosts;
    readonly rollBackOnFailure: boolean;
    /** Whether CodeDeploy brings launched instances the current release; a fleet that is found by tags has no such hook. */
    readonly launchHook: boolean;
    readonly bundleOf: (release: string) => Bundle;
    readonly health: () => Promise<ReadonlyMap<string, TargetHealth>>;
    /** What every deployment meets, as it is when the deployment begins. */
    readonly conditions: () => Omit<Conditions, "instances">;
    /** While it fires CodeDeploy begins no deployment, that of a launched instance included; undefined = the deployment group has no alarm. */
    readonly alarm?: ErrorWatch | undefined;
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
        const previous = this.lastDeployed === version ? undefined : this.lastDeployed;
        return this.begin(version, this.inService, { previous, minimumHealthyHosts: how.minimumHealthyHosts ?? this.args.minimumHealthyHosts });
    }

    protected override launchHook(): LaunchHook | undefined {
        const release = this.args.launchHook ? this.lastDeployed : undefined;
        return release === undefined ? undefined : (host, giveUp) => this.installAtLaunch(release, host, giveUp);
    }

    private begin(version: string, hosts: readonly Host[], plan: { readonly previous: string | undefined; readonly minimumHealthyHosts: MinimumHealthyHosts }): RollingDeployment {
        const deployment = new RollingDeployment(version, stop => this.carryOut(version, hosts, plan, stop));
        this.#active = deployment;
        this.track(deployment.ended.finally(() => {
            this.#active = undefined;
        }).then(({ outcome }) => {
            if (outcome === "succeeded") this.lastDeployed = version;
            this.updateOutdated();
        }));
        return deployment;
    }

    private async carryOut(
        target: string, hosts: readonly Host[], { previous, minimumHealthyHosts }: { readonly previous: string | undefined; readonly minimumHealthyHosts: MinimumHealthyHosts }, wish: AbortSignal,
    ): Promise<RollingEnd> {
        const { alarm, bundleOf, conditions, health, rollBackOnFailure } = this.args;
        const firing = alarm?.firing;
        if (firing !== undefined) return { type: "end", outcome: "failed", reason: `ALARM_ACTIVE: no deployment begins while the alarm fires: ${firing}` };
        const alarmed = new AbortController();
        using _heard = alarm?.onFiring(() => { alarmed.abort(new Error(`the alarm fires: ${alarm.firing ?? ""}`)); });
        const states = await health();
        return await roll(
            { hosts: hosts.map(({ id }) => this.planned(id, states.get(id), target)), minimumHealthyHosts, target, previous, rollBackOnFailure },
            bundleOf,
            { ...conditions(), instances: new Map(hosts.map(host => [host.id, host])) },
            { stop: AbortSignal.any([wish, alarmed.signal]), installed: (host, release) => { this.remember(host, release); } },
        );
    }

    private planned(id: string, state: TargetHealth | undefined, target: string): PlannedHost {
        const release = this.#installed.get(id);
        return { id, healthy: state === "healthy", revision: release === undefined ? "unknown" : release === target ? "current" : "old" };
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
        setImmediate(() => { this.updateOutdated(); });
    }

    /**
     * What `outdatedInstancesStrategy: UPDATE` does after a deployment during which instances were launched.
     * https://docs.aws.amazon.com/codedeploy/latest/userguide/integrations-aws-auto-scaling.html
     */
    private updateOutdated(): void {
        const { lastDeployed: version } = this;
        if (version === undefined || this.#active !== undefined || !this.args.launchHook) return;
        // Those of the fleet that are current serve meanwhile, so all others are taken at once; how AWS takes them was never tried.
        const outdated = this.inService.filter(({ id }) => (this.#installed.get(id) ?? version) !== version);
        if (outdated.length > 0) this.begin(version, outdated, { previous: undefined, minimumHealthyHosts: { type: "HOST_COUNT", value: 0 } });
    }
}
