import assert from "node:assert/strict";
import { type CiPrincipal, CiRole, type CiRoleArgs } from "../../components";
import { ciSessionSeconds } from "../../release/ci-session";
import { accountId, region } from "../../rehearsal/program/stand-ins";
import { allows, type Request } from "../support/iam";
import { voidActions } from "../support/iam-resources";
import { registered, type Registered } from "../support/registered";
import { coloursBy, distributionArn } from "./called-requests";
import { listenerArn, scalingGroupArn } from "./deploy-pipeline-sample";

const releases = "arn:aws:s3:::releases-1";
const repositoryArn = `arn:aws:ecr:${region}:${accountId}:repository/shop`;
const pipelineArn = `arn:aws:codepipeline:${region}:${accountId}:web-deploy-pipeline-1`;
const codeDeploy = `arn:aws:codedeploy:${region}:${accountId}`;
const jenkins = `arn:aws:iam::${accountId}:role/jenkins`;
const provider = "token.actions.githubusercontent.com";
const github = {
    oidcProviderArn: `arn:aws:iam::${accountId}:oidc-provider/${provider}`,
    subject: "repo:acme/shop:ref:refs/heads/main",
    audience: "sts.amazonaws.com",
};
const buildPipelineArn = `arn:aws:codepipeline:${region}:${accountId}:web-build-pipeline-1`;
const deployments = { applicationName: "shop-1", deploymentGroupName: "dev", deploymentConfigName: "CodeDeployDefault.HalfAtATime" };
const required: CiRoleArgs = { project: "shop", stack: "dev-eu", principal: { arn: jenkins }, releaseBucketArn: releases, pipelineArn, deployments };

const build = (args: Partial<CiRoleArgs> = {}): Promise<Registered> => registered(() => { new CiRole("ci", { ...required, repositoryArn, ...args }); });

