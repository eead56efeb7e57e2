import assert from "node:assert/strict";
import { DeleteParameterCommand, GetParameterCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { awaitStage } from "../../cli/await-stage";
import { rollCommand } from "../../cli/commands/roll";
import { testContext } from "../support/aws/command-context";
import { DemoStage } from "../support/aws/demo-stage";

const Name = "/gapless/gapless/dev/stage";

/** A stage that its program has not written down yet. */
async function openUnwritten() {
    const demo = await DemoStage.open();
    const ssm = new SSMClient(demo.access);
    const { Parameter: { Value = "" } = {} } = await ssm.send(new GetParameterCommand({ Name }));
    await ssm.send(new DeleteParameterCommand({ Name }));
    const write = () => ssm.send(new PutParameterCommand({ Name, Value, Type: "String" }));
    return { demo, write, context: testContext({ folder: demo.folder }), [Symbol.asyncDispose]: () => demo[Symbol.asyncDispose]() };
}

describe("the stage of a pipeline's own build", () => {
    it("is waited for while the very first up has not written it down, and told once", async () => {
        await using site = await openUnwritten();
        const { demo, context } = site;
        context.clock.meanwhile(async waits => { if (waits === 3) await site.write(); });
        const { stage } = await demo.here(() => awaitStage("dev", context));
        assert.deepEqual([stage, context.clock.waits], [demo.stage, [10, 10, 10]]);
        assert.deepEqual(context.told, ["dev is not written down yet: waiting up to 5 minutes for the up that makes it"]);
    });

    it("is given up after five minutes, with what to do", async () => {
        await using site = await openUnwritten();
        const { demo, context } = site;
        await assert.rejects(demo.here(() => rollCommand("dev", "aaaaaaaaaaaa", { wait: 5, execution: "e-1" }, context)), {
            name: "DeliveryError", kind: "usage", message: /there is no parameter \/gapless\/gapless\/dev\/stage\. Make it with \.\/gapless up dev/,
        });
        assert.equal(context.clock.waited, 300);
    });

    it("is not waited for by a person", async () => {
        await using site = await openUnwritten();
        const { demo, context } = site;
        await assert.rejects(demo.here(() => rollCommand("dev", "aaaaaaaaaaaa", { wait: 5 }, context)), { kind: "usage" });
        assert.deepEqual(context.clock.waits, []);
    });

    it("is waited for until Ctrl-C", async () => {
        await using site = await openUnwritten();
        const { demo, context } = site;
        context.clock.meanwhile(() => { context.interrupt(); });
        await assert.rejects(demo.here(() => awaitStage("dev", context)), { name: "AbortError" });
    });
});
