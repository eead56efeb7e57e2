import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Colour } from "../release/blue-green/colour";
import type { DeploymentTarget } from "./deployment-target";

/** Two groups of targets instead of one: one serves, the other is there for the next release. */
export interface ColoursArgs {
    /** What a request must know to reach a colour by the header `X-Gapless-Colour`: 16 to 64 letters and digits. */
    readonly headerSecret: pulumi.Input<string>;
    /** Colour to which a listener leads that is made now; one that is there goes on as deployments have left it. */
    readonly serving: Colour;
}

/** Where the instances of the second colour register. */
export interface GreenTargets {
    /** As the Auto Scaling group refers to it. */
    readonly targetGroupArn: pulumi.Output<string>;
    /** As CodeDeploy refers to it. */
    readonly targetGroupName: pulumi.Output<string>;
    /** `TargetGroup` dimension of its CloudWatch metrics. */
    readonly targetGroupDimension: pulumi.Output<string>;
    readonly targetGroup: aws.lb.TargetGroup;
}

/** Where the weights of the colours are: in the default action of a listener of our own, or in our rule of somebody else's. */
export type ColourWeights = { readonly listenerArn: pulumi.Output<string> } | { readonly ruleArn: pulumi.Output<string> };

/** Rules by which a request reaches a colour whatever the weights are. */
export type HeaderRules = Readonly<Record<Colour, aws.lb.ListenerRule>>;

/** The second colour's group of instances. */
export interface GreenHostsArgs {
    /** Target group in which its instances register. */
    readonly targetGroupArn: pulumi.Input<string>;
    /** `TargetGroup` dimension of the requests that are counted for scaling it. */
    readonly targetGroupDimension: pulumi.Input<string>;
}

/** The second colour's instances. */
export interface GreenHosts {
    /** How CodeDeploy finds them. */
    readonly deploymentTarget: DeploymentTarget;
    readonly autoScalingGroupName: pulumi.Output<string>;
    readonly autoScalingGroupArn: pulumi.Output<string>;
    readonly autoScalingGroup: aws.autoscaling.Group;
}
