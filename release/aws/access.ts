import type { AwsCredentialIdentityProvider } from "@smithy/types";
import { ciSessionSeconds } from "../ci-session";

/** With what every client of AWS's SDK is made: `new S3Client(access)`. */
export interface Access {
    readonly region: string;
    /** @default the SDK's own chain: environment, profile, single sign-on, token, the machine's role */
    readonly credentials?: AwsCredentialIdentityProvider;
    /** Tries of one call, throttled ones included, with pauses that grow. */
    readonly maxAttempts: number;
    readonly retryMode: "standard";
    /** Milliseconds until a network that swallows everything counts as cut. @default never */
    readonly requestHandler?: { readonly connectionTimeout: number; readonly socketTimeout: number };
}

/** A role to take first, such as the stack's for CI. */
export interface RoleToTake {
    readonly roleArn: string;
    /** Who takes it, for AWS's own records. */
    readonly who: string;
    /** File with a token that vouches for this job. @default what the SDK's chain finds vouches */
    readonly tokenFile?: string | undefined;
}

/** How AWS is called: in a region, and in a role when one is given. */
export async function makeAccess(region: string, role?: RoleToTake): Promise<Access> {
    const requestHandler = { connectionTimeout: 10_000, socketTimeout: 60_000 };
    const access = { region, maxAttempts: 6, retryMode: "standard", requestHandler } as const;
    return role === undefined ? access : { ...access, credentials: await take(role, region) };
}

async function take({ roleArn, who, tokenFile }: RoleToTake, region: string): Promise<AwsCredentialIdentityProvider> {
    const { fromTemporaryCredentials, fromTokenFile } = await import("@aws-sdk/credential-providers");
    const session = sessionName(who);
    if (tokenFile === undefined) return fromTemporaryCredentials({ clientConfig: { region }, params: { RoleArn: roleArn, RoleSessionName: session } });
    return fromTokenFile({ clientConfig: { region }, roleArn, roleSessionName: session, webIdentityTokenFile: tokenFile, durationSeconds: ciSessionSeconds });
}

/** What AWS takes as the name of a session: 2 to 64 letters, digits and a few signs. */
export function sessionName(who: string): string {
    return `gapless-${who.replaceAll(/[^\w+=,.@-]/g, "-")}`.slice(0, 64);
}
