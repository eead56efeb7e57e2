import type { Colour } from "../../release/blue-green/colour";
import type { DeploymentKind } from "../../release/lifecycle";
import { type Host, type LaunchHook, ScalingGroup, type ScalingGroupArgs, ScalingGroupError } from "../scaling/scaling-group";
import type { GroupDeployment } from "./group-deployment";

export interface ColourGroupArgs extends Omit<ScalingGroupArgs, "name"> {
    readonly colour: Colour;
    /** Begins a deployment of a release on hosts, all at once. */
    readonly deployTo: (version: string, hosts: readonly Host[], kind: DeploymentKind) => GroupDeployment;
}

/** Stands for one colour's Auto Scaling group and its deployment group. */
export class ColourGroup extends ScalingGroup {
    readonly colour: Colour;
    /** Whether the deployment group knows the Auto Scaling group: then every instance that is launched gets the last release. */
    inDeploymentGroup = true;
    /** What a launched instance gets: the last release that a deployment brought; undefined before there was one. */
    lastDeployed: string | undefined;
    readonly #deployments: GroupDeployment[] = [];

    constructor(private readonly args: ColourGroupArgs) {
        super({ ...args, name: args.colour });
        this.colour = args.colour;
    }

    /** The deployments to its deployment group, the newest last; those of single instances at their launch are not among them. */
    get deployments(): readonly GroupDeployment[] {
        return this.#deployments;
    }

    /**
     * Has CodeDeploy bring a release to all instances in service.
     * @throws ScalingGroupError when the deployment group has none
     */
    deploy(version: string): GroupDeployment {
        if (!this.inDeploymentGroup || this.inService.length === 0) {
            throw new ScalingGroupError(`the deployment group of ${this.colour} has no instances`);
        }
        const deployment = this.args.deployTo(version, this.inService, "release");
        this.#deployments.push(deployment);
        this.track(deployment.ended.then(({ outcome }) => {
            if (outcome === "succeeded") this.lastDeployed = version;
        }));
        return deployment;
    }

    protected override launchHook(): LaunchHook | undefined {
        const release = this.inDeploymentGroup ? this.lastDeployed : undefined;
        return release === undefined ? undefined : (host, giveUp) => this.installAtLaunch(release, host, giveUp);
    }

    private async installAtLaunch(release: string, host: Host, giveUp: AbortSignal): Promise<void> {
        const deployment = this.args.deployTo(release, [host], "launch");
        giveUp.addEventListener("abort", () => { deployment.stop(); });
        const { outcome, failures } = await deployment.ended;
        if (outcome !== "succeeded") throw new ScalingGroupError(failures.join("; "));
    }
}
