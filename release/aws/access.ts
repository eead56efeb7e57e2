import type { AwsCredentialIdentityProvider } from "@smithy/types";

/** With what every client of AWS's SDK is made: `new S3Client(access)`. */
export interface Access {
    readonly region: string;
    /** @default the SDK's own chain: environment, profile, single sign-on, token, the machine's role */
    readonly credentials?: AwsCredentialIdentityProvider;
    /** Tries of one call, throttled ones included, with pauses that grow. */
    readonly maxAttempts: number;
    readonly retryMode: "adaptive" | "standard";
}

/**
 * How AWS is called.
 * @param roleArn a role to take first, such as the stack's for CI; undefined for none
 */
export async function makeAccess(region: string, roleArn: string | undefined): Promise<Access> {
    const access = { region, maxAttempts: 6, retryMode: "standard" } as const;
    if (roleArn === undefined) return access;
    const { fromTemporaryCredentials } = await import("@aws-sdk/credential-providers");
    return { ...access, credentials: fromTemporaryCredentials({ clientConfig: { region }, params: { RoleArn: roleArn, RoleSessionName: "gapless" } }) };
}
