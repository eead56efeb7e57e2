import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { ingredients } from "../../../release/ingredients";
import { settings as schema } from "../../../stacks/settings-schema";
import { findingsOn, said, sample, type Said, type Stack } from "../findings";

const github = { source: "github", githubRepository: "acme/shop" };
const s3 = { source: "s3", ciPrincipalArn: sample.ciPrincipalArn };
const preview = { ciOidcProviderArn: sample.ciOidcProviderArn, ciPreviewSubject: sample.ciPreviewSubject };

describe("the rules of sources and registries", () => {
    const rows: readonly [string, Stack, readonly Said[]][] = [
        ["miss the repository of source github", { given: { source: "github" } }, [
            ["error", "gapless:githubRepository", "must be set for source github", "nothing",
                "set githubRepository to owner/name of the repository"],
        ]],
        ["say that another source does nothing with the settings of github", { given: { ...s3, githubRepository: "acme/shop", branch: "next", triggerPaths: ["app/**"], connectionArn: sample.connectionArn, buildCompute: "large", buildTimeoutMinutes: 60 } }, [
            ["warning", "gapless:githubRepository", "has no effect with source s3", '"acme/shop"',
                "remove it, or set source to github"],
            ["warning", "gapless:branch", "has no effect with source s3", '"next"',
                "remove it, or set source to github"],
            ["warning", "gapless:triggerPaths", "has no effect with source s3", '["app/**"]',
                "remove it, or set source to github"],
            ["warning", "gapless:connectionArn", "has no effect with source s3", '"arn:aws:codeconnections:eu-central-1:111122223333:connection/12345678-1234-1234-1234-123456789012"',
                "remove it, or set source to github"],
            ["warning", "gapless:buildCompute", "has no effect with source s3", '"large"',
                "remove it, or set source to github"],
            ["warning", "gapless:buildTimeoutMinutes", "has no effect with source s3", "60",
                "remove it, or set source to github"],
        ]],
        ["miss whoever may publish to source s3", { given: { source: "s3" } }, [
            ["error", "gapless:ciPrincipalArn", "must be set for source s3, or ciOidcProviderArn and ciOidcSubject: somebody must be allowed to publish", "nothing",
                "set ciPrincipalArn to the ARN of the role that CI runs as"],
        ]],
        ["refuse two ways to be known as one who may publish", { given: { ...s3, ciOidcProviderArn: sample.ciOidcProviderArn, ciOidcSubject: sample.ciOidcSubject } }, [
            ["error", "gapless:ciPrincipalArn", "must not be set beside ciOidcProviderArn and ciOidcSubject: one of them may publish", '"arn:aws:iam::111122223333:role/jenkins"',
                "remove ciPrincipalArn, or ciOidcProviderArn and ciOidcSubject"],
        ]],
        ["refuse a provider of tokens without a subject, which would be everybody", { given: { source: "s3", ciOidcProviderArn: sample.ciOidcProviderArn } }, [
            ["error", "gapless:ciOidcSubject", "must be set beside ciOidcProviderArn, or whoever that provider knows could publish", "nothing",
                "set ciOidcSubject to the tokens' subject, such as repo:acme/shop:ref:refs/heads/main"],
        ]],
        ["miss the provider of a subject", { given: { source: "s3", ciOidcSubject: sample.ciOidcSubject } }, [
            ["error", "gapless:ciOidcProviderArn", "must be set beside ciOidcSubject", "nothing",
                "set ciOidcProviderArn to the ARN of the OIDC provider that the tokens come from"],
        ]],
        ["say that source pulumi does nothing with the settings of CI", { given: { ciPrincipalArn: sample.ciPrincipalArn, ciOidcProviderArn: sample.ciOidcProviderArn, ciOidcSubject: sample.ciOidcSubject, ciOidcAudience: "gapless", ciMayDeploy: true } }, [
            ["warning", "gapless:ciPrincipalArn", "has no effect with source pulumi", '"arn:aws:iam::111122223333:role/jenkins"',
                "remove it, or set source to s3 or github"],
            ["warning", "gapless:ciOidcSubject", "has no effect with source pulumi", '"repo:acme/shop:ref:refs/heads/main"',
                "remove it, or set source to s3 or github"],
            ["warning", "gapless:ciMayDeploy", "has no effect with source pulumi", "true",
                "remove it, or set source to s3 or github"],
            ["warning", "gapless:ciOidcProviderArn", "has no effect with source pulumi and without ciPreviewSubject", '"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"',
                "remove it, or set source to s3 or github, or ciPreviewSubject"],
            ["warning", "gapless:ciOidcAudience", "has no effect with source pulumi and without ciPreviewSubject", '"gapless"',
                "remove it, or set source to s3 or github, or ciPreviewSubject"],
        ]],
        ["let jobs of an environment of GitHub deploy what CodeBuild builds", { given: { ...github, ciOidcProviderArn: sample.ciOidcProviderArn, ciOidcSubject: "repo:acme/shop:environment:prod", ciMayDeploy: true } }, []],
        ["let nobody but pushes start builds of source github", { given: github }, []],
        ["refuse a provider of tokens without a subject for source github, too", { given: { ...github, ciOidcProviderArn: sample.ciOidcProviderArn } }, [
            ["error", "gapless:ciOidcSubject", "must be set beside ciOidcProviderArn, or whoever that provider knows could publish", "nothing",
                "set ciOidcSubject to the tokens' subject, such as repo:acme/shop:ref:refs/heads/main"],
        ]],
        ["say that nobody is there who may deploy past the pipeline", { given: { ...github, ciMayDeploy: true } }, [
            ["warning", "gapless:ciMayDeploy", "has no effect without ciPrincipalArn or ciOidcSubject: there is no role for CI", "true",
                "remove it, or set ciPrincipalArn to the ARN of the role that CI runs as"],
        ]],
        ["let pull requests be previewed whatever the source is", { given: { ...preview, ciOidcAudience: "gapless", ciStateBucketArn: sample.ciStateBucketArn, ciStateKeyArn: sample.ciStateKeyArn } }, []],
        ["let pull requests be previewed beside a principal, and beside none", { given: { ...s3, ...preview, ciOidcAudience: "gapless" } }, []],
        ["let pull requests be previewed where only pushes start builds", { given: { ...github, ...preview } }, []],
        ["still miss whoever may publish to source s3 beside a preview", { given: { source: "s3", ...preview } }, [
            ["error", "gapless:ciPrincipalArn", "must be set for source s3, or ciOidcProviderArn and ciOidcSubject: somebody must be allowed to publish", "nothing",
                "set ciPrincipalArn to the ARN of the role that CI runs as"],
        ]],
        ["miss the provider of a preview's subject", { given: { ciPreviewSubject: sample.ciPreviewSubject } }, [
            ["error", "gapless:ciOidcProviderArn", "must be set beside ciPreviewSubject", "nothing",
                "set ciOidcProviderArn to the ARN of the OIDC provider that the tokens come from"],
        ]],
        ["say that nobody reads the state where nobody previews", { given: { ciStateBucketArn: sample.ciStateBucketArn, ciStateKeyArn: sample.ciStateKeyArn } }, [
            ["warning", "gapless:ciStateBucketArn", "has no effect without ciPreviewSubject: nobody previews", '"arn:aws:s3:::acme-pulumi-state"',
                "remove it, or set ciPreviewSubject to the subject of pull requests' tokens"],
            ["warning", "gapless:ciStateKeyArn", "has no effect without ciPreviewSubject: nobody previews", '"arn:aws:kms:eu-central-1:111122223333:key/12345678-1234-1234-1234-123456789012"',
                "remove it, or set ciPreviewSubject to the subject of pull requests' tokens"],
        ]],
        ["warn of deployments that CloudFront hears nothing of", { given: { ...s3, ciMayDeploy: true, cloudFront: true } }, [
            ["warning", "gapless:ciMayDeploy", "lets CI deploy past the pipeline, whose last stage has CloudFront ask for everything anew", "true",
                "remove ciMayDeploy, or invalidate the distribution in CI"],
        ]],
        ["say that a principal shows no token", { given: { ...s3, ciOidcAudience: "gapless" } }, [
            ["warning", "gapless:ciOidcAudience", "has no effect beside ciPrincipalArn, which shows no token", '"gapless"',
                "remove it"],
        ]],
        ["warn of a CI that deploys past the approval", { given: { ...s3, ciMayDeploy: true, approval: true } }, [
            ["warning", "gapless:ciMayDeploy", "lets CI deploy what nobody has approved", "true",
                "remove ciMayDeploy, or set approval to false when that is meant"],
        ]],
        ["refuse that nobody makes the first release of source pulumi", { given: { firstRelease: "none" } }, [
            ["error", "gapless:firstRelease", "must be pulumi for source pulumi: nobody else makes a release", '"none"',
                "remove firstRelease, or set source to github or s3"],
        ]],
        ["refuse an environment for github that only Pulumi can decrypt", { given: { ...github, environment: '{"TOKEN":"hunter2"}' }, secret: ["environment"] }, [
            ["error", "gapless:environment", "must not be encrypted for source github: who builds there cannot decrypt what Pulumi has encrypted", "a secret value",
                "write down where the service finds its secrets, such as the name of a secret in Secrets Manager, or set source to pulumi"],
        ]],
        ["refuse an environment for s3 that only Pulumi can decrypt", { given: { ...s3, environment: '{"TOKEN":"hunter2"}' }, secret: ["environment"] }, [
            ["error", "gapless:environment", "must not be encrypted for source s3: who builds there cannot decrypt what Pulumi has encrypted", "a secret value",
                "write down where the service finds its secrets, such as the name of a secret in Secrets Manager, or set source to pulumi"],
        ]],
        ["refuse all else for CI that only Pulumi can decrypt, each by its name", { given: { ...s3, buildArgs: '{"TOKEN":"hunter2"}', healthPath: "/hunter2", containerPort: "8081" }, secret: ["buildArgs", "healthPath", "containerPort", "ciPrincipalArn"] }, [
            ["error", "gapless:buildArgs", "must not be encrypted for source s3: who builds there cannot decrypt what Pulumi has encrypted", "a secret value",
                "write it down as plain text, or set source to pulumi"],
            ["error", "gapless:containerPort", "must not be encrypted for source s3: who builds there cannot decrypt what Pulumi has encrypted", "a secret value",
                "write it down as plain text, or set source to pulumi"],
            ["error", "gapless:healthPath", "must not be encrypted for source s3: who builds there cannot decrypt what Pulumi has encrypted", "a secret value",
                "write it down as plain text, or set source to pulumi"],
        ]],
        ["miss repository and secret of Docker Hub", { given: { registry: "dockerHub" } }, [
            ["error", "gapless:dockerHubRepository", "must be set for registry dockerHub", "nothing",
                "set dockerHubRepository to owner/name of the repository"],
            ["error", "gapless:dockerHubSecretArn", "must be set for registry dockerHub: builds push and hosts pull with it", "nothing",
                'store {"username": …, "password": …} as a secret of Secrets Manager and set dockerHubSecretArn to its ARN'],
        ]],
        ["say that ECR does nothing with the settings of Docker Hub", { given: { dockerHubRepository: "acme/shop", dockerHubSecretArn: sample.dockerHubSecretArn } }, [
            ["warning", "gapless:dockerHubRepository", "has no effect with registry ecr", '"acme/shop"',
                "remove it, or set registry to dockerHub"],
            ["warning", "gapless:dockerHubSecretArn", "has no effect with registry ecr and source pulumi", '"arn:aws:secretsmanager:eu-central-1:111122223333:secret:docker-hub-AbCdEf"',
                "remove it, or set registry to dockerHub"],
        ]],
    ];
    for (const name of ingredients) {
        const isPublic = name === "buildArgs";
        it(`refuse ${name} for github when it is encrypted, and ${isPublic ? "for pulumi, too, since images show it" : "let pulumi have it so"}`, () => {
            const values: Readonly<Record<string, unknown>> = { imageDigest: `111122223333.dkr.ecr.eu-central-1.amazonaws.com/shop@sha256:${"0".repeat(64)}` };
            const given = { [name]: values[name] ?? schema.get(name)?.default };
            const keys = (more: object) => findingsOn({ given: { ...given, ...more }, secret: [name] }).map(({ severity, key }) => [severity, key]);
            assert.deepEqual(keys(github), [["error", `gapless:${name}`]]);
            assert.deepEqual(keys({}), isPublic ? [["error", "gapless:buildArgs"]] : []);
        });
    }

    for (const [title, stack, findings] of rows) {
        it(title, () => { assert.deepEqual(said(findingsOn(stack)), findings); });
    }
});
