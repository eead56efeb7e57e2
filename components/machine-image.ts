import type { Architecture } from "../release/architecture";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** When the newest Amazon Linux 2023 is looked up. */
export type LookUp =
    /** By EC2, at each launch: a newer image changes no template. */
    | "atLaunch"
    /** By Pulumi, at each `up`: a newer image is a new version of the template, for the next launch. */
    | "atUp";

/** The newest Amazon Linux 2023 for an architecture, as a launch template names it. */
export function newestAmazonLinux({ ami }: Architecture, lookUp: LookUp, parent: pulumi.Resource): pulumi.Input<string> {
    const parameter = `/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${ami}`;
    // Everybody may read it, so it is no secret.
    return lookUp === "atLaunch" ? `resolve:ssm:${parameter}` : aws.ssm.getParameterOutput({ name: parameter }, { parent }).insecureValue;
}
