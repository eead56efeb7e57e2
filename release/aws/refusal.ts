import { networkTroubles, throttled, timedOut } from "./transient";

/** What AWS's SDK throws, as far as it is looked at here. Known by its fields, so that telling an error loads no SDK. */
interface SdkError extends Error {
    readonly code?: unknown;
    readonly $metadata?: { readonly httpStatusCode?: number | undefined; readonly attempts?: number | undefined; readonly requestId?: string | undefined };
    readonly $service?: string;
}

type Rule = readonly [applies: (error: SdkError) => boolean, text: (error: SdkError) => string];

/** Why AWS did not do what it was asked for, and what to do about it. Undefined for errors of other kinds. */
export function refusalOf(error: Error): string | undefined {
    return rules.find(([applies]) => applies(error))?.[1](error);
}

const rules: readonly Rule[] = [
    [
        named("ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired", "RequestExpired"),
        () => `AWS refuses the credentials: they have expired. ${logIn}`,
    ],
    [
        named("CredentialsProviderError", "TokenProviderError"),
        ({ message }) => `There are no credentials for AWS: ${sentence(message)} ${logIn}`,
    ],
    [
        named("UnrecognizedClientException", "InvalidClientTokenId", "InvalidAccessKeyId", "InvalidToken"),
        () => `AWS does not know the credentials: the access key was removed, mistyped, or is of another partition of AWS. ${logIn}`,
    ],
    [
        named("SignatureDoesNotMatch", "InvalidSignatureException", "RequestTimeTooSkewed"),
        () => "AWS refuses the signature: the secret key is wrong, or this machine's clock is. Compare it with `date -u`, then log in anew.",
    ],
    [
        error => denied.includes(error.name) || error.$metadata?.httpStatusCode === 403,
        error => `AWS denies it: ${deniedWhat(error)} ${deniedFix}`,
    ],
    [
        error => throttled.includes(error.name) || error.$metadata?.httpStatusCode === 429,
        error => `AWS is asked too often in this account and region${triesOf(error)}. Wait a minute and run the command again.`,
    ],
    [
        // The SDK adds its own field also to what the network throws; without it, it is not AWS that was called.
        error => error.$metadata !== undefined && typeof error.code === "string" && Object.hasOwn(unreachable, error.code),
        error => `AWS cannot be reached: ${unreachable[error.code as string] ?? ""} (${error.message || (error.code as string)}). Look at the network, the proxy and the region, then run the command again.`,
    ],
    [
        error => timedOut.includes(error.name) && error.$metadata !== undefined,
        error => `AWS does not answer${triesOf(error)}: ${sentence(error.message)} Look at the network and the proxy, then run the command again.`,
    ],
    [
        error => error.message === "Region is missing",
        () => "No region of AWS is named. Set aws:region in the stack's file.",
    ],
    [
        error => (error.$metadata?.httpStatusCode ?? 0) >= 500,
        error => `AWS itself has a failure${triesOf(error)}: ${detail(error)}${requestOf(error)}. Run the command again; https://health.aws.amazon.com tells of outages.`,
    ],
    [
        error => error.$metadata?.httpStatusCode !== undefined,
        error => `AWS refuses: ${detail(error)}${requestOf(error)}.`,
    ],
];

const logIn = "Log in (aws sso login, AWS_PROFILE, or your CI's own step) and run the command again.";
const deniedFix = "Take credentials that may do this, or let whoever looks after the account allow it; ./gapless doctor STACK says who you are.";
const denied: readonly string[] = [
    "AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "UnauthorizedException", "AuthorizationErrorException", "Forbidden",
];
const unreachable: Readonly<Record<string, string>> = {
    ...networkTroubles,
    CERT_HAS_EXPIRED: "its certificate is refused",
    SELF_SIGNED_CERT_IN_CHAIN: "its certificate is refused",
    UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "its certificate is refused",
};

function named(...names: readonly string[]): (error: SdkError) => boolean {
    return error => names.includes(error.name);
}

/** IAM's own message names who, what and on what; S3 often says no more than "Access Denied". */
function deniedWhat({ message, $service }: SdkError): string {
    const { principal, action, resource, reason } = /^User: (?<principal>\S+) is not authorized to perform: (?<action>\S+)(?: on resource: (?<resource>\S+))?(?:.*?because (?<reason>.+))?/s.exec(message)?.groups ?? {};
    if (principal === undefined || action === undefined) return [$service && `${$service} says`, sentence(message || "it gives no reason")].filter(Boolean).join(" ");
    return sentence([`${principal} may not ${action}`, resource && ` on ${resource.replace(/[.,]$/, "")}`, reason && `, because ${reason}`].filter(Boolean).join(""));
}

function triesOf({ $metadata }: SdkError): string {
    const attempts = $metadata?.attempts ?? 0;
    return attempts > 1 ? `, also after ${attempts} tries` : "";
}

function requestOf({ $metadata }: SdkError): string {
    return $metadata?.requestId === undefined ? "" : ` (request ${$metadata.requestId})`;
}

function detail({ name, message }: SdkError): string {
    const text = message.replace(/\.$/, "");
    return name === "Error" || text === "" ? text || name : `${name}: ${text}`;
}

function sentence(text: string): string {
    return /[.!?]$/.test(text) ? text : `${text}.`;
}
