import assert from "node:assert/strict";
import type { Registered } from "../support/registered";
import { buildPipeline as build, buildWithoutRelease, recordArgs, topicArn } from "./deploy-pipeline-sample";

describe("DeployPipeline", () => {
    let made: Registered;
    before(async () => { made = await build(); });

    it("deploys in place, half at a time, behind the load balancer, and takes a bad release back", () => {
        assert.deepEqual(made.named("web-group").inputs, {
            appName: made.named("web-application").outputs["name"],
            deploymentGroupName: "dev",
            serviceRoleArn: made.named("web-codedeploy-role").outputs["arn"],
            deploymentConfigName: "CodeDeployDefault.HalfAtATime",
            deploymentStyle: { deploymentType: "IN_PLACE", deploymentOption: "WITH_TRAFFIC_CONTROL" },
            loadBalancerInfo: { targetGroupInfos: [{ name: "web-1" }] },
            autoscalingGroups: ["hosts-1"],
            outdatedInstancesStrategy: "UPDATE",
            autoRollbackConfiguration: { enabled: true, events: ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"] },
            alarmConfiguration: {
                enabled: true, alarms: [made.named("web-errors").outputs["name"], made.named("web-latency").outputs["name"]],
            },
        });
        assert.deepEqual(made.named("web-application").inputs, { computePlatform: "Server" });
    });

    it("keeps the release under its version for ever and publishes a copy as the current one", () => {
        const zip = { bucket: "releases-1", contentBase64: "emlw", contentType: "application/zip" };
        assert.deepEqual(made.named("web-release").inputs, { ...zip, key: "releases/0123456789ab.zip" });
        assert.deepEqual(made.named("web-trigger").inputs, { ...zip, key: "releases/current.zip" });
        assert.deepEqual(made.all.filter(resource => resource.retainOnDelete).map(resource => resource.name).sort(), ["web-release", "web-trigger"]);
    });

    it("leaves alone what another writer of the current release has put on it, but publishes each new one of the program's", () => {
        const { ignoreChanges } = made.named("web-trigger");
        for (const property of ["metadata", "contentType", "tags", "tagsAll", "serverSideEncryption", "storageClass"]) assert.ok(ignoreChanges.includes(property), property);
        for (const property of ["contentBase64", "bucket", "key"]) assert.equal(ignoreChanges.includes(property), false, property);
        assert.deepEqual(made.named("web-release").ignoreChanges, []);
    });

    it("publishes once where others go on from there", async () => {
        const made = await build({ release: { version: "0123456789ab", zip: "emlw", onlyFirst: true } });
        assert.ok(made.named("web-trigger").ignoreChanges.includes("contentBase64"));
        assert.ok(made.named("web-trigger").ignoreChanges.includes("metadata"));
        assert.equal(made.named("web-trigger").ignoreChanges.includes("bucket"), false);
        assert.deepEqual(made.named("web-release").ignoreChanges, ["contentBase64", "key"]);
        assert.equal(made.named("web-trigger").inputs["contentBase64"], "emlw");
    });

    it("publishes nothing where others do from the beginning, and waits for them with all that a deployment needs", async () => {
        const made = await buildWithoutRelease();
        assert.deepEqual(made.ofType("aws:s3/bucketObjectv2:BucketObjectv2").map(({ name }) => name), ["web-tool"]);
        assert.equal(made.comesAfter("web-pipeline", "web-group"), true);
        assert.equal(made.comesAfter("web-pipeline", "web-codedeploy-policy"), true);
        assert.equal(made.comesAfter("web-start", "web-pipeline"), true);
        const { releaseKey, releaseObjectVersion } = made.named("web").outputs;
        assert.deepEqual([releaseKey, releaseObjectVersion], [undefined, undefined]);
    });

    it("gives the pipeline its rights minutes before it starts, not when it does: IAM takes a while to let everybody know", async () => {
        for (const made of [await build(), await build({ record: recordArgs, notificationTopicArn: topicArn, approval: true })]) {
            assert.equal(made.comesAfter("web-codepipeline-policy", "web-group"), false);
            assert.equal(made.comesAfter("web-pipeline", "web-codepipeline-policy"), true);
            assert.equal(made.comesAfter("web-pipeline", "web-group"), true);
        }
    });

    it("finds instances by tags, of which each must match", async () => {
        const made = await build({ target: { instanceTags: { project: "shop", stage: "dev" } } });
        const { autoscalingGroups, ec2TagSets } = made.named("web-group").inputs;
        assert.equal(autoscalingGroups, undefined);
        assert.deepEqual(ec2TagSets, [
            { ec2TagFilters: [{ type: "KEY_AND_VALUE", key: "project", value: "shop" }] },
            { ec2TagFilters: [{ type: "KEY_AND_VALUE", key: "stage", value: "dev" }] },
        ]);
    });

    it("runs one release after the other from the current one, without polling", () => {
        const pipeline = made.named("web-pipeline");
        assert.deepEqual(pipeline.inputs, {
            roleArn: made.named("web-codepipeline-role").outputs["arn"],
            pipelineType: "V2",
            executionMode: "QUEUED",
            artifactStores: [{ type: "S3", location: "releases-1" }],
            stages: [
                {
                    name: "Source",
                    actions: [{
                        owner: "AWS", version: "1", name: "Source", category: "Source", provider: "S3", outputArtifacts: ["release"],
                        configuration: { S3Bucket: "releases-1", S3ObjectKey: "releases/current.zip", PollForSourceChanges: "false" },
                    }],
                },
                {
                    name: "Deploy",
                    actions: [{
                        owner: "AWS", version: "1", name: "Deploy", category: "Deploy", provider: "CodeDeploy", inputArtifacts: ["release"],
                        configuration: { ApplicationName: made.named("web-application").outputs["name"], DeploymentGroupName: "dev" },
                    }],
                },
                {
                    name: "Record",
                    actions: [{
                        owner: "AWS", version: "1", name: "Record", category: "Build", provider: "CodeBuild", inputArtifacts: ["release"],
                        configuration: {
                            ProjectName: made.named("web-record").outputs["name"],
                            EnvironmentVariables: '[{"name":"GAPLESS_EXECUTION","value":"#{codepipeline.PipelineExecutionId}","type":"PLAINTEXT"}]',
                        },
                    }],
                },
            ],
        });
    });

    it("starts for exactly the trigger's key and hands on the version of that very upload", () => {
        const { eventPattern, ...rule } = made.named("web-change").inputs;
        assert.deepEqual(rule, { description: "A new current release" });
        assert.deepEqual(JSON.parse(String(eventPattern)), {
            source: ["aws.s3"],
            "detail-type": ["Object Created"],
            detail: { bucket: { name: ["releases-1"] }, object: { key: ["releases/current.zip"] } },
        });
        assert.deepEqual(made.named("web-start").inputs, {
            rule: made.named("web-change").outputs["name"],
            arn: made.named("web-pipeline").outputs["arn"],
            roleArn: made.named("web-events-role").outputs["arn"],
            inputTransformer: {
                inputPaths: { version: "$.detail.object.version-id" },
                inputTemplate: '{"sourceRevisions":[{"actionName":"Source","revisionType":"S3_OBJECT_VERSION_ID","revisionValue":"<version>"}]}',
            },
        });
    });

    it("tells the names that an operator needs", () => {
        const names = {
            pipelineName: made.named("web-pipeline").outputs["name"],
            pipelineArn: made.named("web-pipeline").outputs["arn"],
            applicationName: made.named("web-application").outputs["name"],
            deploymentGroupName: "dev",
            deploymentGroupArn: made.named("web-group").outputs["arn"],
            deploymentConfigName: "CodeDeployDefault.HalfAtATime",
            releaseKey: "releases/0123456789ab.zip",
            releaseObjectVersion: made.named("web-release").outputs["versionId"],
        };
        const { outputs } = made.named("web");
        assert.deepEqual(Object.fromEntries(Object.keys(names).map(name => [name, outputs[name]])), names);
    });
});
