import type { Access } from "../../../release/aws/access";

/** What a client of the SDK is made with to talk to a stand-in for AWS. */
export interface DoubleAccess extends Access {
    readonly endpoint: string;
}

export const region = "eu-central-1";
export const accountId = "123456789012";

/** For `new XClient(…)`. One try a call, so that faults reach the code at once: the SDK's own pauses take real time. */
export function accessAt(endpoint: string): DoubleAccess {
    return {
        region, endpoint, maxAttempts: 1, retryMode: "standard",
        credentials: () => Promise.resolve({ accessKeyId: "test", secretAccessKey: "test" }),
    };
}
