import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Account } from "./account";

/** One rule of an IAM policy, in IAM's own words. */
export interface Statement {
    readonly Effect: "Allow" | "Deny";
    readonly Action: pulumi.Input<string> | readonly string[];
    readonly Resource: pulumi.Input<string> | readonly pulumi.Input<string>[] | pulumi.Input<pulumi.Input<string>[]>;
    /** Who asks, in the policy of a resource: anybody, or a service of AWS. */
    readonly Principal?: "*" | { readonly Service: string };
    readonly Condition?: Conditions;
}

/** Operators, the keys they look at and the value that must be there. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, pulumi.Input<string>>>>>;

export function policyDocument(statements: readonly Statement[]): pulumi.Output<string> {
    return pulumi.output<readonly Statement[]>(statements).apply(statements => JSON.stringify({
        Version: "2012-10-17",
        // IAM refuses a statement about nothing, and some lists are known only now.
        Statement: statements.filter(({ Resource }) => !Array.isArray(Resource) || Resource.length > 0),
    }));
}

/** A user or role of AWS, or whoever an identity provider vouches for. */
export type Identity = { readonly AWS: pulumi.Input<string> } | { readonly Federated: pulumi.Input<string> };

/** Who may take a role. */
export type Taker = { /** AWS service. */ readonly service: string } | { readonly identity: Identity };

export type RoleArgs = Taker & {
    /** What must be true when it is taken. @default nothing */
    readonly when?: Conditions;
    /** Longest session. @default 3600, AWS's own */
    readonly sessionSeconds?: number;
    /** What the role may do. */
    readonly statements: readonly Statement[];
};

export interface RoleWithPolicy {
    readonly role: aws.iam.Role;
    /** To depend on: without it the role may do nothing yet. */
    readonly policy: aws.iam.RolePolicy;
}

/** A role for one principal and one inline policy: what it may do stands in one place. */
export function makeRole(name: string, args: RoleArgs, parent: pulumi.Resource): RoleWithPolicy {
    const { when, sessionSeconds, statements } = args;
    const role = new aws.iam.Role(`${name}-role`, {
        assumeRolePolicy: pulumi.jsonStringify({
            Version: "2012-10-17",
            Statement: [{ Effect: "Allow", ...trust(args), ...(when && { Condition: when }) }],
        }),
        ...(sessionSeconds !== undefined && { maxSessionDuration: sessionSeconds }),
    }, { parent });
    const policy = new aws.iam.RolePolicy(`${name}-policy`, { role: role.name, policy: policyDocument(statements) }, { parent });
    return { role, policy };
}

/** Only for a resource of our own, so that nobody else's can make the service use our role. */
export function onBehalfOf(account: Account, sourceArn?: pulumi.Input<string>): Conditions {
    return {
        StringEquals: { "aws:SourceAccount": account.accountId },
        ...(sourceArn !== undefined && { ArnLike: { "aws:SourceArn": sourceArn } }),
    };
}

function trust(taker: Taker) {
    if ("service" in taker) return { Principal: { Service: taker.service }, Action: "sts:AssumeRole" };
    const { identity } = taker;
    return { Principal: identity, Action: "Federated" in identity ? "sts:AssumeRoleWithWebIdentity" : "sts:AssumeRole" };
}
