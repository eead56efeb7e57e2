import assert from "node:assert/strict";
import { CloudWatchLogsClient, CreateLogStreamCommand, DeleteLogGroupCommand, PutLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { logsCommand, type LogsWords } from "../../../cli/commands/logs";
import { testContext } from "../../support/aws/command-context";
import { DemoStage } from "../../support/aws/demo-stage";
import { FakeClock } from "../../support/aws/fake-clock";

// moto takes and gives out only what lies near the machine's own time.
const now = new Date();

async function write(demo: DemoStage, stream: string, ...lines: readonly (readonly [secondsAgo: number, message: string])[]): Promise<void> {
    const logs = new CloudWatchLogsClient(demo.access);
    const place = { logGroupName: demo.stage.logGroup, logStreamName: stream };
    await logs.send(new CreateLogStreamCommand(place));
    await logs.send(new PutLogEventsCommand({ ...place, logEvents: lines.map(([ago, message]) => ({ timestamp: now.getTime() - ago * 1000, message })) }));
}

async function logs(demo: DemoStage, words: Partial<LogsWords> = {}) {
    const context = testContext({ folder: demo.folder, clock: new FakeClock(now.toISOString()) });
    const written: string[] = [];
    const code = await demo.here(() => logsCommand("dev", { since: 600, ...words }, context, line => Promise.resolve(written.push(line) > 0)));
    return { code, written, told: context.told };
}

const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000).toISOString();

describe("./gapless logs", () => {
    it("prints time, instance and line of the last ten minutes", async () => {
        await using demo = await DemoStage.open();
        await write(demo, "i-1/0123456789ab", [700, "too old"], [60, "one"]);
        await write(demo, "i-2/0123456789ab", [40, "two"]);
        assert.deepEqual(await logs(demo), { code: 0, told: [], written: [`${ago(60)} i-1 one`, `${ago(40)} i-2 two`] });
    });

    // Of one instance: tests/release/aws/logs.test.ts, since moto looks at no prefix of streams.
    it("prints an object a line for machines, with a text", async () => {
        await using demo = await DemoStage.open();
        await write(demo, "i-1/0123456789ab", [60, "GET /slow 200"], [20, "GET / 500"]);
        const { code, written } = await logs(demo, { json: true, filter: "/ 500" });
        assert.equal(code, 0);
        assert.deepEqual(written.map(line => JSON.parse(line) as unknown), [{ time: ago(20), instanceId: "i-1", version: "0123456789ab", text: "GET / 500" }]);
    });

    it("says that there is no line, and how to see more", async () => {
        await using demo = await DemoStage.open();
        assert.deepEqual(await logs(demo, { instance: "i-9", filter: "a" }), {
            code: 0, written: [], told: [`No line since ${ago(600)} of i-9 with "a" in /gapless/gapless-dev. Take a longer --since, or see ./gapless status dev.`],
        });
    });

    it("fails when the log group is gone", async () => {
        await using demo = await DemoStage.open();
        await new CloudWatchLogsClient(demo.access).send(new DeleteLogGroupCommand({ logGroupName: demo.stage.logGroup }));
        await assert.rejects(logs(demo), { name: "DeliveryError", kind: "failed", message: /^There is no log group \/gapless\/gapless-dev\./ });
    });

    it("ends quietly with 130 at Ctrl-C, having followed", async () => {
        await using demo = await DemoStage.open();
        await write(demo, "i-1/0123456789ab", [10, "one"]);
        const context = testContext({ folder: demo.folder, clock: new FakeClock(now.toISOString()) });
        context.clock.meanwhile(waits => { if (waits === 2) context.interrupt(); });
        const written: string[] = [];
        const code = await demo.here(() => logsCommand("dev", { since: 600, follow: true }, context, line => Promise.resolve(written.push(line) > 0)));
        assert.deepEqual([code, written, context.told], [130, [`${ago(10)} i-1 one`], []]);
    });

    it("ends when nobody reads any more", async () => {
        await using demo = await DemoStage.open();
        await write(demo, "i-1/0123456789ab", [60, "one"], [20, "two"]);
        const context = testContext({ folder: demo.folder, clock: new FakeClock(now.toISOString()) });
        const written: string[] = [];
        const code = await demo.here(() => logsCommand("dev", { since: 600, follow: true }, context, line => Promise.resolve(written.push(line) === 0)));
        assert.deepEqual([code, written.length], [0, 1]);
    });
});
