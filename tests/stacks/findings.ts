import type { Finding } from "../../release/lint";
import { readSettings } from "../../stacks/settings";
import { SettingsError } from "../../stacks/settings-error";

/** What a finding says: severity, key, rule, what was received, fix. */
export type Said = readonly [Finding["severity"], string, string, string, string];

export interface Stack {
    /** @default dev */
    readonly stage?: string;
    /** Settings without their namespace. */
    readonly given: Readonly<Record<string, unknown>>;
    /** Keys with their namespace, such as `aws:region`, over the usual ones. */
    readonly pulumi?: Readonly<Record<string, unknown>>;
    /** Settings that the stack file keeps encrypted. */
    readonly secret?: readonly string[];
}

/** All that is said of a stack: its errors, or without any its warnings. */
export function findingsOn({ stage = "dev", given, pulumi = {}, secret = [] }: Stack): readonly Finding[] {
    // Without a word of the network, a stage that may not have public hosts has none.
    const spoken = ["natGateways", "interfaceEndpoints", "vpcId"].some(key => key in given);
    const own = Object.fromEntries(Object.entries({ ...(stage !== "dev" && !spoken && { natGateways: "single" }), ...given }).map(([key, value]) => [`gapless:${key}`, value]));
    const config = { "aws:region": "eu-central-1", ...(stage === "prod" && { "aws:allowedAccountIds": '["111122223333"]' }), ...own, ...pulumi };
    try {
        return readSettings({ project: "gapless", stack: stage, config, secretKeys: new Set(secret.map(key => `gapless:${key}`)) }).warnings;
    } catch (error) {
        if (error instanceof SettingsError) return error.problems;
        throw error;
    }
}

export function said(findings: readonly Finding[]): readonly Said[] {
    return findings.map(({ severity, key, rule, received, fix }) => [severity, key, rule, received, fix]);
}

/** Values that pass for what they name. */
export const sample = {
    certificateArn: "arn:aws:acm:eu-central-1:111122223333:certificate/12345678-1234-1234-1234-123456789012",
    cloudFrontCertificateArn: "arn:aws:acm:us-east-1:111122223333:certificate/12345678-1234-1234-1234-123456789012",
    connectionArn: "arn:aws:codeconnections:eu-central-1:111122223333:connection/12345678-1234-1234-1234-123456789012",
    ciPrincipalArn: "arn:aws:iam::111122223333:role/jenkins",
    ciOidcProviderArn: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com",
    ciOidcSubject: "repo:acme/shop:ref:refs/heads/main",
    ciPreviewSubject: "repo:acme/shop:pull_request",
    ciStateBucketArn: "arn:aws:s3:::acme-pulumi-state",
    ciStateKeyArn: "arn:aws:kms:eu-central-1:111122223333:key/12345678-1234-1234-1234-123456789012",
    dockerHubSecretArn: "arn:aws:secretsmanager:eu-central-1:111122223333:secret:docker-hub-AbCdEf",
    listenerArn: "arn:aws:elasticloadbalancing:eu-central-1:111122223333:listener/app/shared/0123456789abcdef/0123456789abcdef",
    vpcId: "vpc-0123456789abcdef0",
    publicSubnetIds: ["subnet-0000000a", "subnet-0000000b"],
    hostSubnetIds: ["subnet-0000001a", "subnet-0000001b"],
} as const;

/** A network that exists. */
export const network = { vpcId: sample.vpcId, publicSubnetIds: sample.publicSubnetIds, hostSubnetIds: sample.hostSubnetIds };

/** A rule on somebody else's listener. */
export const listener = { ...network, listenerArn: sample.listenerArn, listenerPriority: 100, listenerHosts: ["shop.example.com"] };
