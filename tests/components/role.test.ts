import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { makeRole, policyDocument, type RoleArgs } from "../../components/role";
import { registered } from "../support/registered";

const read = { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::mine/*" } as const;

/** The policy as it reaches IAM. */
async function written(...statements: Parameters<typeof policyDocument>[0]): Promise<unknown> {
    const made = await registered(() => { new aws.iam.RolePolicy("policy", { role: "role", policy: policyDocument(statements) }); });
    return JSON.parse(String(made.named("policy").inputs["policy"]));
}

describe("policyDocument", () => {
    it("writes statements with what was not known before", async () => {
        assert.deepEqual(await written({ ...read, Resource: [pulumi.output("arn:aws:s3:::mine/*")] }), {
            Version: "2012-10-17", Statement: [{ ...read, Resource: ["arn:aws:s3:::mine/*"] }],
        });
    });

    it("leaves out a statement about nothing, which IAM would refuse", async () => {
        assert.deepEqual(await written(read, { ...read, Resource: pulumi.output<string[]>([]) }, { ...read, Resource: [] }), {
            Version: "2012-10-17", Statement: [read],
        });
    });
});

describe("makeRole", () => {
    const trustOf = async (args: Pick<RoleArgs, "when" | "sessionSeconds"> & ({ service: string } | { identity: { AWS: string } | { Federated: string } })) => {
        const made = await registered(() => { makeRole("ci", { ...args, statements: [read] }, new pulumi.ComponentResource("test:index:Parent", "parent")); });
        const { assumeRolePolicy, ...rest } = made.named("ci-role").inputs;
        assert.equal(made.named("ci-policy").inputs["role"], made.named("ci-role").outputs["name"]);
        return { trust: JSON.parse(String(assumeRolePolicy)) as unknown, rest };
    };
    const document = (statement: object) => ({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...statement }] });

    it("lets a service take the role, under conditions when there are some", async () => {
        const when = { StringEquals: { "aws:SourceAccount": "1" } };
        assert.deepEqual(await trustOf({ service: "ec2.amazonaws.com" }), {
            trust: document({ Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }), rest: {},
        });
        assert.deepEqual((await trustOf({ service: "ec2.amazonaws.com", when })).trust, document({
            Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole", Condition: when,
        }));
    });

    it("lets a user, a role or an identity provider's clients take it, for as long as they may", async () => {
        assert.deepEqual(await trustOf({ identity: { AWS: "arn:aws:iam::1:role/ci" }, sessionSeconds: 7200 }), {
            trust: document({ Principal: { AWS: "arn:aws:iam::1:role/ci" }, Action: "sts:AssumeRole" }), rest: { maxSessionDuration: 7200 },
        });
        assert.deepEqual((await trustOf({ identity: { Federated: "arn:aws:iam::1:oidc-provider/a" } })).trust, document({
            Principal: { Federated: "arn:aws:iam::1:oidc-provider/a" }, Action: "sts:AssumeRoleWithWebIdentity",
        }));
    });
});
