import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { findingsOn, listener, said, sample, type Said, type Stack } from "../findings";

// In stg and prod HTTP would be a finding of its own.
const encrypted = { certificateArn: sample.certificateArn, domainName: "shop.example.com" };

describe("the rules of accounts and regions", () => {
    const rows: readonly [string, Stack, readonly Said[]][] = [
        ["warn of a prod that any account may get", { stage: "prod", given: { ...encrypted }, pulumi: { "aws:allowedAccountIds": undefined } }, [
            ["warning", "aws:allowedAccountIds", "should name the account of prod: with other credentials the stack comes up in another account", "nothing",
                "set aws:allowedAccountIds to a list of that account's id, such as [\"111122223333\"]"],
        ]],
        ["refuse an account that is none", { given: {}, pulumi: { "aws:allowedAccountIds": '["1111-2222-3333"]' } }, [
            ["error", "aws:allowedAccountIds", "must be a list of account ids, 12 digits each, in quotes: YAML takes a leading 0 away otherwise", "\"[\\\"1111-2222-3333\\\"]\"",
                'write such as aws:allowedAccountIds: ["111122223333"]'],
        ]],
        ["refuse an account that is no list", { given: {}, pulumi: { "aws:allowedAccountIds": "111122223333" } }, [
            ["error", "aws:allowedAccountIds", "must be a list of account ids, 12 digits each, in quotes: YAML takes a leading 0 away otherwise", '"111122223333"',
                'write such as aws:allowedAccountIds: ["111122223333"]'],
        ]],
        ["refuse certificates and secrets of another region", { given: { certificateArn: sample.certificateArn, domainName: "shop.example.com", registry: "dockerHub", dockerHubRepository: "acme/shop", dockerHubSecretArn: sample.dockerHubSecretArn }, pulumi: { "aws:region": "eu-west-1" } }, [
            ["error", "gapless:certificateArn", "must lie in the stack's region (aws:region eu-west-1)", '"arn:aws:acm:eu-central-1:111122223333:certificate/12345678-1234-1234-1234-123456789012"',
                "take one of eu-west-1, or set aws:region to eu-central-1"],
            ["error", "gapless:dockerHubSecretArn", "must lie in the stack's region (aws:region eu-west-1)", '"arn:aws:secretsmanager:eu-central-1:111122223333:secret:docker-hub-AbCdEf"',
                "take one of eu-west-1, or set aws:region to eu-central-1"],
        ]],
        ["refuse a listener of another region", { given: listener, pulumi: { "aws:region": "eu-west-1" } }, [
            ["error", "gapless:listenerArn", "must lie in the stack's region (aws:region eu-west-1)", '"arn:aws:elasticloadbalancing:eu-central-1:111122223333:listener/app/shared/0123456789abcdef/0123456789abcdef"',
                "take one of eu-west-1, or set aws:region to eu-central-1"],
        ]],
    ];
    for (const [title, stack, findings] of rows) {
        it(title, () => { assert.deepEqual(said(findingsOn(stack)), findings); });
    }
});
