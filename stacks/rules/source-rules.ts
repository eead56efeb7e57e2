import { ingredients } from "../../release/ingredients";
import { error, rule, type SettingsRule, unused, warning } from "./rule";

const gitHubKeys = ["githubRepository", "branch", "triggerPaths", "connectionArn", "buildCompute", "buildTimeoutMinutes"] as const;
const ciKeys = ["ciPrincipalArn", "ciOidcProviderArn", "ciOidcSubject", "ciOidcAudience", "ciMayDeploy"] as const;

/** Where releases and images come from. */
export const sourceRules: readonly SettingsRule[] = [
    rule(["source", "githubRepository"], ({ source, githubRepository }) =>
        source === "github" && githubRepository === undefined
        && error("githubRepository", githubRepository, "must be set for source github", "set githubRepository to owner/name of the repository")),
    ...unused("warning", gitHubKeys, ["source"], ({ source }) =>
        source !== "github" && { because: `with source ${source}`, fix: "remove it, or set source to github" }),
    rule(["source", "ciPrincipalArn", "ciOidcProviderArn", "ciOidcSubject"], ({ source, ciPrincipalArn, ciOidcProviderArn, ciOidcSubject }) =>
        source === "s3" && principalProblem(ciPrincipalArn, ciOidcProviderArn, ciOidcSubject)),
    ...unused("warning", ciKeys, ["source"], ({ source }) =>
        source !== "s3" && { because: `with source ${source}`, fix: "remove it, or set source to s3" }),
    ...unused("warning", ["ciOidcAudience"], ["source", "ciPrincipalArn"], ({ source, ciPrincipalArn }) =>
        source === "s3" && ciPrincipalArn !== undefined && { because: "beside ciPrincipalArn, which shows no token", fix: "remove it" }),
    rule(["source", "ciMayDeploy", "approval"], ({ source, ciMayDeploy, approval }) =>
        source === "s3" && ciMayDeploy && approval
        && warning("ciMayDeploy", ciMayDeploy, "lets CI deploy what nobody has approved", "remove ciMayDeploy, or set approval to false when that is meant")),
    rule(["source", "firstRelease"], ({ source, firstRelease }) =>
        source === "pulumi" && firstRelease === "none"
        && error("firstRelease", firstRelease, "must be pulumi for source pulumi: nobody else makes a release", "remove firstRelease, or set source to github or s3")),
    rule(["source", "ciMayDeploy", "cloudFront"], ({ source, ciMayDeploy, cloudFront }) =>
        source === "s3" && ciMayDeploy && cloudFront
        && warning("ciMayDeploy", ciMayDeploy, "lets CI deploy past the pipeline, whose last stage has CloudFront ask for everything anew", "remove ciMayDeploy, or invalidate the distribution in CI")),
    rule(["source", "buildArgs", "secretIngredients"], ({ source, secretIngredients }) => source === "pulumi" && secretIngredients.includes("buildArgs") && {
        severity: "error",
        key: "buildArgs",
        rule: "must not be encrypted: Docker writes build arguments in clear into the image's history, and the stack into its outputs",
        received: "a secret value",
        fix: "write them down as plain text, and let the service read its secrets when it runs",
    }),
    ...ingredients.map(key => rule([key, "source", "secretIngredients"], ({ source, secretIngredients }) =>
        source !== "pulumi" && secretIngredients.includes(key) && {
            severity: "error",
            key,
            rule: `must not be encrypted for source ${source}: who builds there cannot decrypt what Pulumi has encrypted`,
            received: "a secret value",
            fix: key === "environment"
                ? "write down where the service finds its secrets, such as the name of a secret in Secrets Manager, or set source to pulumi"
                : "write it down as plain text, or set source to pulumi",
        })),
    rule(["registry", "dockerHubRepository"], ({ registry, dockerHubRepository }) =>
        registry === "dockerHub" && dockerHubRepository === undefined
        && error("dockerHubRepository", dockerHubRepository, "must be set for registry dockerHub", "set dockerHubRepository to owner/name of the repository")),
    rule(["registry", "dockerHubSecretArn"], ({ registry, dockerHubSecretArn }) =>
        registry === "dockerHub" && dockerHubSecretArn === undefined
        && error("dockerHubSecretArn", dockerHubSecretArn, "must be set for registry dockerHub: builds push and hosts pull with it",
            "store {\"username\": …, \"password\": …} as a secret of Secrets Manager and set dockerHubSecretArn to its ARN")),
    ...unused("warning", ["dockerHubRepository"], ["registry"], ({ registry }) =>
        registry === "ecr" && { because: "with registry ecr", fix: "remove it, or set registry to dockerHub" }),
    ...unused("warning", ["dockerHubSecretArn"], ["registry", "source"], ({ registry, source }) =>
        registry === "ecr" && source !== "github" && { because: `with registry ecr and source ${source}`, fix: "remove it, or set registry to dockerHub" }),
];

/** Who may publish: one IAM principal, or the tokens of an OIDC provider. */
function principalProblem(principal: string | undefined, provider: string | undefined, subject: string | undefined) {
    const byToken = [provider, subject].filter(value => value !== undefined).length;
    if (principal !== undefined) {
        return byToken > 0 && error("ciPrincipalArn", principal, "must not be set beside ciOidcProviderArn and ciOidcSubject: one of them may publish",
            "remove ciPrincipalArn, or ciOidcProviderArn and ciOidcSubject");
    }
    if (byToken === 0) {
        return error("ciPrincipalArn", principal, "must be set for source s3, or ciOidcProviderArn and ciOidcSubject: somebody must be allowed to publish",
            "set ciPrincipalArn to the ARN of the role that CI runs as");
    }
    return provider === undefined
        ? error("ciOidcProviderArn", provider, "must be set beside ciOidcSubject", "set ciOidcProviderArn to the ARN of the OIDC provider that the tokens come from")
        : subject === undefined
            && error("ciOidcSubject", subject, "must be set beside ciOidcProviderArn, or whoever that provider knows could publish",
                "set ciOidcSubject to the tokens' subject, such as repo:acme/shop:ref:refs/heads/main");
}