describe("CiRole", () => {
    let made: Registered;
    before(async () => { made = await build(); });

    describe("is taken by", () => {
        const taken = (made: Registered, request: Omit<Request, "resource">) => allows(made.named("ci-role").inputs["assumeRolePolicy"], request);
        const withToken = (subject: string, audience = github.audience, identity = github.oidcProviderArn) => ({
            action: "sts:AssumeRoleWithWebIdentity", identity, context: { [`${provider}:sub`]: subject, [`${provider}:aud`]: audience },
        });

        it("the given user or role, and no other", () => {
            assert.equal(taken(made, { action: "sts:AssumeRole", identity: jenkins }), true);
            assert.equal(taken(made, { action: "sts:AssumeRole", identity: `${jenkins}-2` }), false);
            assert.equal(taken(made, { action: "sts:AssumeRoleWithWebIdentity", identity: jenkins }), false);
            assert.equal(taken(made, { action: "sts:TagSession", identity: jenkins }), false);
        });

        it("jobs of one subject, for one audience, from one provider", async () => {
            const made = await build({ principal: github });
            assert.equal(taken(made, withToken(github.subject)), true);
            assert.equal(taken(made, withToken("repo:acme/shop:ref:refs/heads/other")), false);
            assert.equal(taken(made, withToken(github.subject, "other.example.com")), false);
            assert.equal(taken(made, withToken(github.subject, github.audience, `${github.oidcProviderArn}2`)), false);
            assert.equal(taken(made, { ...withToken(github.subject), action: "sts:AssumeRole" }), false);
            assert.equal(taken(made, { action: "sts:AssumeRoleWithWebIdentity", identity: github.oidcProviderArn }), false);
        });

        it("jobs of all subjects of a pattern", async () => {
            const made = await build({ principal: { ...github, subject: "repo:acme/shop:*" } });
            assert.equal(taken(made, withToken("repo:acme/shop:environment:dev")), true);
            assert.equal(taken(made, withToken("repo:acme/shop-2:environment:dev")), false);
            assert.equal(taken(made, withToken("repo:acme/shop:environment:dev", "other.example.com")), false);
        });

        it("jobs of a provider whose address has a path", async () => {
            const made = await build({
                principal: { oidcProviderArn: `arn:aws:iam::${accountId}:oidc-provider/jenkins.example.com/oidc`, subject: "shop/main", audience: "aws" },
            });
            assert.equal(taken(made, {
                action: "sts:AssumeRoleWithWebIdentity",
                identity: `arn:aws:iam::${accountId}:oidc-provider/jenkins.example.com/oidc`,
                context: { "jenkins.example.com/oidc:sub": "shop/main", "jenkins.example.com/oidc:aud": "aws" },
            }), true);
        });

        it("jobs of a subject that is a mere word", async () => {
            const made = await build({ principal: { ...github, subject: "shop" } });
            assert.deepEqual([taken(made, withToken("shop")), taken(made, withToken("shop-2"))], [true, false]);
        });

        it("nobody for longer than a command asks for with its token", () => {
            assert.equal(made.named("ci-role").inputs["maxSessionDuration"], ciSessionSeconds);
        });
    });

    describe("may", () => {
        const check = (from: Registered, wanted: boolean, requests: readonly Request[]) => {
            const policy = from.named("ci-policy").inputs["policy"];
            for (const request of requests) assert.equal(allows(policy, request), wanted, JSON.stringify(request));
        };
        const every = (actions: readonly string[], resource: string) => actions.map(action => ({ action, resource }));

        it("push to the one repository and delete nothing in it", () => {
            const actions = ["ecr:BatchGetImage", "ecr:CompleteLayerUpload", "ecr:DescribeImages", "ecr:GetDownloadUrlForLayer", "ecr:PutImage"];
            check(made, true, [...every(actions, repositoryArn), { action: "ecr:GetAuthorizationToken" }]);
            check(made, false, [...every(actions, `${repositoryArn}-2`), ...every(["ecr:BatchDeleteImage"], repositoryArn)]);
        });

        it("do nothing in ECR when images go elsewhere", async () => {
            const elsewhere = await registered(() => { new CiRole("ci", required); });
            check(elsewhere, false, [{ action: "ecr:GetAuthorizationToken" }, ...every(["ecr:DescribeImages", "ecr:PutImage"], repositoryArn)]);
        });

        it("bring a new release and make it the current one, but overwrite none and touch no tool", () => {
            const put = (key: string, context: Record<string, string> = {}) => ({ action: "s3:PutObject", resource: `${releases}/${key}`, context });
            const once = { "s3:if-none-match": "*" };
            check(made, true, [put("releases/0123456789ab.zip", once), put("releases/current.zip"), ...every(["s3:GetObject", "s3:GetObjectVersion"], `${releases}/releases/1.zip`)]);
            check(made, false, [put("releases/0123456789ab.zip"), put("tools/docker-compose", once), put("web-deploy/release/AbC", once)]);
            check(made, false, [...every(["s3:DeleteObject"], releases), ...every(["s3:GetObject"], `${releases}/tools/docker-compose`)]);
        });

        it("see what becomes of it in the one pipeline, but not steer it", () => {
            const actions = [
                "codepipeline:GetPipelineExecution", "codepipeline:GetPipelineState", "codepipeline:ListActionExecutions", "codepipeline:ListPipelineExecutions",
            ];
            check(made, true, every(actions, pipelineArn));
            check(made, false, every(actions, `${pipelineArn}-2`));
            check(made, false, every(["codepipeline:StartPipelineExecution", "codepipeline:StopPipelineExecution"], pipelineArn));
            check(made, false, every(["codepipeline:PutApprovalResult"], `${pipelineArn}/Approval/Approve`));
        });

        const application = `${codeDeploy}:application:shop-1`;
        const group = `${codeDeploy}:deploymentgroup:shop-1/dev`;
        const config = `${codeDeploy}:deploymentconfig:CodeDeployDefault.HalfAtATime`;
        const revisions = ["codedeploy:GetApplicationRevision", "codedeploy:RegisterApplicationRevision"];

        const moves = ["codedeploy:CreateDeployment"];
        const follows = ["codedeploy:BatchGetDeployments", "codedeploy:GetDeployment", "codedeploy:GetDeploymentGroup", "codedeploy:ListDeployments"];
        // AWS knows no resource for these.
        const stops = [{ action: "codedeploy:StopDeployment" }];
        const followsTargets = [{ action: "codedeploy:BatchGetDeploymentTargets" }, { action: "codedeploy:ListDeploymentTargets" }];

        it("follow deployments to the one group, and tell why one failed", () => {
            check(made, true, [...every(follows, group), ...followsTargets]);
            check(made, false, [...every(follows, `${codeDeploy}:deploymentgroup:shop-1/prod`), ...every(follows, `${codeDeploy}:deploymentgroup:shop-2/dev`)]);
            const alarm = (place: string) => `arn:aws:cloudwatch:${place}:alarm:errors`;
            check(made, true, [{ action: "elasticloadbalancing:DescribeTargetHealth" }, { action: "autoscaling:DescribeAutoScalingGroups" }, { action: "autoscaling:DescribeInstanceRefreshes" }, { action: "cloudwatch:DescribeAlarms", resource: alarm(`${region}:${accountId}`) }]);
            check(made, false, [
                { action: "elasticloadbalancing:DeregisterTargets" }, { action: "autoscaling:StartInstanceRefresh" }, { action: "cloudwatch:DescribeAlarms", resource: alarm(`eu-west-1:${accountId}`) },
                { action: "cloudwatch:SetAlarmState", resource: alarm(`${region}:${accountId}`) }, { action: "ssm:SendCommand" },
            ]);
        });

        it("read what the one stack has written down about itself", () => {
            const parameters = (path: string) => `arn:aws:ssm:${region}:${accountId}:parameter/gapless/${path}`;
            check(made, true, every(["ssm:GetParametersByPath"], parameters("shop/dev-eu")));
            check(made, false, [...every(["ssm:GetParametersByPath"], parameters("shop/prod")), ...every(["ssm:PutParameter"], parameters("shop/dev-eu/stage"))]);
        });

        it("read the journal and the lock, be they there or not, and write the journal as it has read it", () => {
            const [journal, lock] = [`${releases}/journal.json`, `${releases}/lock.json`];
            const put = (resource: string, context: Record<string, string> = {}) => ({ action: "s3:PutObject", resource, context });
            check(made, true, [...every(["s3:GetObject"], journal), ...every(["s3:GetObject"], lock), ...every(["s3:ListBucket"], releases)]);
            check(made, true, [put(journal, { "s3:if-match": "1" }), put(journal, { "s3:if-none-match": "*" })]);
            check(made, false, [put(journal), put(lock, { "s3:if-match": "1" }), put(lock, { "s3:if-none-match": "*" }), put(`${releases}-2/journal.json`, { "s3:if-match": "1" })]);
            check(made, false, [...every(["s3:DeleteObject"], journal), ...every(["s3:ListBucket"], `${releases}-2`), ...every(["s3:ListBucketVersions"], releases)]);
        });

        it("not deploy past the pipeline", () => {
            check(made, false, [...every(moves, group), ...stops, ...every(revisions, application), ...every(["codedeploy:GetDeploymentConfig"], config)]);
        });

        describe("when that is asked for,", () => {
            let deploying: Registered;
            before(async () => { deploying = await build({ mayDeploy: true }); });

            it("deploy to the one group, and stop that, when its instances are not being replaced", () => {
                check(deploying, true, [...every(moves, group), ...stops, ...every(revisions, application), ...every(["codedeploy:GetDeploymentConfig"], config)]);
                check(deploying, false, [...every(moves, `${codeDeploy}:deploymentgroup:shop-1/prod`), ...every(moves, `${codeDeploy}:deploymentgroup:shop-2/dev`)]);
                check(deploying, false, [
                    ...every(revisions, `${codeDeploy}:application:shop-2`),
                    ...every(["codedeploy:GetDeploymentConfig"], `${codeDeploy}:deploymentconfig:CodeDeployDefault.AllAtOnce`),
                    ...every(["codedeploy:UpdateDeploymentGroup", "codedeploy:DeleteDeploymentGroup"], group),
                ]);
            });

            it("hold the lock, if nobody else does", () => {
                const put = (context: Record<string, string>) => ({ action: "s3:PutObject", resource: `${releases}/lock.json`, context });
                check(deploying, true, [put({ "s3:if-match": "1" }), put({ "s3:if-none-match": "*" })]);
                check(deploying, false, [put({}), ...every(["s3:DeleteObject"], `${releases}/lock.json`)]);
            });
        });

        describe("where a pipeline builds,", () => {
            const publish = [
                { action: "s3:PutObject", resource: `${releases}/releases/current.zip` },
                { action: "s3:PutObject", resource: `${releases}/releases/0123456789ab.zip`, context: { "s3:if-none-match": "*" } },
                { action: "ecr:PutImage", resource: repositoryArn },
            ];

            it("start it and follow both, but publish nothing itself", async () => {
                const made = await build({ buildPipelineArn });
                check(made, true, [...every(["codepipeline:StartPipelineExecution", "codepipeline:ListActionExecutions"], buildPipelineArn), ...every(["codepipeline:ListActionExecutions"], pipelineArn)]);
                check(made, true, every(["ecr:DescribeImages"], repositoryArn));
                check(made, false, every(["ecr:DescribeImages"], `${repositoryArn}-2`));
                check(made, false, [...every(["codepipeline:StartPipelineExecution"], pipelineArn), ...every(["codepipeline:StopPipelineExecution"], buildPipelineArn), ...publish]);
            });

            it("publish what it deploys past it", async () => {
                check(await build({ buildPipelineArn, mayDeploy: true }), true, publish);
            });
        });

        describe("of two colours,", () => {
            const twoColours = coloursBy({ listenerArn });
            const colours = `${releases}/colours.json`;
            const changes = [
                ...every(["codedeploy:UpdateDeploymentGroup", "codedeploy:CreateDeployment"], `${group}-green`),
                ...every(["elasticloadbalancing:ModifyListener"], listenerArn),
                ...every(["autoscaling:UpdateAutoScalingGroup", "autoscaling:PutScheduledUpdateGroupAction", "autoscaling:DeleteScheduledAction"], scalingGroupArn("hosts-green-1")),
                ...every(["ssm:PutParameter"], `arn:aws:ssm:${region}:${accountId}:parameter/gapless/shop/dev-eu/activeColour`),
                { action: "s3:PutObject", resource: colours, context: { "s3:if-match": "1" } },
                ...every(["cloudfront:CreateInvalidation"], distributionArn),
            ];
            const watches = [
                ...every(follows, group), ...every(follows, `${group}-green`), ...every(["s3:GetObject"], colours),
                { action: "elasticloadbalancing:DescribeListeners" }, { action: "elasticloadbalancing:DescribeRules" }, { action: "autoscaling:DescribeScheduledActions" },
            ];

            it("watch both, and change neither", async () => {
                const made = await build({ deployments: twoColours });
                check(made, true, watches);
                check(made, false, [...changes, ...every(follows, `${group}-red`)]);
            });

            it("change which one serves when that is asked for, and no other stack's", async () => {
                const made = await build({ deployments: twoColours, mayDeploy: true });
                check(made, true, [...watches, ...changes]);
                check(made, false, changes.map(request => ({ ...request, resource: `${request.resource}-2` })));
                check(made, false, [{ action: "s3:PutObject", resource: colours }, ...every(["s3:DeleteObject"], colours)]);
            });

            it("fit into a policy of a role", async () => {
                const policy = String((await build({ deployments: twoColours, mayDeploy: true, buildPipelineArn })).named("ci-policy").inputs["policy"]);
                // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
                assert.ok(policy.length < 10_240, String(policy.length));
                assert.deepEqual(voidActions(policy), []);
            });
        });

        it("see nothing of colours where there is one fleet", () => {
            check(made, false, [...every(["s3:GetObject"], `${releases}/colours.json`), { action: "elasticloadbalancing:DescribeListeners" }, ...every(follows, `${group}-green`)]);
        });

        it("do all that it may, since AWS looks at the resources that it names for it", async () => {
            for (const args of [{}, { buildPipelineArn }, { mayDeploy: true }, { buildPipelineArn, mayDeploy: true }]) {
                assert.deepEqual(voidActions((await build(args)).named("ci-policy").inputs["policy"]), []);
            }
        });

        it("not widen its own rights", () => {
            check(made, false, ["iam:PutRolePolicy", "iam:PassRole", "sts:AssumeRole"].map(action => ({ action })));
        });
    });

    it("tells its ARN", () => {
        assert.equal(made.named("ci").outputs["roleArn"], made.named("ci-role").outputs["arn"]);
    });

    const refused: readonly [principal: CiPrincipal, message: string][] = [
        [{ arn: "*" }, "principal must be the ARN of one user or role, got '*'"],
        [{ arn: `arn:aws:iam::${accountId}:root` }, `principal must be the ARN of one user or role, got 'arn:aws:iam::${accountId}:root'`],
        [{ ...github, subject: "*" }, "subject must say whose jobs are meant before its first * or ?, got '*'"],
        [{ ...github, subject: "repo:*" }, "subject must say whose jobs are meant before its first * or ?, got 'repo:*'"],
        [{ ...github, subject: "" }, "subject must say whose jobs are meant before its first * or ?, got ''"],
        [{ ...github, audience: "*" }, "audience must be one audience, got '*'"],
        [
            { oidcProviderArn: jenkins, subject: "?", audience: "" },
            `oidcProviderArn must be the ARN of an OIDC provider, got '${jenkins}'; subject must say whose jobs are meant before its first * or ?, got '?'; ` +
                "audience must be one audience, got ''",
        ],
    ];
    for (const [principal, message] of refused) {
        it(`refuses ${JSON.stringify(principal)}`, async () => {
            await assert.rejects(build({ principal }), { message: `CiRole 'ci': ${message}` });
        });
    }
});
