import assert from "node:assert/strict";
import { PreviewRole, type PreviewRoleArgs } from "../../components";
import { readsOfLookUps } from "../../components/preview-role";
import { answersOfAccount } from "../../rehearsal/program/account-stand-ins";
import { accountId, answersOfAws, region } from "../../rehearsal/program/stand-ins";
import { allows, type Request } from "../support/iam";
import { registered, type Registered } from "../support/registered";

const provider = "token.actions.githubusercontent.com";
const principal = { oidcProviderArn: `arn:aws:iam::${accountId}:oidc-provider/${provider}`, subject: "repo:acme/shop:pull_request", audience: "sts.amazonaws.com" };
const stateBucketArn = "arn:aws:s3:::acme-pulumi-state";
const stateKeyArn = `arn:aws:kms:${region}:${accountId}:key/1`;
const dockerHubSecretArn = `arn:aws:secretsmanager:${region}:${accountId}:secret:docker-hub-AbCdEf`;

const build = (args: Partial<PreviewRoleArgs> = {}): Promise<Registered> => registered(() => { new PreviewRole("preview", { project: "shop", stack: "prod", principal, ...args }); });

describe("PreviewRole", () => {
    let made: Registered;
    let full: Registered;
    before(async () => {
        made = await build();
        full = await build({ stateBucketArn, stateKeyArn, dockerHubSecretArn });
    });

    const check = (from: Registered, wanted: boolean, requests: readonly Request[]) => {
        for (const request of requests) assert.equal(allows(from.named("preview-policy").inputs["policy"], request), wanted, JSON.stringify(request));
    };
    const every = (actions: readonly string[], resource: string) => actions.map(action => ({ action, resource }));

    it("is taken by the jobs of pull requests, for an hour at most, and by no others", () => {
        const taken = (subject: string) => allows(made.named("preview-role").inputs["assumeRolePolicy"], {
            action: "sts:AssumeRoleWithWebIdentity", identity: principal.oidcProviderArn,
            context: { [`${provider}:sub`]: subject, [`${provider}:aud`]: principal.audience },
        });
        assert.deepEqual(["repo:acme/shop:pull_request", "repo:acme/shop:environment:prod", "repo:acme/shop-2:pull_request"].map(taken), [true, false, false]);
        assert.equal("maxSessionDuration" in made.named("preview-role").inputs, false);
    });

    // A program that asks for anything else fails in every test, for nobody answers it.
    it("covers each question that a program asks AWS", () => {
        assert.deepEqual(Object.keys(readsOfLookUps).sort(), [...new Set([...Object.keys(answersOfAws), ...Object.keys(answersOfAccount({}))])].sort());
    });

    it("asks what look-ups ask, the network's own included", () => {
        check(made, true, [...Object.values(readsOfLookUps).flat(), "ec2:DescribeAvailabilityZones"].map(action => ({ action })));
        const parameter = (name: string, account = "") => `arn:aws:ssm:${region}:${account}:parameter/${name}`;
        check(made, true, every(["ssm:GetParameter"], parameter("aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64")));
    });

    it("reads which colour of its stack serves, of its stack alone", () => {
        const path = (name: string) => `arn:aws:ssm:${region}:${accountId}:parameter/gapless/shop/${name}`;
        check(made, true, every(["ssm:GetParametersByPath"], path("prod")));
        check(made, false, [...every(["ssm:GetParametersByPath"], path("stg")), ...every(["ssm:GetParameter"], path("prod/stage")), ...every(["ssm:PutParameter"], path("prod/activeColour"))]);
    });

    it("reads Pulumi's state, which it can decrypt, and writes none", () => {
        const state = `${stateBucketArn}/.pulumi/stacks/gapless/prod.json`;
        const reads = [...every(["s3:ListBucket"], stateBucketArn), ...every(["s3:GetObject"], state), ...every(["kms:Decrypt"], stateKeyArn)];
        check(full, true, reads);
        check(made, false, reads);
        check(full, false, [
            ...every(["s3:PutObject", "s3:DeleteObject"], state), ...every(["s3:GetObject"], `${stateBucketArn}-2/1`), ...every(["s3:ListBucket"], `${stateBucketArn}-2`),
            ...every(["kms:Encrypt", "kms:GenerateDataKey"], stateKeyArn), ...every(["kms:Decrypt"], `${stateKeyArn}2`),
        ]);
    });

    it("reads the one secret that the program logs in with, if there is one", () => {
        check(full, true, every(["secretsmanager:GetSecretValue"], dockerHubSecretArn));
        check(full, false, every(["secretsmanager:GetSecretValue"], `${dockerHubSecretArn}2`));
        check(made, false, every(["secretsmanager:GetSecretValue"], dockerHubSecretArn));
    });

    it("changes nothing at all", () => {
        const { Statement } = JSON.parse(String(full.named("preview-policy").inputs["policy"])) as { Statement: { Effect: string; Action: string | string[] }[] };
        const changing = Statement.flatMap(({ Action }) => [Action].flat()).filter(action => !/^[\w-]+:(?:Get|List|Describe|Decrypt$)/.test(action));
        assert.deepEqual(changing, []);
        assert.deepEqual(Statement.filter(({ Effect }) => Effect !== "Allow"), []);
    });

    it("tells its ARN", () => {
        assert.equal(made.named("preview").outputs["roleArn"], made.named("preview-role").outputs["arn"]);
    });

    it("refuses everybody's jobs, and what is no bucket, in one error", async () => {
        await assert.rejects(build({ principal: { ...principal, subject: "repo:*" }, stateBucketArn: "acme" }), {
            message: "PreviewRole 'preview': subject must say whose jobs are meant before its first * or ?, got 'repo:*'; stateBucketArn must be the ARN of a bucket, got 'acme'",
        });
    });
});
