import assert from "node:assert/strict";
import { refusalOf } from "../../../release/aws/refusal";
import { awsError } from "./s3-double";

const logIn = "Log in (aws sso login, AWS_PROFILE, or your CI's own step) and run the command again.";
const fix = "Take credentials that may do this, or let whoever looks after the account allow it; ./gapless doctor STACK says who you are.";

function failure(message: string, about: object): Error {
    return Object.assign(new Error(message), about);
}

describe("refusal of AWS", () => {
    for (const [error, text] of [
        [awsError("ExpiredToken", 400), `AWS refuses the credentials: they have expired. ${logIn}`],
        [awsError("ExpiredTokenException", 403), `AWS refuses the credentials: they have expired. ${logIn}`],
        [
            failure("Could not load credentials from any providers", { name: "CredentialsProviderError" }),
            `There are no credentials for AWS: Could not load credentials from any providers. ${logIn}`,
        ],
        [
            failure("Token is expired. To refresh this SSO session run 'aws sso login'.", { name: "TokenProviderError" }),
            `There are no credentials for AWS: Token is expired. To refresh this SSO session run 'aws sso login'. ${logIn}`,
        ],
        [
            awsError("UnrecognizedClientException", 400),
            `AWS does not know the credentials: the access key was removed, mistyped, or is of another partition of AWS. ${logIn}`,
        ],
        [
            awsError("InvalidClientTokenId", 403),
            `AWS does not know the credentials: the access key was removed, mistyped, or is of another partition of AWS. ${logIn}`,
        ],
        [
            awsError("SignatureDoesNotMatch", 403),
            "AWS refuses the signature: the secret key is wrong, or this machine's clock is. Compare it with `date -u`, then log in anew.",
        ],
        [
            awsError("AccessDeniedException", 400, "User: arn:aws:sts::1:assumed-role/ci/x is not authorized to perform: codedeploy:GetDeploymentGroup "
                + "on resource: arn:aws:codedeploy:eu-central-1:1:deploymentgroup:web/dev because no identity-based policy allows the codedeploy:GetDeploymentGroup action"),
            "AWS denies it: arn:aws:sts::1:assumed-role/ci/x may not codedeploy:GetDeploymentGroup on arn:aws:codedeploy:eu-central-1:1:deploymentgroup:web/dev, "
            + `because no identity-based policy allows the codedeploy:GetDeploymentGroup action. ${fix}`,
        ],
        [
            awsError("AccessDenied", 403, "User: arn:aws:iam::1:user/ann is not authorized to perform: sts:AssumeRole"),
            `AWS denies it: arn:aws:iam::1:user/ann may not sts:AssumeRole. ${fix}`,
        ],
        [failure("Access Denied", { name: "AccessDenied", $service: "S3", $metadata: { httpStatusCode: 403 } }), `AWS denies it: S3 says Access Denied. ${fix}`],
        [awsError("Unknown", 403, ""), `AWS denies it: it gives no reason. ${fix}`],
        [
            failure("Rate exceeded", { name: "ThrottlingException", $metadata: { httpStatusCode: 400, attempts: 6 } }),
            "AWS is asked too often in this account and region, also after 6 tries. Wait a minute and run the command again.",
        ],
        [awsError("SlowDown", 503), "AWS is asked too often in this account and region. Wait a minute and run the command again."],
        [awsError("Whatever", 429), "AWS is asked too often in this account and region. Wait a minute and run the command again."],
        [
            failure("getaddrinfo ENOTFOUND ssm.eu-central-1.amazonaws.com", { code: "ENOTFOUND", $metadata: { attempts: 6 } }),
            "AWS cannot be reached: its name is not known here (getaddrinfo ENOTFOUND ssm.eu-central-1.amazonaws.com). "
            + "Look at the network, the proxy and the region, then run the command again.",
        ],
        [
            failure("", { code: "ECONNREFUSED", $metadata: {} }),
            "AWS cannot be reached: the connection is refused (ECONNREFUSED). Look at the network, the proxy and the region, then run the command again.",
        ],
        [
            failure("Connection timed out after 5000 ms", { name: "TimeoutError", $metadata: { attempts: 6 } }),
            "AWS does not answer, also after 6 tries: Connection timed out after 5000 ms. Look at the network and the proxy, then run the command again.",
        ],
        [failure("Region is missing", {}), "No region of AWS is named. Set aws:region in the stack's file."],
        [
            failure("We encountered an internal error.", { name: "InternalError", $metadata: { httpStatusCode: 500, attempts: 1, requestId: "r-1" } }),
            "AWS itself has a failure: InternalError: We encountered an internal error (request r-1). Run the command again; https://health.aws.amazon.com tells of outages.",
        ],
        [
            awsError("DeploymentGroupDoesNotExistException", 400, "No Deployment Group found for name: dev"),
            "AWS refuses: DeploymentGroupDoesNotExistException: No Deployment Group found for name: dev.",
        ],
        // Not AWS's.
        [failure("connect ECONNREFUSED /var/run/docker.sock", { code: "ECONNREFUSED" }), undefined],
        [failure("gone", { name: "TimeoutError" }), undefined],
        [new TypeError("x is undefined"), undefined],
    ] as const) {
        it(`${text === undefined ? "is none of" : "tells"} ${error.name}: ${error.message.slice(0, 60)}`, () => { assert.equal(refusalOf(error), text); });
    }
});
