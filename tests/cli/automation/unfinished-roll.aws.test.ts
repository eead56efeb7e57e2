import assert from "node:assert/strict";
import { DeleteParameterCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { AutoScalingClient, DescribeAutoScalingGroupsCommand } from "@aws-sdk/client-auto-scaling";
import { S3Client } from "@aws-sdk/client-s3";
import { applySizes, tellUnfinishedRoll } from "../../../cli/automation/unfinished-roll";
import { coloursOf } from "../../../release/aws/colour-document";
import { beginRoll } from "../../../release/blue-green/machine";
import { testContext } from "../../support/aws/command-context";
import { DemoStage, type DemoStageArgs } from "../../support/aws/demo-stage";
import { sampleRoll } from "../../release/blue-green/sample-roll";

const { signal: never } = new AbortController();
const Name = "/gapless/gapless/dev/sizes";

async function open(args: DemoStageArgs = { blueGreen: {} }) {
    const demo = await DemoStage.open(args);
    const { stage, access } = demo;
    const context = testContext({ folder: demo.folder });
    const ssm = new SSMClient(access);
    return {
        demo, context,
        begin: () => coloursOf(new S3Client(access), stage.releaseBucket).change(document => ({ ...document, roll: beginRoll(sampleRoll) }), never),
        /** As the program does. */
        writeSizes: (minSize: number) => ssm.send(new PutParameterCommand({ Name, Value: JSON.stringify({ minSize, maxSize: 4 }), Overwrite: true })),
        loseSizes: () => ssm.send(new DeleteParameterCommand({ Name })),
        tell: (strategy: string | undefined = "blueGreen") => tellUnfinishedRoll({ stage, access }, strategy, context, never),
        tellWithout: () => tellUnfinishedRoll({ stage, access }, undefined, context, never),
        set: () => demo.here(() => applySizes("dev", context, never)),
        minimum: async () => (await new AutoScalingClient(access).send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: ["gapless-dev"] }))).AutoScalingGroups?.[0]?.MinSize,
        [Symbol.asyncDispose]: () => demo[Symbol.asyncDispose](),
    };
}

describe("up and a roll that was left", () => {
    it("warns of it, with both ways on, and of nothing else", async () => {
        await using site = await open();
        await site.tell();
        assert.deepEqual(site.context.told, []);
        await site.begin();
        await site.tell();
        assert.match(site.context.told.join("\n"), /^warning: roll bg-1 of release v2 was left and nobody drives it: .*\. After this: \.\/gapless abort dev takes it back, the same release once more goes on with it$/);
    });

    it("refuses to take a colour away meanwhile, and says what ends the roll first", async () => {
        await using site = await open();
        await site.tell("rolling");
        await site.begin();
        const refused = { kind: "needsPerson", message: /^dev shall be rolled host by host from now on, which takes green away, and roll bg-1 of release v2 was left .*\. Nothing was changed\. End it first: \.\/gapless abort dev, then \.\/gapless up dev again \(docs\/changing-strategy\.md\)\.$/ };
        await assert.rejects(site.tell("rolling"), refused);
        await assert.rejects(site.tellWithout(), refused);
        assert.deepEqual(site.context.told, []);
    });

    it("asks nothing of a stack that is rolled host by host", async () => {
        await using site = await open({});
        const before = site.demo.door.requests.length;
        await site.tell();
        assert.equal(site.demo.door.requests.length, before);
    });
});

describe("the fewest instances of what serves", () => {
    it("are set as the program has just written them, and told", async () => {
        await using site = await open();
        await site.writeSizes(3);
        await site.set();
        assert.deepEqual([await site.minimum(), site.context.told], [3, ["gapless-dev, which serves, has 3 instances at the least now, in place of 2"]]);
        await site.set();
        assert.equal(site.context.told.length, 1, "nothing is told of what is so already");
        await site.writeSizes(1);
        await site.set();
        assert.equal(site.context.told[1], "gapless-dev, which serves, may have as few as 1 instances now; where a roll has just ended, once its load is known, and 3 at the least until then");
    });

    it("are left to the roll that is under way", async () => {
        await using site = await open();
        await site.begin();
        await site.writeSizes(3);
        await site.set();
        assert.deepEqual([await site.minimum(), site.context.told], [2, []]);
    });

    it("are only worth a warning when they cannot be set", async () => {
        await using site = await open();
        await site.loseSizes();
        await site.set();
        assert.match(site.context.told.join("\n"), /the fewest instances of the colour that serves could not be set: |sizes is not what this version of Gapless reads/);
    });
});
