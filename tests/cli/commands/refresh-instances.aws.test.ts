import assert from "node:assert/strict";
import { AutoScalingClient, UpdateAutoScalingGroupCommand } from "@aws-sdk/client-auto-scaling";
import { CreateLaunchTemplateVersionCommand, DescribeLaunchTemplatesCommand, EC2Client } from "@aws-sdk/client-ec2";
import { S3Client } from "@aws-sdk/client-s3";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { refreshInstancesCommand } from "../../../cli/commands/refresh-instances";
import { StageLock, readLock, withLock } from "../../../release/aws/stage-lock";
import { stageParameter } from "../../../release/stage";
import { AutoScalingDouble, type AutoScalingDoubleArgs, refreshId } from "../../support/aws/auto-scaling-double";
import { testContext, type TestContext } from "../../support/aws/command-context";
import { DemoStage } from "../../support/aws/demo-stage";

/** A new version of the template, which the group launches from now on, as `up` leaves it. */
async function changeTemplate(demo: DemoStage, ImageId?: string): Promise<void> {
    const ec2 = new EC2Client(demo.access);
    const { LaunchTemplates: [template] = [] } = await ec2.send(new DescribeLaunchTemplatesCommand({}));
    const LaunchTemplateId = template?.LaunchTemplateId;
    await ec2.send(new CreateLaunchTemplateVersionCommand({ LaunchTemplateId, SourceVersion: "1", LaunchTemplateData: { InstanceType: "t3.small", ...(ImageId && { ImageId }) } }));
    const { stage: { fleet } } = demo;
    if (!("autoScalingGroup" in fleet)) throw new Error("no group");
    await new AutoScalingClient(demo.access).send(new UpdateAutoScalingGroupCommand({
        AutoScalingGroupName: fleet.autoScalingGroup, LaunchTemplate: { LaunchTemplateId, Version: "2" },
    }));
}

interface Run {
    readonly code: number;
    readonly context: TestContext;
    readonly double: AutoScalingDouble;
}

async function refresh(demo: DemoStage, args: Partial<AutoScalingDoubleArgs> & { readonly begun?: boolean } = {}, context = testContext({ folder: demo.folder })): Promise<Run> {
    const double = await AutoScalingDouble.start({ upstream: demo.env["AWS_ENDPOINT_URL"] ?? "", ...args });
    if (args.begun) double.begin();
    try {
        const code = await demo.here(async () => {
            process.env["AWS_ENDPOINT_URL_AUTO_SCALING"] = double.url;
            try {
                return await refreshInstancesCommand("dev", { wait: 1 }, context);
            } finally {
                delete process.env["AWS_ENDPOINT_URL_AUTO_SCALING"];
            }
        });
        return { code, context, double };
    } finally {
        await double[Symbol.asyncDispose]();
    }
}

const done = [{ Status: "InProgress", PercentageComplete: 50, InstancesToUpdate: 1 }, { Status: "Successful" }];

