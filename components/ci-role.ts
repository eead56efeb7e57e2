import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ciSessionSeconds } from "../release/ci-session";
import { type Account, accountOf } from "./account";
import { publishReleases, pushImages } from "./build-policies";
import { check } from "./check";
import { type CiPrincipal, principalRules, takerOf } from "./ci-principal";
import { rollColours, watchColours } from "./colour-policies";
import { makeRole, type Statement } from "./role";
import {
    deployDirectly, type Deployments, followDeployments, readReleases, readStage, type StackNames, watchPipelines, writeJournal, writeLock,
} from "./stage-policies";

export interface CiRoleArgs extends StackNames {
    readonly principal: CiPrincipal;
    /** Bucket that releases are published in. */
    readonly releaseBucketArn: pulumi.Input<string>;
    /** Repository in ECR that images are pushed to. @default none: they go elsewhere */
    readonly repositoryArn?: pulumi.Input<string>;
    /** Pipeline that deploys what is published. */
    readonly pipelineArn: pulumi.Input<string>;
    /** Pipeline that builds and publishes when CI asks for it. @default none: CI does both itself */
    readonly buildPipelineArn?: pulumi.Input<string>;
    /** Where that pipeline deploys to, and CI follows it. */
    readonly deployments: Deployments;
    /** Whether CI may deploy and stop deployments there by itself, past the pipeline. @default false */
    readonly mayDeploy?: boolean;
}

/** Lets Jenkins, or any other CI system, bring releases without keys of its own, and see what becomes of them. */
export class CiRole extends pulumi.ComponentResource {
    readonly roleArn: pulumi.Output<string>;
    readonly role: aws.iam.Role;

    constructor(name: string, args: CiRoleArgs, opts?: pulumi.ComponentResourceOptions) {
        super("gapless:index:CiRole", name, args, opts);
        const { principal } = args;
        check(this, `CiRole '${name}'`, principalRules(principal));

        this.role = makeRole(name, { ...takerOf(principal), sessionSeconds: ciSessionSeconds, statements: ciPolicy(accountOf(this), args) }, this).role;
        this.roleArn = this.role.arn;
        this.registerOutputs({ roleArn: this.roleArn, role: this.role });
    }
}

function ciPolicy(account: Account, args: CiRoleArgs): readonly Statement[] {
    const { releaseBucketArn, repositoryArn, pipelineArn, buildPipelineArn, deployments, mayDeploy = false } = args;
    return [
        readStage(account, args),
        ...readReleases(releaseBucketArn),
        // Of a deployment that failed, whose pipeline ends before it writes anything down.
        ...writeJournal(releaseBucketArn),
        watchPipelines([pipelineArn, ...(buildPipelineArn === undefined ? [] : [buildPipelineArn])]),
        ...followDeployments(account, deployments),
        ...(deployments.blueGreen ? watchColours(releaseBucketArn) : []),
        // Which images there are decides how far one can go back.
        ...(repositoryArn === undefined ? [] : [{ Effect: "Allow" as const, Action: "ecr:DescribeImages", Resource: repositoryArn }]),
        ...(buildPipelineArn === undefined ? [] : [{ Effect: "Allow" as const, Action: "codepipeline:StartPipelineExecution", Resource: buildPipelineArn }]),
        // Past the pipelines it is CI that builds, wherever else builds are made.
        ...(buildPipelineArn === undefined || mayDeploy ? [...pushImages(repositoryArn), ...publishReleases(releaseBucketArn)] : []),
        ...(mayDeploy ? changeWhatServes(account, args) : []),
    ];
}

function changeWhatServes(account: Account, { releaseBucketArn, deployments, ...names }: CiRoleArgs): readonly Statement[] {
    const { blueGreen } = deployments;
    return [
        ...deployDirectly(account, deployments),
        ...writeLock(releaseBucketArn),
        ...(blueGreen ? rollColours(account, names, releaseBucketArn, { ...deployments, blueGreen }) : []),
    ];
}
