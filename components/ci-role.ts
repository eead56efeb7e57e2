import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Account, accountOf } from "./account";
import { publishReleases, pushImages } from "./build-policies";
import { check } from "./check";
import { type Conditions, type Identity, makeRole, type Statement } from "./role";

/** A build, and the two hours for which the Jenkinsfile waits for its deployment. A job with a token keeps one session for both. */
const sessionSeconds = 3 * 60 * 60;

/** Who brings releases: a user or role of AWS, or jobs that an OIDC provider of the account vouches for. */
export type CiPrincipal = { readonly arn: string } | OidcPrincipal;

export interface OidcPrincipal {
    readonly oidcProviderArn: string;
    /** The token's `sub`; `*` and `?` stand for what may differ. */
    readonly subject: string;
    /** The token's `aud`. */
    readonly audience: string;
}

export interface CiRoleArgs {
    readonly principal: CiPrincipal;
    /** Bucket that releases are published in. */
    readonly releaseBucketArn: pulumi.Input<string>;
    /** Repository in ECR that images are pushed to. @default none: they go elsewhere */
    readonly repositoryArn?: pulumi.Input<string>;
    /** Pipeline that deploys what is published. */
    readonly pipelineArn: pulumi.Input<string>;
    /** Where it may deploy by itself, past the pipeline. @default nowhere */
    readonly deploys?: CiDeployments;
}

export interface CiDeployments {
    readonly applicationName: pulumi.Input<string>;
    readonly deploymentGroupName: pulumi.Input<string>;
    readonly deploymentConfigName: pulumi.Input<string>;
}

/** Lets Jenkins, or any other CI system, bring releases without keys of its own, and see what becomes of them. */
export class CiRole extends pulumi.ComponentResource {
    readonly roleArn: pulumi.Output<string>;
    readonly role: aws.iam.Role;

    constructor(name: string, args: CiRoleArgs, opts?: pulumi.ComponentResourceOptions) {
        super("gapless:index:CiRole", name, args, opts);
        const { principal, releaseBucketArn, repositoryArn, pipelineArn, deploys } = args;
        check(this, `CiRole '${name}'`, "arn" in principal ? [arnRule(principal)] : oidcRules(principal));

        this.role = makeRole(name, {
            ...takerOf(principal),
            sessionSeconds,
            statements: [
                ...pushImages(repositoryArn),
                ...publishReleases(releaseBucketArn),
                ...watch(pipelineArn),
                ...(deploys ? deployDirectly(accountOf(this), deploys) : []),
            ],
        }, this).role;
        this.roleArn = this.role.arn;
        this.registerOutputs({ roleArn: this.roleArn, role: this.role });
    }
}

function arnRule({ arn }: { readonly arn: string }): string | false {
    return !/^arn:[\w-]+:iam::\d{12}:(user|role)\/[\w+=,.@/-]+$/.test(arn) && `principal must be the ARN of one user or role, got '${arn}'`;
}

function oidcRules({ oidcProviderArn, subject, audience }: OidcPrincipal): readonly (string | false)[] {
    return [
        !/^arn:[\w-]+:iam::\d{12}:oidc-provider\/\S+$/.test(oidcProviderArn) && `oidcProviderArn must be the ARN of an OIDC provider, got '${oidcProviderArn}'`,
        // GitHub, for one, vouches for everybody's repositories with the same provider.
        /^(?:[\w-]*:?[*?]|$)/.test(subject) && `subject must say whose jobs are meant before its first * or ?, got '${subject}'`,
        (audience === "" || isPattern(audience)) && `audience must be one audience, got '${audience}'`,
    ];
}

function isPattern(text: string): boolean {
    return /[*?]/.test(text);
}

function takerOf(principal: CiPrincipal): { readonly identity: Identity; readonly when?: Conditions } {
    if ("arn" in principal) return { identity: { AWS: principal.arn } };
    const { oidcProviderArn, subject, audience } = principal;
    // IAM's keys begin with the provider's address without its scheme, which is also the end of its ARN.
    const provider = oidcProviderArn.replace(/^[^/]*\//, "");
    const [aud, sub] = [{ [`${provider}:aud`]: audience }, { [`${provider}:sub`]: subject }];
    return {
        identity: { Federated: oidcProviderArn },
        when: isPattern(subject) ? { StringEquals: aud, StringLike: sub } : { StringEquals: { ...aud, ...sub } },
    };
}

function watch(pipelineArn: pulumi.Input<string>): readonly Statement[] {
    return [{
        Effect: "Allow",
        Action: [
            "codepipeline:GetPipelineExecution", "codepipeline:GetPipelineState",
            "codepipeline:ListActionExecutions", "codepipeline:ListPipelineExecutions",
        ],
        Resource: pipelineArn,
    }];
}

/** To deploy a revision and to tell why it failed. Not to stop one: a job that is cancelled leaves no fleet half updated. */
function deployDirectly({ partition, region, accountId }: Account, { applicationName, deploymentGroupName, deploymentConfigName }: CiDeployments): readonly Statement[] {
    const codeDeploy = pulumi.interpolate`arn:${partition}:codedeploy:${region}:${accountId}`;
    return [
        {
            Effect: "Allow",
            Action: ["codedeploy:GetApplicationRevision", "codedeploy:RegisterApplicationRevision"],
            Resource: pulumi.interpolate`${codeDeploy}:application:${applicationName}`,
        },
        {
            Effect: "Allow",
            Action: ["codedeploy:BatchGetDeploymentTargets", "codedeploy:CreateDeployment", "codedeploy:GetDeployment", "codedeploy:ListDeploymentTargets"],
            Resource: pulumi.interpolate`${codeDeploy}:deploymentgroup:${applicationName}/${deploymentGroupName}`,
        },
        {
            Effect: "Allow",
            Action: "codedeploy:GetDeploymentConfig",
            Resource: pulumi.interpolate`${codeDeploy}:deploymentconfig:${deploymentConfigName}`,
        },
    ];
}
