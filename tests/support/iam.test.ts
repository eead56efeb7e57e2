import assert from "node:assert/strict";
import { allows, denies } from "./iam";

const policy = (...statements: readonly object[]) => JSON.stringify({ Version: "2012-10-17", Statement: statements });
const read = { Effect: "Allow", Action: ["s3:Get*"], Resource: "arn:aws:s3:::mine/*" };

describe("the IAM evaluator", () => {
    it("allows what a statement names and nothing else", () => {
        assert.equal(allows(policy(read), { action: "s3:GetObject", resource: "arn:aws:s3:::mine/a" }), true);
        assert.equal(allows(policy(read), { action: "s3:PutObject", resource: "arn:aws:s3:::mine/a" }), false);
        assert.equal(allows(policy(read), { action: "s3:GetObject", resource: "arn:aws:s3:::mine-too/a" }), false);
    });

    it("lets a denial win", () => {
        const secret = { Effect: "Deny", Action: "s3:*", Resource: "arn:aws:s3:::mine/secret" };
        assert.equal(allows(policy(read, secret), { action: "s3:GetObject", resource: "arn:aws:s3:::mine/secret" }), false);
        assert.equal(denies(policy(read, secret), { action: "s3:GetObject", resource: "arn:aws:s3:::mine/a" }), false);
    });

    it("demands every condition, and a key that is absent does not hold", () => {
        const trust = policy({
            Effect: "Allow", Principal: { Service: "events.amazonaws.com" }, Action: "sts:AssumeRole",
            Condition: { StringEquals: { "aws:SourceAccount": "1" }, ArnLike: { "aws:SourceArn": "arn:aws:events:*:1:rule/r" } },
        });
        const ask = (context: Record<string, string>, service = "events.amazonaws.com") => allows(trust, { action: "sts:AssumeRole", service, context });
        const ours = { "aws:SourceAccount": "1", "aws:SourceArn": "arn:aws:events:eu:1:rule/r" };
        assert.equal(ask(ours), true);
        assert.equal(ask({ ...ours, "aws:SourceAccount": "2" }), false);
        assert.equal(ask({ "aws:SourceAccount": "1" }), false);
        assert.equal(ask(ours, "ec2.amazonaws.com"), false);
    });

    it("tells users, roles and identity providers apart", () => {
        const trust = (Principal: object) => policy({ Effect: "Allow", Principal, Action: "sts:AssumeRole" });
        const ask = (Principal: object, identity: string) => allows(trust(Principal), { action: "sts:AssumeRole", identity });
        assert.equal(ask({ AWS: "arn:aws:iam::1:role/ci" }, "arn:aws:iam::1:role/ci"), true);
        assert.equal(ask({ AWS: "arn:aws:iam::1:role/ci" }, "arn:aws:iam::1:role/other"), false);
        assert.equal(ask({ Federated: "arn:aws:iam::1:oidc-provider/a" }, "arn:aws:iam::1:oidc-provider/b"), false);
    });

    it("knows whether a key is there at all, and patterns of values", () => {
        const write = policy({
            Effect: "Allow", Action: "s3:PutObject", Condition: { Null: { "s3:if-none-match": "false" }, StringLike: { "s3:prefix": "a*" } },
        });
        const ask = (context: Record<string, string>) => allows(write, { action: "s3:PutObject", context });
        assert.equal(ask({ "s3:if-none-match": "*", "s3:prefix": "ab" }), true);
        assert.equal(ask({ "s3:prefix": "ab" }), false);
        assert.equal(ask({ "s3:if-none-match": "*", "s3:prefix": "b" }), false);
    });

    it("takes ForAllValues for true of nothing, and else for what it says", () => {
        const one = policy({ Effect: "Allow", Action: "*", Condition: { "ForAllValues:StringEquals": { "codeconnections:FullRepositoryId": "acme/shop" } } });
        const asked = (context: Readonly<Record<string, string>>) => allows(one, { action: "codeconnections:UseConnection", context });
        assert.deepEqual([asked({}), asked({ "codeconnections:FullRepositoryId": "acme/shop" }), asked({ "codeconnections:FullRepositoryId": "acme/x" })], [true, true, false]);
    });

    it("does not guess at operators it does not know", () => {
        const odd = policy({ Effect: "Allow", Action: "*", Condition: { IpAddress: { "aws:SourceIp": "10.0.0.0/8" } } });
        assert.throws(() => allows(odd, { action: "s3:GetObject", context: { "aws:SourceIp": "10.0.0.1" } }), /IpAddress/);
    });
});
