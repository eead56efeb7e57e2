import assert from "node:assert/strict";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { type LogLine, type LogQuestion, patternFor, readLogs } from "../../../release/aws/logs";
import { testContext, type TestContext } from "../../support/aws/command-context";
import { LogDouble } from "../../support/aws/log-double";

const begin = Date.parse("2026-01-01T00:00:00Z");
const at = (seconds: number) => new Date(begin + seconds * 1000);
const line = (stream: string, seconds: number, message: string) => ({ stream, at: at(seconds), message });

/** Reads until the log's end, or until so many lines were read. */
async function read(double: LogDouble, question: Partial<LogQuestion> = {}, context: TestContext = testContext(), atMost = Infinity): Promise<string[]> {
    const lines: string[] = [];
    const asked = { logGroup: "web", since: at(0), follow: false, ...question };
    for await (const { text } of readLogs(new CloudWatchLogsClient(double.access), asked, context)) {
        lines.push(text);
        if (lines.length >= atMost) break;
    }
    return lines;
}

describe("the logs of a stage", () => {
    it("are read over all pages, each line with its time, instance and release", async () => {
        await using double = await LogDouble.start({ pageSize: 2 });
        double.write(line("i-1/v1", 1, "one\n"), line("i-2/v1", 2, "two"), line("boot", 3, "three"));
        const lines: LogLine[] = [];
        for await (const each of readLogs(new CloudWatchLogsClient(double.access), { logGroup: "web", since: at(0), follow: false }, testContext())) lines.push(each);
        assert.deepEqual(lines, [
            { time: at(1), instanceId: "i-1", version: "v1", text: "one" },
            { time: at(2), instanceId: "i-2", version: "v1", text: "two" },
            { time: at(3), instanceId: "boot", version: undefined, text: "three" },
        ]);
        assert.deepEqual(double.inputsOf("FilterLogEvents"), [{ logGroupName: "web", startTime: begin }, { logGroupName: "web", startTime: begin, nextToken: "events#2" }]);
    });

    it("are those of one instance and not of one whose name begins alike", async () => {
        await using double = await LogDouble.start();
        double.write(line("i-1/v1", 1, "mine"), line("i-11/v1", 2, "not mine"));
        assert.deepEqual(await read(double, { instanceId: "i-1" }), ["mine"]);
    });

    it("are those with the very text, whatever its characters mean to CloudWatch", async () => {
        await using double = await LogDouble.start();
        double.write(line("i-1/v", 1, 'GET "/a b" 500'), line("i-1/v", 2, "GET /a b 500"), line("i-1/v", 3, "nothing"));
        assert.deepEqual(await read(double, { containing: '"/a b" 500' }), ['GET "/a b" 500']);
        assert.deepEqual((double.inputsOf("FilterLogEvents")[0] as { filterPattern: string }).filterPattern, "%500%");
    });

    it("ask CloudWatch for the longest plain part of a text, or for all", () => {
        assert.equal(patternFor("user=ann"), "%user=ann%");
        assert.equal(patternFor("no (long) way-out!"), "%way-out%");
        assert.equal(patternFor("ü?*"), undefined);
        assert.equal(patternFor(""), undefined);
    });

    it("are followed at a measured pace, soon again after a line", async () => {
        await using double = await LogDouble.start();
        const context = testContext();
        double.write(line("i-1/v", 0, "first"));
        context.clock.meanwhile(waits => { if (waits === 5) double.write(line("i-1/v", 20, "second")); });
        context.clock.meanwhile(waits => { if (waits === 7) context.interrupt(); });
        await assert.rejects(read(double, { follow: true }, context), { name: "AbortError" });
        assert.deepEqual(context.clock.waits, [2, 3, 4.5, 6.75, 10, 2, 3]);
        assert.deepEqual(context.told, []);
    });

    it("hold each line once, also those that come late with an earlier time", async () => {
        await using double = await LogDouble.start({ pageSize: 1 });
        const context = testContext();
        double.write(line("i-1/v", 0, "a"), line("i-1/v", 100, "c"));
        context.clock.pass(100);
        context.clock.meanwhile(waits => { if (waits === 1) double.write(line("i-2/v", 41, "b"), line("i-1/v", 101, "d")); });
        assert.deepEqual(await read(double, { follow: true }, context, 4), ["a", "c", "b", "d"]);
    });

    it("go on after the network was cut in the middle of a page, losing and repeating nothing", async () => {
        await using double = await LogDouble.start({ pageSize: 1 });
        const context = testContext();
        double.write(line("i-1/v", 1, "a"), line("i-1/v", 2, "b"), line("i-1/v", 3, "c"));
        const lines: string[] = [];
        for await (const { text } of readLogs(new CloudWatchLogsClient(double.access), { logGroup: "web", since: at(0), follow: true }, context)) {
            lines.push(text);
            if (lines.length === 1) double.faults.drop(2);
            if (lines.length === 3) break;
        }
        assert.deepEqual(lines, ["a", "b", "c"]);
        assert.equal(context.told.length, 2);
        assert.match(context.told[0] ?? "", /^warning: AWS cannot be asked now, and is asked again for 10 minutes/);
    });

    it("end with what goes on when AWS does not answer for ten minutes", async () => {
        await using double = await LogDouble.start();
        double.faults.throttle(Infinity);
        await assert.rejects(read(double, { follow: true }), {
            name: "DeliveryError",
            message: "AWS could not be asked for 10 minutes, last: ThrottlingException: Rate exceeded. The service goes on writing; the same command shows what it wrote.",
        });
    });

    it("end at once when the caller may not read them", async () => {
        await using double = await LogDouble.start();
        double.faults.deny("FilterLogEvents");
        const context = testContext();
        await assert.rejects(read(double, { follow: true }, context), /^DeliveryError: .*FilterLogEvents/);
        assert.deepEqual(context.clock.waits, []);
    });

    it("say when their log group is gone", async () => {
        await using double = await LogDouble.start();
        await assert.rejects(read(double, { logGroup: "gone" }), {
            name: "DeliveryError", kind: "failed", message: "There is no log group gone. Somebody has removed it; ./gapless refresh STACK and ./gapless up STACK make it again.",
        });
    });
});
