import { abouts, arn, flag, listOf, oneOf, text, whole } from "./kinds";

export const strategySettings = {
    stage: oneOf("dev", "stg", "prod").register(abouts, {
        text: "Which compose file the hosts use and what the deployment group is called. Without it the stack's name is taken.",
        example: "dev",
    }),
    strategy: oneOf("rolling", "blueGreen").default("rolling").register(abouts, {
        text: "How a release reaches the hosts: `rolling` replaces half of them at a time, each taken out of the load balancer first; "
            + "`blueGreen` starts as many hosts again, tries the release there, and sends the requests to them by one call, which goes back as fast.",
    }),
    source: oneOf("pulumi", "github", "s3").default("pulumi").register(abouts, {
        text: "Where releases come from: `pulumi` builds and publishes one in `pulumi up`, `github` builds every push of a branch in CodeBuild, "
            + "`s3` takes what Jenkins or another CI uploads.",
    }),
    fleet: oneOf("autoScaling", "tagged").default("autoScaling").register(abouts, {
        text: "What the hosts are: `autoScaling` grows and shrinks with the load, `tagged` is a fixed number (`minSize`) of instances that CodeDeploy finds by their tags.",
    }),
    firstRelease: oneOf("pulumi", "none").default("pulumi").register(abouts, {
        text: "Who makes the first release of a stack whose source is `github` or `s3`: the first `pulumi up`, once, or nobody, so that the hosts serve nothing until one is built.",
    }),
    approval: flag().default(false).register(abouts, {
        text: "Whether a person must approve each release before it is deployed, rollbacks through the pipeline included.",
    }),
};

export const gitHubSettings = {
    githubRepository: text(/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})\/[A-Za-z0-9._-]{1,100}$/, "owner/name of a repository on GitHub").optional().register(abouts, {
        text: "The repository that is built.",
        example: "acme/shop",
    }),
    branch: text(/^(?![/.-])(?!.*(?:\.\.|\/\/|@\{))[A-Za-z0-9_./@+-]{1,244}(?<![/.])$/, "the name of a branch").default("main").register(abouts, {
        text: "The branch whose pushes are built and deployed.",
    }),
    triggerPaths: listOf(isGlob, "paths with or without the wildcards * and **, 255 characters each", 8).default([]).register(abouts, {
        text: "Only a push that changes one of these paths is built; an empty list builds every push.",
        example: ["app/**", "app-scripts/**"],
    }),
    connectionArn: arn("(?:codeconnections|codestar-connections)", String.raw`connection\/[\w-]+`, "a CodeConnections connection").optional().register(abouts, {
        text: "Connection to GitHub that exists already and is available. Without it one is made, and a person must complete it once in the console before anything is built.",
        example: "arn:aws:codeconnections:eu-central-1:111122223333:connection/12345678-1234-1234-1234-123456789012",
    }),
    buildCompute: oneOf("small", "medium", "large").default("small").register(abouts, {
        text: "Size of the machine that builds.",
    }),
    buildTimeoutMinutes: whole(5, 480).default(30).register(abouts, {
        unit: "minutes", text: "When a build that has not ended is given up.",
    }),
};

// Up to the first wildcard there must be somebody's name: `repo:*` is everybody whom the provider knows.
const subject = () => text(
    /^(?![\w-]*:?[^A-Za-z0-9]*[*?])(?!(?:repo|project_path):[^/]*[*?])[^\s$]+$/,
    "a subject of the provider's tokens, whose wildcards do not stand for its owner",
);

export const ciSettings = {
    ciPrincipalArn: text(/^arn:aws[a-z-]*:iam::\d{12}:(?:role|user)\/[\w+=,.@/-]+$/, "the ARN of an IAM role or user").optional().register(abouts, {
        text: "Who may assume the role that brings releases: the role that Jenkins' machine has, or a user. With source `github` that role starts builds.",
        example: "arn:aws:iam::111122223333:role/jenkins",
    }),
    ciOidcProviderArn: text(/^arn:aws[a-z-]*:iam::\d{12}:oidc-provider\/\S+$/, "the ARN of an IAM OIDC provider").optional().register(abouts, {
        text: "OpenID Connect provider of the CI in this account, instead of `ciPrincipalArn`: CI then holds no key of AWS.",
        example: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com",
    }),
    ciOidcSubject: subject().optional().register(abouts, {
        text: "Whose tokens of that provider may assume the role; `*` and `?` are wildcards. Jobs of an environment of GitHub have `repo:acme/shop:environment:prod`.",
        example: "repo:acme/shop:ref:refs/heads/main",
    }),
    ciOidcAudience: text(/^[^\s*?$]+$/, "the audience of the provider's tokens, without wildcards").default("sts.amazonaws.com").register(abouts, {
        text: "Audience that the tokens must be for.",
    }),
    ciMayDeploy: flag().default(false).register(abouts, {
        text: "Lets CI deploy, go back and stop deployments itself, past the pipeline and its approval. IAM cannot narrow the last, which is any deployment of the account.",
    }),
    ciPreviewSubject: subject().optional().register(abouts, {
        text: "Whose tokens of that provider may assume a second role, which may preview the stack and change nothing: that of pull requests.",
        example: "repo:acme/shop:pull_request",
    }),
    ciStateBucketArn: text(/^arn:aws[a-z-]*:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "the ARN of a bucket").optional().register(abouts, {
        text: "Bucket in which Pulumi keeps this stack's state, for that second role to read. Without it the state is elsewhere, such as in Pulumi Cloud.",
        example: "arn:aws:s3:::acme-pulumi-state",
    }),
    ciStateKeyArn: arn("kms", String.raw`key\/[\w-]+`, "a key of KMS").optional().register(abouts, {
        text: "Key by which that state, or what is secret in it and in the stack's file, is encrypted, for that second role to decrypt.",
        example: "arn:aws:kms:eu-central-1:111122223333:key/12345678-1234-1234-1234-123456789012",
    }),
};

export const registrySettings = {
    registry: oneOf("ecr", "dockerHub").default("ecr").register(abouts, {
        text: "Where images are pushed to and pulled from: a repository in ECR that the stack makes, or one on Docker Hub.",
    }),
    dockerHubRepository: text(/^[a-z0-9]+\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*$/, "owner/name of a repository on Docker Hub").optional().register(abouts, {
        text: "The repository on Docker Hub.",
        example: "acme/shop",
    }),
    dockerHubSecretArn: arn("secretsmanager", String.raw`secret:[\w/+=.@-]+-[A-Za-z0-9]{6}`, "a secret of Secrets Manager, whole, with the hyphen and six characters at its end").optional().register(abouts, {
        text: "Secret with `{\"username\": …, \"password\": …}` of Docker Hub, the password being an access token. "
            + "With source `github` builds pull their base images with it whatever the registry is: Docker Hub limits the pulls of the unknown.",
        example: "arn:aws:secretsmanager:eu-central-1:111122223333:secret:docker-hub-AbCdEf",
    }),
};

function isGlob(path: string): boolean {
    return /^(?!\/)[^\s,{}[\]]{1,255}$/.test(path);
}
