import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Account, accountOf } from "./account";
import { check } from "./check";
import { type OidcPrincipal, principalRules, takerOf } from "./ci-principal";
import { makeRole, type Statement } from "./role";
import { readStage, type StackNames } from "./stage-policies";

/**
 * What the look-ups of a program ask AWS for, by their tokens. All of them: a pull request may change the settings that decide which
 * are made. Who one is, and where, one may always ask.
 */
export const readsOfLookUps = {
    "aws:index/getCallerIdentity:getCallerIdentity": [],
    "aws:index/getPartition:getPartition": [],
    "aws:index/getRegion:getRegion": [],
    "aws:cloudfront/getOriginRequestPolicy:getOriginRequestPolicy": ["cloudfront:GetOriginRequestPolicy", "cloudfront:ListOriginRequestPolicies"],
    // A connection that exists already is also read as a resource; IAM tells the older name of its service from the newer.
    "aws:codestarconnections/getConnection:getConnection": [
        "codeconnections:GetConnection", "codeconnections:ListTagsForResource", "codestar-connections:GetConnection", "codestar-connections:ListTagsForResource",
    ],
    "aws:ec2/getAmi:getAmi": ["ec2:DescribeImages"],
    "aws:ec2/getManagedPrefixList:getManagedPrefixList": ["ec2:DescribeManagedPrefixLists", "ec2:GetManagedPrefixListEntries"],
    "aws:ec2/getSubnet:getSubnet": ["ec2:DescribeSubnets"],
    "aws:ecr/getAuthorizationToken:getAuthorizationToken": ["ecr:GetAuthorizationToken"],
    "aws:lb/getListener:getListener": ["elasticloadbalancing:DescribeListeners", "elasticloadbalancing:DescribeTags"],
    "aws:lb/getLoadBalancer:getLoadBalancer": [
        "elasticloadbalancing:DescribeLoadBalancerAttributes", "elasticloadbalancing:DescribeLoadBalancers", "elasticloadbalancing:DescribeTags",
    ],
    "aws:route53/getZone:getZone": ["route53:GetHostedZone", "route53:ListHostedZones", "route53:ListHostedZonesByName", "route53:ListTagsForResource"],
    // Of these not everything may be read.
    "aws:secretsmanager/getSecretVersion:getSecretVersion": [],
    "aws:ssm/getParameter:getParameter": [],
    "aws:ssm/getParametersByPath:getParametersByPath": [],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** The network's component, which is not of this program, looks for zones. */
const readsOfNetwork = ["ec2:DescribeAvailabilityZones"];

export interface PreviewRoleArgs extends StackNames {
    readonly principal: OidcPrincipal;
    /** Bucket in which Pulumi keeps its state. @default none: it is kept elsewhere */
    readonly stateBucketArn?: string;
    /** Key of KMS by which the state, or what is secret in it and in the stack's file, is encrypted. @default none */
    readonly stateKeyArn?: string;
    /** Secret with the account at Docker Hub that the program logs in with. @default none */
    readonly dockerHubSecretArn?: string;
}

/** Lets the jobs of pull requests see what they would change, and change nothing. */
export class PreviewRole extends pulumi.ComponentResource {
    readonly roleArn: pulumi.Output<string>;
    readonly role: aws.iam.Role;

    constructor(name: string, args: PreviewRoleArgs, opts?: pulumi.ComponentResourceOptions) {
        super("gapless:index:PreviewRole", name, args, opts);
        const { principal, stateBucketArn } = args;
        check(this, `PreviewRole '${name}'`, [
            ...principalRules(principal),
            stateBucketArn !== undefined && !/^arn:[\w-]+:s3:::[\w.-]+$/.test(stateBucketArn) && `stateBucketArn must be the ARN of a bucket, got '${stateBucketArn}'`,
        ]);

        this.role = makeRole(name, { ...takerOf(principal), statements: previewPolicy(accountOf(this), args) }, this).role;
        this.roleArn = this.role.arn;
        this.registerOutputs({ roleArn: this.roleArn, role: this.role });
    }
}

function previewPolicy(account: Account, args: PreviewRoleArgs): readonly Statement[] {
    const { partition, region } = account;
    const { stateBucketArn, stateKeyArn, dockerHubSecretArn } = args;
    const statements: readonly (Statement | false)[] = [
        // Most of these know no resource, and none of them tells what is inside of one.
        { Effect: "Allow", Action: [...new Set([...Object.values(readsOfLookUps).flat(), ...readsOfNetwork])].sort(), Resource: "*" },
        // AWS's own, of which every account reads the newest machine image.
        { Effect: "Allow", Action: "ssm:GetParameter", Resource: pulumi.interpolate`arn:${partition}:ssm:${region}::parameter/aws/service/*` },
        // Which colour serves.
        readStage(account, args),
        dockerHubSecretArn !== undefined && { Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: dockerHubSecretArn },
        stateBucketArn !== undefined && { Effect: "Allow", Action: "s3:ListBucket", Resource: stateBucketArn },
        stateBucketArn !== undefined && { Effect: "Allow", Action: "s3:GetObject", Resource: `${stateBucketArn}/*` },
        stateKeyArn !== undefined && { Effect: "Allow", Action: "kms:Decrypt", Resource: stateKeyArn },
    ];
    return statements.filter(statement => statement !== false);
}
