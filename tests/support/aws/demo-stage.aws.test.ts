import assert from "node:assert/strict";
import { AutoScalingClient, DescribeAutoScalingGroupsCommand } from "@aws-sdk/client-auto-scaling";
import { DescribeTargetHealthCommand, ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { findStage } from "../../../release/aws/find-stage";
import { DemoStage } from "./demo-stage";

describe("a demo stage", () => {
    it("is found as a stack of its own, with instances that the load balancer knows", async () => {
        await using demo = await DemoStage.open({ instances: 3 });
        const { stage, access } = demo;
        assert.deepEqual(await findStage("gapless", "dev", access), stage);
        const { AutoScalingGroups } = await new AutoScalingClient(access).send(new DescribeAutoScalingGroupsCommand({}));
        assert.deepEqual(AutoScalingGroups?.map(({ AutoScalingGroupName }) => AutoScalingGroupName), ["gapless-dev"], "nobody else's");
        const health = await new ElasticLoadBalancingV2Client(access).send(new DescribeTargetHealthCommand({ TargetGroupArn: stage.targetGroupArn }));
        assert.deepEqual(health.TargetHealthDescriptions?.map(({ Target }) => Target?.Id).sort(), [...demo.instanceIds].sort());
        assert.equal(demo.instanceIds.length, 3);
    });

    it("starts its pipeline for what is written to the trigger key, and for nothing else", async () => {
        await using demo = await DemoStage.open();
        const s3 = new S3Client(demo.access);
        await s3.send(new PutObjectCommand({ Bucket: demo.stage.releaseBucket, Key: "releases/0123456789ab.zip", Body: "release" }));
        const { VersionId } = await s3.send(new PutObjectCommand({ Bucket: demo.stage.releaseBucket, Key: "releases/current.zip", Body: "release" }));
        const { executions } = demo.codePipeline.pipeline(demo.stage.pipeline);
        assert.deepEqual(executions.map(({ args }) => args.revision), [VersionId]);
    });
});
