import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** One rule of an IAM policy, in IAM's own words. */
export interface Statement {
    readonly Effect: "Allow" | "Deny";
    readonly Action: string | readonly string[];
    readonly Resource: pulumi.Input<string> | readonly pulumi.Input<string>[] | pulumi.Input<pulumi.Input<string>[]>;
    readonly Principal?: "*";
    readonly Condition?: Conditions;
}

/** Operators, the keys they look at and the value that must be there. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, pulumi.Input<string>>>>>;

export function policyDocument(statements: readonly Statement[]): pulumi.Output<string> {
    return pulumi.jsonStringify({ Version: "2012-10-17", Statement: statements });
}

export interface RoleArgs {
    /** AWS service that may take the role. */
    readonly service: string;
    /** What must be true when it does. @default nothing */
    readonly when?: Conditions;
    /** What the role may do. */
    readonly statements: readonly Statement[];
}

export interface RoleWithPolicy {
    readonly role: aws.iam.Role;
    /** To depend on: without it the role may do nothing yet. */
    readonly policy: aws.iam.RolePolicy;
}

/** A role for one principal and one inline policy: what it may do stands in one place. */
export function makeRole(name: string, { service, when, statements }: RoleArgs, parent: pulumi.Resource): RoleWithPolicy {
    const role = new aws.iam.Role(`${name}-role`, {
        assumeRolePolicy: pulumi.jsonStringify({
            Version: "2012-10-17",
            Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole", ...(when && { Condition: when }) }],
        }),
    }, { parent });
    const policy = new aws.iam.RolePolicy(`${name}-policy`, { role: role.name, policy: policyDocument(statements) }, { parent });
    return { role, policy };
}
