import assert from "node:assert/strict";
import { BuildPipeline } from "../../components";
import { accountId, region } from "../../rehearsal/program/stand-ins";
import { allows, type Request } from "../support/iam";
import { registered, type Registered } from "../support/registered";
import { buildArgs } from "./sample";

const releases = "arn:aws:s3:::releases-1";
const builds = "arn:aws:s3:::builds-1";
const repositoryArn = `arn:aws:ecr:${region}:${accountId}:repository/shop`;
const secretArn = `arn:aws:secretsmanager:${region}:${accountId}:secret:docker-hub-AbCdEf`;
const connectionArn = `arn:aws:codeconnections:${region}:${accountId}:connection/1`;

describe("In the build pipeline", () => {
    let made: Registered;
    before(async () => { made = await registered(() => { new BuildPipeline("web", { ...buildArgs, connectionArn, repositoryArn }); }); });

    describe("a build may", () => {
        const policyOf = (made: Registered) => made.named("web-codebuild-policy").inputs["policy"];
        const check = (wanted: boolean, requests: readonly Request[], made_ = made) => {
            for (const request of requests) assert.equal(allows(policyOf(made_), request), wanted, JSON.stringify(request));
        };
        const every = (actions: readonly string[], resource: string) => actions.map(action => ({ action, resource }));

        it("write its own log and no other", () => {
            const stream = (group: string) => `arn:aws:logs:${region}:${accountId}:log-group:${group}:log-stream:1`;
            const actions = ["logs:CreateLogStream", "logs:PutLogEvents"];
            const group = String(made.named("web-logs").outputs["name"]);
            check(true, every(actions, stream(group)));
            check(false, every([...actions, "logs:CreateLogGroup"], stream(`${group}-2`)));
            check(false, every(["logs:CreateLogGroup", "logs:DeleteLogStream"], stream(group)));
        });

        it("read its sources and its cache, and see whose bucket they are in", () => {
            const actions = ["s3:GetObject", "s3:GetObjectVersion"];
            check(true, [...every(actions, `${builds}/web-pipeline-123456/source/AbC.zip`), ...every(actions, `${builds}/cache/1`)]);
            check(true, every(["s3:GetBucketAcl", "s3:GetBucketLocation"], builds));
            check(false, [...every(actions, `${builds}-2/web-pipeline-123456/source/AbC.zip`), ...every(actions, `${builds}/build/1/release.env`)]);
            check(false, [...every(["s3:GetBucketAcl"], releases), ...every(["s3:PutBucketPolicy", "s3:ListBucket"], builds)]);
        });

        it("write its artifact and its cache, but not its sources, and delete nothing", () => {
            const keys = ["web-pipeline-123456/release/AbC", "cache/1"];
            check(true, keys.map(key => ({ action: "s3:PutObject", resource: `${builds}/${key}` })));
            check(false, keys.flatMap(key => every(["s3:DeleteObject", "s3:DeleteObjectVersion", "s3:PutObjectAcl"], `${builds}/${key}`)));
            check(false, [
                { action: "s3:PutObject", resource: `${builds}/web-pipeline-123456/source/AbC.zip` },
                { action: "s3:PutObject", resource: `${builds}/build/1/release.env` },
                { action: "s3:PutObject", resource: `${builds}-2/cache/1` },
            ]);
        });

        it("publish a release that is not there yet, and the copy that starts its deployment, and nothing else", () => {
            const put = (key: string, context: Record<string, string> = {}) => ({ action: "s3:PutObject", resource: `${releases}/${key}`, context });
            const once = { "s3:if-none-match": "*" };
            check(true, [put("releases/0123456789ab.zip", once), put("releases/current.zip")]);
            check(false, [put("releases/0123456789ab.zip"), put("tools/docker-compose", once), put("releases/notes.txt", once), put("web-deploy/release/AbC", once)]);
            check(false, [{ ...put("releases/current.zip"), resource: `${releases}-2/releases/current.zip` }]);
            check(false, every(["s3:DeleteObject", "s3:PutObjectAcl"], `${releases}/releases/current.zip`));
        });

        it("ask a release for its version, but no tool and no neighbour's release", () => {
            check(true, every(["s3:GetObject"], `${releases}/releases/0123456789ab.zip`));
            check(false, every(["s3:GetObject"], `${releases}/tools/docker-compose`));
            check(false, every(["s3:GetObject"], `${releases}-2/releases/0123456789ab.zip`));
        });

        it("read what its own stack has written down about itself, and write nothing down", () => {
            const parameters = (path: string) => `arn:aws:ssm:${region}:${accountId}:parameter/gapless/${path}`;
            check(true, every(["ssm:GetParametersByPath"], parameters("shop/dev-eu")));
            check(false, [...every(["ssm:GetParametersByPath"], parameters("shop/prod")), ...every(["ssm:PutParameter"], parameters("shop/dev-eu/stage"))]);
            for (const document of ["journal.json", "lock.json"]) {
                check(false, [{ action: "s3:PutObject", resource: `${releases}/${document}`, context: { "s3:if-none-match": "*" } }]);
            }
        });

        it("push to the one repository, pull its own caches from it, and delete no image", () => {
            const actions = [
                "ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:CompleteLayerUpload", "ecr:DescribeImages",
                "ecr:GetDownloadUrlForLayer", "ecr:InitiateLayerUpload", "ecr:PutImage", "ecr:UploadLayerPart",
            ];
            check(true, [...every(actions, repositoryArn), { action: "ecr:GetAuthorizationToken" }]);
            check(false, [...every(actions, `${repositoryArn}-2`), ...every(["ecr:BatchDeleteImage", "ecr:PutLifecyclePolicy"], repositoryArn)]);
        });

        it("read the account at Docker Hub, and then needs nothing of ECR", async () => {
            const hub = await registered(() => { new BuildPipeline("web", { ...buildArgs, dockerHubSecretArn: secretArn }); });
            check(true, every(["secretsmanager:GetSecretValue"], secretArn), hub);
            check(false, [...every(["secretsmanager:GetSecretValue"], `${secretArn}2`), { action: "ecr:GetAuthorizationToken" }], hub);
            check(false, every(["ecr:PutImage"], repositoryArn), hub);
            check(false, every(["secretsmanager:GetSecretValue"], secretArn));
        });

        it("clone its sources by its connection and no other", () => {
            check(true, [{ action: "codeconnections:UseConnection", resource: connectionArn }]);
            check(false, [
                { action: "codeconnections:UseConnection", resource: `${connectionArn}2` },
                { action: "codeconnections:PassConnection", resource: connectionArn },
            ]);
        });

        it("clone the one repository of all that its connection is allowed", () => {
            const clone = (repository: string) => ({
                action: "codeconnections:UseConnection", resource: connectionArn, context: { "codeconnections:FullRepositoryId": repository },
            });
            check(true, [clone("acme/shop")]);
            check(false, [clone("acme/secrets")]);
            assert.equal(allows(made.named("web-codepipeline-policy").inputs["policy"], clone("acme/secrets")), false);
            assert.equal(allows(made.named("web-codepipeline-policy").inputs["policy"], clone("acme/shop")), true);
        });

        it("not start or approve anything", () => {
            check(false, ["codepipeline:StartPipelineExecution", "codepipeline:PutApprovalResult", "codedeploy:CreateDeployment", "iam:PassRole"]
                .map(action => ({ action })));
        });
    });

    describe("the pipeline may", () => {
        const check = (wanted: boolean, requests: readonly Request[], from = made) => {
            const policy = from.named("web-codepipeline-policy").inputs["policy"];
            for (const request of requests) assert.equal(allows(policy, request), wanted, JSON.stringify(request));
        };
        const mine = { "aws:ResourceAccount": accountId };

        it("use its connection by the service that the connection is of", async () => {
            check(true, [{ action: "codeconnections:UseConnection", resource: connectionArn }]);
            check(false, [
                { action: "codeconnections:UseConnection", resource: `${connectionArn}2` },
                { action: "codeconnections:DeleteConnection", resource: connectionArn },
                { action: "codestar-connections:UseConnection", resource: connectionArn },
            ]);
            const older = connectionArn.replace("codeconnections", "codestar-connections");
            check(true, [{ action: "codestar-connections:UseConnection", resource: older }], await registered(() => { new BuildPipeline("web", { ...buildArgs, connectionArn: older }); }));
            const created = await registered(() => { new BuildPipeline("web", buildArgs); });
            check(true, [{ action: "codeconnections:UseConnection", resource: String(created.named("web-github").outputs["arn"]) }], created);
        });

        it("keep its artifacts in its own bucket of this account", () => {
            const objects = [
                "s3:GetObject", "s3:GetObjectTagging", "s3:GetObjectVersion", "s3:GetObjectVersionTagging", "s3:PutObject", "s3:PutObjectAcl", "s3:PutObjectTagging",
            ];
            const source = `${builds}/web-pipeline-123456/source/AbC.zip`;
            const release = `${builds}/web-pipeline-123456/release/AbC`;
            check(true, objects.flatMap(action => [source, release].map(resource => ({ action, resource, context: mine }))));
            check(true, ["s3:GetBucketAcl", "s3:GetBucketLocation", "s3:GetBucketVersioning"].map(action => ({ action, resource: builds, context: mine })));
            check(false, [
                { action: "s3:GetObject", resource: source, context: { "aws:ResourceAccount": "999999999999" } },
                { action: "s3:GetBucketAcl", resource: builds, context: { "aws:ResourceAccount": "999999999999" } },
                { action: "s3:PutObject", resource: `${builds}/cache/1`, context: mine },
                { action: "s3:PutObject", resource: `${releases}/releases/current.zip`, context: mine },
                { action: "s3:DeleteObject", resource: source, context: mine },
                { action: "s3:GetBucketVersioning", resource: releases, context: mine },
            ]);
        });

        it("start, follow and stop builds of its one project", () => {
            const arn = String(made.named("web-project").outputs["arn"]);
            const actions = ["codebuild:BatchGetBuilds", "codebuild:StartBuild", "codebuild:StopBuild"];
            check(true, actions.map(action => ({ action, resource: arn })));
            check(false, actions.map(action => ({ action, resource: `${arn}-2` })));
            check(false, [{ action: "codebuild:UpdateProject", resource: arn }]);
        });
    });
});
