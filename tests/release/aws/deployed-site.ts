import assert from "node:assert/strict";
import { CloudFrontClient, CreateDistributionCommand, GetInvalidationCommand, ListInvalidationsCommand } from "@aws-sdk/client-cloudfront";
import { CodeDeployClient } from "@aws-sdk/client-codedeploy";
import { CodePipelineClient } from "@aws-sdk/client-codepipeline";
import { BatchDeleteImageCommand, CreateRepositoryCommand, DescribeImagesCommand, ECRClient, PutImageCommand } from "@aws-sdk/client-ecr";
import { CreateBucketCommand, PutBucketVersioningCommand, S3Client } from "@aws-sdk/client-s3";
import { zipSync } from "fflate";
import { recordDeployment } from "../../../release/aws/record";
import { storeRelease, trigger } from "../../../release/aws/releases";
import { StageJournal } from "../../../release/aws/stage-journal";
import type { Stage } from "../../../release/stage";
import { CodeDeployDouble } from "../../support/aws/code-deploy-double";
import { ActionRun } from "../../support/aws/codepipeline/action-run";
import { CodePipelineDouble } from "../../support/aws/code-pipeline-double";
import { FakeClock } from "../../support/aws/fake-clock";
import { motoAccess, uniqueName } from "../../support/aws/moto";

/** Of the release that is there. */
export const version = "0123456789ab";
const manifest = JSON.stringify({ schemaVersion: 2, mediaType: "application/vnd.oci.image.manifest.v1+json", config: {}, layers: [] }, undefined, 3);

/** A stage whose pipeline has deployed a release, up to its last stage. */
export async function deployed(metadata: Record<string, string> = { commit: "a".repeat(40), builder: "ann (run 7)" }) {
    const access = await motoAccess();
    const [s3, ecr, cloudFront] = [new S3Client({ ...access, forcePathStyle: true }), new ECRClient(access), new CloudFrontClient(access)];
    const [bucket, repositoryName, name] = [uniqueName("releases"), uniqueName("web"), uniqueName("pipeline")];
    await s3.send(new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration: { LocationConstraint: "eu-central-1" } }));
    await s3.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status: "Enabled" } }));
    const { repositoryUri, digest } = await pushImage(ecr, repositoryName);
    const image = `${repositoryUri}@${digest}`;
    const zip = zipSync({ "release.env": new TextEncoder().encode(`IMAGE=${image}\nVERSION=${version}\n`) });
    // Somebody has stored it before, of another commit with the same content.
    await storeRelease(s3, bucket, { version, zip }, { commit: "0".repeat(40), builder: "zoe" });
    const objectVersion = await trigger(s3, bucket, { version, zip }, metadata);
    const distribution = await makeDistribution(cloudFront, name);

    const codeDeploy = await CodeDeployDouble.start();
    codeDeploy.addGroup({ application: "web", group: "dev", instances: ["i-1", "i-2"] });
    const codePipeline = await CodePipelineDouble.start({ codeDeploy, actionsPerPoll: 0 });
    const executions: string[] = [];
    codePipeline.addDeployPipeline({ name, bucket, application: "web", group: "dev", record: ({ executionId }) => { executions.push(executionId); return undefined; } });
    codePipeline.sourceChanged(name, objectVersion);
    await codePipeline.advance(name);
    const deploymentId = codeDeploy.deployments[0]?.args.id ?? assert.fail("no deployment");
    const location = codeDeploy.deployments[0]?.args.revision.s3Location;
    codeDeploy.advance(deploymentId);
    await codePipeline.advance(name, 3);

    const stage: Stage = {
        project: "gapless", stack: "dev", region: "eu-central-1", schemaVersion: 1, stage: "dev", source: "s3", url: "http://web", fleet: { autoScalingGroup: "web" },
        architecture: "x86_64", releaseBucket: bucket, repository: repositoryUri, pipeline: name, approval: false, codeDeployApplication: "web", deploymentGroup: "dev",
        alarms: [], targetGroupArn: "", logGroup: "", keepReleases: 30, distribution,
    };
    const clients = { s3, ecr, cloudFront, codePipeline: new CodePipelineClient(codePipeline.access), codeDeploy: new CodeDeployClient(codeDeploy.access) };
    const told: string[] = [];
    const options = { clock: new FakeClock(), tell: { step: (text: string) => void told.push(text) } };
    return {
        stage, image, objectVersion, codeDeploy, codePipeline, deploymentId, revision: `s3://${location?.bucket}/${location?.key}?versionId=${location?.version}`, clients, told, executionId: executions[0] ?? assert.fail("no execution"),
        record: (over: Partial<Stage> = {}, about: Partial<{ image: string; executionId: string }> = {}) =>
            recordDeployment(clients, { ...stage, ...over }, { version, image, executionId: executions[0] ?? "", ...about }, options),
        journal: async () => (await new StageJournal(s3, bucket).read()).entries,
        tags: async () => (await ecr.send(new DescribeImagesCommand({ repositoryName }))).imageDetails?.flatMap(({ imageTags = [] }) => imageTags).sort(),
        /** As when its stage was tried again: before the deployment that succeeded, and after it. */
        addFailedDeployments: () => {
            const { actions } = codePipeline.pipeline(name).execution(executions[0] ?? "");
            const at = actions.findIndex(({ stage }) => stage.kind === "deploy");
            for (const index of [at, at + 2]) {
                const failed = new ActionRun(`failed-${index}`, actions[at]?.stage ?? assert.fail("no deployment"), () => new Date());
                failed.externalId = `d-FAILED00${index}`;
                failed.fail("JobFailed", "it did");
                actions.splice(index, 0, failed);
            }
        },
        loseImage: () => ecr.send(new BatchDeleteImageCommand({ repositoryName, imageIds: [{ imageDigest: digest }] })),
        invalidations: async () => {
            const { InvalidationList } = await cloudFront.send(new ListInvalidationsCommand({ DistributionId: stage.distribution }));
            return Promise.all((InvalidationList?.Items ?? []).map(async ({ Id }) =>
                (await cloudFront.send(new GetInvalidationCommand({ DistributionId: stage.distribution, Id }))).Invalidation?.InvalidationBatch));
        },
        [Symbol.asyncDispose]: async () => {
            for (const client of Object.values(clients)) client.destroy();
            await codePipeline[Symbol.asyncDispose]();
            await codeDeploy[Symbol.asyncDispose]();
        },
    };
}

async function pushImage(ecr: ECRClient, repositoryName: string): Promise<{ readonly repositoryUri: string; readonly digest: string }> {
    const { repository } = await ecr.send(new CreateRepositoryCommand({ repositoryName }));
    const { image } = await ecr.send(new PutImageCommand({ repositoryName, imageTag: "build-1", imageManifest: manifest }));
    return { repositoryUri: repository?.repositoryUri ?? "", digest: image?.imageId?.imageDigest ?? "" };
}

async function makeDistribution(cloudFront: CloudFrontClient, CallerReference: string): Promise<string> {
    const origin = { Id: "alb", DomainName: "alb.example.com", CustomOriginConfig: { HTTPPort: 80, HTTPSPort: 443, OriginProtocolPolicy: "http-only" } } as const;
    const { Distribution } = await cloudFront.send(new CreateDistributionCommand({ DistributionConfig: {
        CallerReference, Comment: "", Enabled: true, Origins: { Quantity: 1, Items: [origin] },
        DefaultCacheBehavior: { TargetOriginId: origin.Id, ViewerProtocolPolicy: "redirect-to-https" },
    } }));
    return Distribution?.Id ?? assert.fail("no distribution");
}