describe("./gapless refresh-instances", () => {
    it("looks at the colour that serves of two, and names the other way to new hosts", async () => {
        await using demo = await DemoStage.open({ blueGreen: {} });
        await changeTemplate(demo);
        const { code, context } = await refresh(demo, { steps: done });
        assert.deepEqual([code, context.told[0]], [0, "blue serves, so its instances are looked at. ./gapless flip dev replaces them all, too, once no colour is warm"]);
        assert.equal(context.printed[0]?.text, "The instances of gapless-dev are replaced.");
    });

    it("replaces the instances of an older template under the lock, and frees it", async () => {
        await using demo = await DemoStage.open();
        await changeTemplate(demo);
        const { code, context, double } = await refresh(demo, { steps: done });
        assert.equal(code, 0);
        assert.deepEqual(context.printed, [{
            result: { stack: "dev", autoScalingGroup: "gapless-dev", id: refreshId, result: "succeeded" }, text: "The instances of gapless-dev are replaced.",
        }]);
        assert.deepEqual(context.told, [
            "2 of 2 instances are not as version 2 of the template has it.", `instance refresh ${refreshId} of gapless-dev has begun`, "replacing: 50 %, 1 instance to go",
        ]);
        const [call = {}] = double.callsOf("StartInstanceRefresh");
        assert.equal(call["Preferences.SkipMatching"], "true");
        assert.deepEqual([call["Preferences.AlarmSpecification.Alarms.member.1"], call["Preferences.AlarmSpecification.Alarms.member.2"]], demo.stage.alarms);
        const lock = new StageLock(new S3Client(demo.access), demo.stage.releaseBucket, { who: "x", host: "h", pid: 1, machine: "m" });
        assert.equal((await readLock(lock)).holder, null);
    });

    it("replaces all where the template leaves its image to the launch", async () => {
        await using demo = await DemoStage.open();
        await changeTemplate(demo, "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64");
        const { double } = await refresh(demo, { steps: done });
        assert.equal(double.callsOf("StartInstanceRefresh")[0]?.["Preferences.SkipMatching"], "false");
    });

    it("does nothing when all instances are new", async () => {
        await using demo = await DemoStage.open();
        const { code, context, double } = await refresh(demo);
        assert.equal(code, 0);
        assert.deepEqual(double.callsOf("StartInstanceRefresh"), []);
        assert.match(context.printed[0]?.text ?? "", /^Nothing to do\. All 2 instances are as version 1 of the template has them/);
        assert.equal((context.printed[0]?.result as { result: string }).result, "nothingToDo");
    });

    it("watches the refresh that goes on already, and begins none", async () => {
        await using demo = await DemoStage.open();
        const context = testContext({ folder: demo.folder });
        const lock = new StageLock(new S3Client(demo.access), demo.stage.releaseBucket, { who: "x", host: "h", pid: 1, machine: "m" });
        const holders: unknown[] = [];
        context.clock.meanwhile(async () => { holders.push((await readLock(lock)).holder?.command); });
        const { code, double } = await refresh(demo, { begun: true, steps: [{ Status: "InProgress" }, ...done] }, context);
        assert.equal(code, 0);
        assert.deepEqual(holders.slice(0, 1), ["refresh-instances"], "nobody else begins meanwhile");
        assert.deepEqual(double.callsOf("StartInstanceRefresh"), []);
        assert.equal(context.told[0], "an instance refresh of gapless-dev goes on already: watching it");
    });

    for (const [Status, code, text] of [
        ["Failed", 1, /^The instance refresh of gapless-dev failed: .*\nan alarm fired\nSee \.\/gapless status dev/s],
        ["Cancelled", 1, /^The instance refresh of gapless-dev was cancelled: .*\.\/gapless refresh-instances dev goes on/s],
        ["RollbackSuccessful", 3, /^The instance refresh of gapless-dev was rolled back/],
    ] as const) {
        it(`ends with ${code} when Auto Scaling says ${Status}`, async () => {
            await using demo = await DemoStage.open();
            const run = await refresh(demo, { begun: true, steps: [{ Status: "InProgress" }, { Status, StatusReason: "an alarm fired" }] });
            assert.equal(run.code, code);
            assert.match(run.context.printed[0]?.text ?? "", text);
        });
    }

    it("waits for whoever holds the lock, and needs a person when that takes too long", async () => {
        await using demo = await DemoStage.open();
        await changeTemplate(demo);
        const context = testContext({ folder: demo.folder });
        const lock = new StageLock(new S3Client(demo.access), demo.stage.releaseBucket, { who: "ann", host: "laptop", pid: 1, machine: "elsewhere" }, context.clock);
        const wish = { stack: "dev", command: "roll", waitMinutes: 0, clock: context.clock, tell: context.tell, signal: new AbortController().signal };
        await withLock(lock, wish, async () => {
            await assert.rejects(refresh(demo, { steps: done }, context), { name: "DeliveryError", kind: "needsPerson", message: /^dev is locked: .*ann/ });
        });
    });

    it("is refused for a tagged fleet, with what to do instead", async () => {
        await using demo = await DemoStage.open();
        const { project, stack, region, ...parameter } = demo.stage;
        const tagged = stageParameter.parse({ ...parameter, fleet: { instanceIds: ["i-1", "i-2"] } });
        await new SSMClient({ ...demo.access, region }).send(new PutParameterCommand({ Name: `/gapless/${project}/${stack}/stage`, Value: JSON.stringify(tagged), Overwrite: true }));
        await assert.rejects(refresh(demo), {
            name: "DeliveryError", kind: "usage",
            message: "The fleet of dev is tagged: nothing replaces its 2 instances by itself. Replace one at a time with pulumi up --stack dev --replace <urn of the instance>, "
                + "then run ./gapless deploy dev before the next (docs/decisions/0013-a-fleet-found-by-tags.md).",
        });
    });
});
