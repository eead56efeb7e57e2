import { DescribeRegionsCommand, type EC2Client } from "@aws-sdk/client-ec2";
import { GetCallerIdentityCommand, type STSClient } from "@aws-sdk/client-sts";
import { type Diagnosis, fail, ok } from "../../doctor";

/** Whom AWS takes the caller for. */
export interface Identity {
    readonly account: string;
    readonly arn: string;
    /** When the credentials end; undefined for those that do not. */
    readonly expires: Date | undefined;
}

export async function readIdentity(sts: STSClient, abortSignal: AbortSignal): Promise<Identity> {
    const { Account = "", Arn = "" } = await sts.send(new GetCallerIdentityCommand({}), { abortSignal });
    const { expiration } = await sts.config.credentials();
    return { account: Account, arn: Arn, expires: expiration };
}

/** Whether the account may use a region. */
export async function checkRegion(ec2: EC2Client, region: string, abortSignal: AbortSignal): Promise<Diagnosis> {
    const { Regions: [found] = [] } = await ec2.send(new DescribeRegionsCommand({ RegionNames: [region], AllRegions: true }), { abortSignal });
    if (found?.OptInStatus !== "not-opted-in") return ok(region);
    return fail(`the account has not enabled ${region}`, "enable it under Account, AWS Regions, or set aws:region to another one");
}
