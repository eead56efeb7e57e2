import { ingredients } from "../../release/ingredients";
import type { Finding } from "../../release/lint";
import type { Settings } from "../settings";
import { error, rule, type SettingsRule, unused, warning } from "./rule";

const gitHubKeys = ["githubRepository", "branch", "triggerPaths", "connectionArn", "buildCompute", "buildTimeoutMinutes"] as const;
const principalKeys = ["ciPrincipalArn", "ciOidcProviderArn", "ciOidcSubject"] as const;
const bringing = ["source", ...principalKeys] as const;

/** Where releases and images come from. */
export const sourceRules: readonly SettingsRule[] = [
    rule(["source", "githubRepository"], ({ source, githubRepository }) =>
        source === "github" && githubRepository === undefined
        && error("githubRepository", githubRepository, "must be set for source github", "set githubRepository to owner/name of the repository")),
    ...unused("warning", gitHubKeys, ["source"], ({ source }) =>
        source !== "github" && { because: `with source ${source}`, fix: "remove it, or set source to github" }),
    rule([...bringing, "ciPreviewSubject"], principalProblem),
    ...unused("warning", ["ciPrincipalArn", "ciOidcSubject", "ciMayDeploy"], ["source"], ({ source }) =>
        source === "pulumi" && { because: "with source pulumi", fix: "remove it, or set source to s3 or github" }),
    ...unused("warning", ["ciOidcProviderArn", "ciOidcAudience"], ["source", "ciPreviewSubject"], ({ source, ciPreviewSubject }) =>
        source === "pulumi" && ciPreviewSubject === undefined
        && { because: "with source pulumi and without ciPreviewSubject", fix: "remove it, or set source to s3 or github, or ciPreviewSubject" }),
    ...unused("warning", ["ciMayDeploy"], bringing, settings =>
        settings.source === "github" && !isSomebodyNamed(settings)
        && { because: "without ciPrincipalArn or ciOidcSubject: there is no role for CI", fix: "remove it, or set ciPrincipalArn to the ARN of the role that CI runs as" }),
    ...unused("warning", ["ciOidcAudience"], ["source", "ciPrincipalArn", "ciPreviewSubject"], ({ source, ciPrincipalArn, ciPreviewSubject }) =>
        source !== "pulumi" && ciPrincipalArn !== undefined && ciPreviewSubject === undefined && { because: "beside ciPrincipalArn, which shows no token", fix: "remove it" }),
    rule(["ciPreviewSubject", "ciOidcProviderArn"], ({ ciPreviewSubject, ciOidcProviderArn }) =>
        ciPreviewSubject !== undefined && ciOidcProviderArn === undefined
        && error("ciOidcProviderArn", ciOidcProviderArn, "must be set beside ciPreviewSubject", "set ciOidcProviderArn to the ARN of the OIDC provider that the tokens come from")),
    ...unused("warning", ["ciStateBucketArn", "ciStateKeyArn"], ["ciPreviewSubject"], ({ ciPreviewSubject }) =>
        ciPreviewSubject === undefined && { because: "without ciPreviewSubject: nobody previews", fix: "remove it, or set ciPreviewSubject to the subject of pull requests' tokens" }),
    rule(["source", "ciMayDeploy", "approval"], ({ source, ciMayDeploy, approval }) =>
        source !== "pulumi" && ciMayDeploy && approval
        && warning("ciMayDeploy", ciMayDeploy, "lets CI deploy what nobody has approved", "remove ciMayDeploy, or set approval to false when that is meant")),
    rule(["source", "firstRelease"], ({ source, firstRelease }) =>
        source === "pulumi" && firstRelease === "none"
        && error("firstRelease", firstRelease, "must be pulumi for source pulumi: nobody else makes a release", "remove firstRelease, or set source to github or s3")),
    rule(["source", "ciMayDeploy", "cloudFront"], ({ source, ciMayDeploy, cloudFront }) =>
        source !== "pulumi" && ciMayDeploy && cloudFront
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

type Principal = Pick<Settings, (typeof bringing)[number]>;

function isSomebodyNamed({ ciPrincipalArn, ciOidcSubject }: Omit<Principal, "source">): boolean {
    return ciPrincipalArn !== undefined || ciOidcSubject !== undefined;
}

/** Who brings releases: one IAM principal, or the tokens of an OIDC provider. With source github it may be nobody. */
function principalProblem({ ciPreviewSubject, ...settings }: Principal & Pick<Settings, "ciPreviewSubject">): Finding | false {
    const { source, ciPrincipalArn, ciOidcProviderArn, ciOidcSubject } = settings;
    if (source === "pulumi") return false;
    // The provider may be there for previews alone.
    const byToken = ciOidcSubject !== undefined || (ciOidcProviderArn !== undefined && ciPreviewSubject === undefined);
    if (ciPrincipalArn !== undefined) {
        return byToken && error("ciPrincipalArn", ciPrincipalArn, "must not be set beside ciOidcProviderArn and ciOidcSubject: one of them may publish",
            "remove ciPrincipalArn, or ciOidcProviderArn and ciOidcSubject");
    }
    if (byToken) return tokenProblem(settings);
    return source === "s3"
        && error("ciPrincipalArn", ciPrincipalArn, "must be set for source s3, or ciOidcProviderArn and ciOidcSubject: somebody must be allowed to publish",
            "set ciPrincipalArn to the ARN of the role that CI runs as");
}

function tokenProblem({ ciOidcProviderArn, ciOidcSubject }: Principal): Finding | false {
    if (ciOidcProviderArn === undefined) {
        return error("ciOidcProviderArn", ciOidcProviderArn, "must be set beside ciOidcSubject", "set ciOidcProviderArn to the ARN of the OIDC provider that the tokens come from");
    }
    return ciOidcSubject === undefined
        && error("ciOidcSubject", ciOidcSubject, "must be set beside ciOidcProviderArn, or whoever that provider knows could publish",
            "set ciOidcSubject to the tokens' subject, such as repo:acme/shop:ref:refs/heads/main");
}
