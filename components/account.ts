import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/** Where ARNs of things are that do not exist yet. */
export interface Account {
    readonly partition: pulumi.Output<string>;
    readonly region: pulumi.Output<string>;
    readonly accountId: pulumi.Output<string>;
}

/** The account and region that a component is built in. */
export function accountOf(parent: pulumi.Resource): Account {
    return {
        partition: aws.getPartitionOutput({}, { parent }).partition,
        region: aws.getRegionOutput({}, { parent }).region,
        accountId: aws.getCallerIdentityOutput({}, { parent }).accountId,
    };
}
