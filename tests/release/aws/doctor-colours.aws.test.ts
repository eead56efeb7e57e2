import assert from "node:assert/strict";
import { AutoScalingClient, DeleteLifecycleHookCommand, PutLifecycleHookCommand } from "@aws-sdk/client-auto-scaling";
import { S3Client } from "@aws-sdk/client-s3";
import { coloursOf } from "../../../release/aws/colour-document";
import { checkColours } from "../../../release/aws/doctor/colours";
import { beginRoll } from "../../../release/blue-green/machine";
import { ok, skipped } from "../../../release/doctor";
import { DemoStage } from "../../support/aws/demo-stage";
import { sampleRoll } from "../blue-green/sample-roll";

const { signal: never } = new AbortController();
const LifecycleHookName = "CodeDeploy-managed-automatic-launch-deployment-hook-x";

/** Both groups as CodeDeploy leaves them. */
async function open() {
    const demo = await DemoStage.open({ blueGreen: {} });
    const clients = { s3: new S3Client(demo.access), autoScaling: new AutoScalingClient(demo.access) };
    const hook = (AutoScalingGroupName: string) => clients.autoScaling.send(new PutLifecycleHookCommand({
        AutoScalingGroupName, LifecycleHookName, LifecycleTransition: "autoscaling:EC2_INSTANCE_LAUNCHING",
    }));
    const unhook = (AutoScalingGroupName: string) => clients.autoScaling.send(new DeleteLifecycleHookCommand({ AutoScalingGroupName, LifecycleHookName }));
    await hook("gapless-dev");
    await hook("gapless-dev-green");
    const check = () => checkColours(clients, demo.stage, never);
    const begin = () => coloursOf(clients.s3, demo.stage.releaseBucket).change(document => ({ ...document, roll: beginRoll(sampleRoll) }), never);
    return { demo, unhook, check, begin, [Symbol.asyncDispose]: () => demo[Symbol.asyncDispose]() };
}

describe("doctor's look at two colours", () => {
    it("finds them ready when both groups have their hook and no roll is unfinished", async () => {
        await using site = await open();
        assert.deepEqual(await site.check(), ok("blue serves, and no roll is unfinished"));
    });

    it("fails for a group that has lost its hook, with the command that brings it back", async () => {
        await using site = await open();
        await site.unhook("gapless-dev-green");
        assert.deepEqual(await site.check(), {
            verdict: "fail", text: "gapless-dev-green has no launch hook of CodeDeploy, so instances that it launches get no release",
            fix: "aws deploy update-deployment-group --application-name gapless-dev --current-deployment-group-name dev-green --auto-scaling-groups gapless-dev-green --region eu-central-1",
        });
    });

    it("warns of a roll that is not over, which takes the hook of the idle group away, but not of the one that serves", async () => {
        await using site = await open();
        await site.begin();
        await site.unhook("gapless-dev-green");
        const diagnosis = await site.check();
        assert.deepEqual([diagnosis.verdict, diagnosis.text.split(":")[0]], ["warn", "roll bg-1 of release v2 is not over"]);
        await site.unhook("gapless-dev");
        assert.match((await site.check()).text, /^gapless-dev has no launch hook/);
    });

    it("has nothing to look at where hosts are rolled one by one", async () => {
        await using demo = await DemoStage.open();
        const clients = { s3: new S3Client(demo.access), autoScaling: new AutoScalingClient(demo.access) };
        assert.deepEqual(await checkColours(clients, demo.stage, never), skipped("the stack is rolled host by host"));
    });
});
