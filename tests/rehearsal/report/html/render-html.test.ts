import assert from "node:assert/strict";
import { renderHtml } from "../../../../rehearsal/report/html/render-html";
import { makeReport, type Report } from "../../../../rehearsal/report/report";
import { goodRehearsal } from "../material";
import { largeColours, largeColoursBack, largeFailing, largeGood, largeRolledBack } from "./large-material";

/** The words of a page, without its scripts and styles, in one line. */
async function wordsOf(report: Report): Promise<string> {
    const text = await renderHtml(report);
    return text.replace(/<(script|style)[\s\S]*?<\/\1>/g, "").replace(/<[^>]*>/g, " ").replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code))).replace(/\s+/g, " ");
}

describe("The page of a report", () => {
    it("asks for nothing from elsewhere", async () => {
        const text = (await renderHtml(largeGood())).replace(/<script>[\s\S]*?<\/script>/, "");
        assert.deepEqual(text.match(/\b(src|href)=("(?!data:,")|[^"])[^ >]*/g) ?? [], []);
        assert.match(text, /content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:"/);
    });

    it("has the report in it, whatever a service has written", async () => {
        const report = largeRolledBack();
        const text = await renderHtml(report);
        const [, json = ""] = /<script type="application\/json" id="report">([\s\S]*?)<\/script>/.exec(text) ?? [];
        assert.deepEqual(JSON.parse(json), report);
        assert.ok(!text.includes("<b>GET / answered 500</b>"), "it took a service's words for its own");
    });

    it("tells the verdict and the figures that it rests on", async () => {
        const words = await wordsOf(makeReport(goodRehearsal()));
        assert.match(words, /Passed Version v2 replaced version v1 on 4 instances in 2 waves: 0 of 300 requests failed\. Stage dev · rolling · 4 instances · v1 → v2/);
        assert.match(words, /Requests 300 10 per second.* Failed 0 .*Longest gap 100 ms .*p99 of fast requests 10\.0 ms during, 10\.0 ms before Rollout 10\.0 s 14\.0 s forecast Over lower bound/);
    });

    it("divides the rollout by what it takes at the least", async () => {
        const report = makeReport(goodRehearsal());
        assert.match(await wordsOf({ ...report, lowerBoundSeconds: 8 }), /Over lower bound 1\.25× 8\.0 s at the least/);
    });

    it("compares a way back with no forecast", async () => {
        const words = await wordsOf(largeRolledBack());
        assert.match(words, /Rolled back Version v2 was rolled back .*Rollout 15\.0 s until all was back What happened/);
        assert.match(words, /the whole rollout 14\.0 s it went back/);
    });

    it("tells what failed, and how much more", async () => {
        const report = largeFailing();
        const words = await wordsOf(report);
        assert.match(words, /What failed Requests Cause Instance Version What ran First \d+ requests ECONN/);
        const others = report.failures.slice(12).reduce((sum, { count }) => sum + count, 0);
        assert.ok(others > 0 && words.includes(`And ${others} more, at other events.`), words);
    });

    it("names three of the events that ran, and counts the others", async () => {
        const report = makeReport(goodRehearsal());
        const failure = { count: 1, cause: "503", phase: "during" as const, running: ["a A", "b B", "c C", "d D", "e E"], firstMs: 1000, lastMs: 1000 };
        assert.match(await wordsOf({ ...report, failures: [failure] }), /503 – – a A, b B, c C and 2 more at 1\.0 s/);
    });

    it("says nothing of failures, advice and stops where there are none", async () => {
        const words = await wordsOf({ ...largeGood(), advice: [], stops: [] });
        assert.doesNotMatch(words, /What failed|What to do|How containers stopped/);
    });

    it("tells what to do, and how containers took their stop", async () => {
        const words = await wordsOf({
            ...largeGood(),
            advice: [{ requests: 14, what: "Your process exits at once on SIGTERM.", fix: "Finish what is open." }, { requests: 0, what: "Draining is short.", fix: "Make it longer." }],
            stops: [
                { instance: "i-1", version: "v1", atMs: 12_000, seconds: 0.4, exitCode: 0, manner: "graceful" },
                { instance: "i-2", atMs: 12_500, seconds: 0.01, exitCode: 143, manner: "atOnce" },
            ],
        });
        assert.match(words, /What to do Your process exits at once on SIGTERM\. Finish what is open\. Draining is short\. Make it longer\./);
        assert.match(words, /i-1 v1 at 12\.0 s 0\.4 s 0 finished what it had, then ended i-2 – at 12\.5 s 0\.010 s 143 ended at once/);
    });

    it("sets what was measured between the forecasts for here and for AWS", async () => {
        const words = await wordsOf({ ...largeGood(), phases: [{ name: "drain", forecastSeconds: 2, measuredSeconds: 2.1, onAwsSeconds: 25 }, { name: "pull", forecastSeconds: 0.5, measuredSeconds: null, onAwsSeconds: 130 }] });
        assert.match(words, /draining 2\.0 s 2\.1 s 25\.0 s pulling the image 0\.5 s – 2 min 10 s the whole rollout 14\.0 s 10\.0 s 2 min 5 s/);
        assert.match(words, /What the service waits for ran at 0\.1 of the time/);
    });

    it("calls the steps of a roll by their own names", async () => {
        const words = await wordsOf(largeColours());
        assert.match(words, /Steps of the roll\. .* install \d.* bake 50 % 3\.0 s 3\.0 s 30\.0 s .* flip back – 0\.004 s – the whole rollout 6\.6 s 6\.0 s/);
        assert.match(await wordsOf(largeColoursBack()), /Steps of the roll, as far as it came\..* bake 50 %: failed 3\.0 s 2\.0 s 30\.0 s restore \(way back\) – 0\.004 s – shrink \(way back\)/);
    });

    it("says that an image is pulled ahead where that costs a wave no time", async () => {
        assert.match(await wordsOf(largeGood()), /pulling the image 0\.5 s \S+ s 0\.0 s \(pulled ahead\)/);
    });

    it("measures of a rollout that went back what its instances came through", async () => {
        assert.match(await wordsOf(largeRolledBack()), /draining 2\.0 s 1\.6 s .*health checks of the load balancer 1\.5 s – /);
    });

    it("tells the settings as on AWS and here, and how to do it again", async () => {
        const words = await wordsOf(largeGood());
        assert.match(words, /Settings of dev Setting On AWS Here draining 20 s 2 s/);
        assert.match(words, /health check every 5 s 0\.5 s health check waits 3 s 0\.45 s/);
        assert.match(words, /Do it again \.\/gapless rehearse dev --seed 7/);
    });

    it("tells what the negative control has switched off here, while the stage has it", async () => {
        const report = largeGood();
        const words = await wordsOf({ ...report, settings: { ...report.settings, here: { ...report.settings.here, drainMs: 0 } } });
        assert.match(words, /draining 20 s off \(--without-draining\)/);
        assert.match(words, /traffic control yes off \(--without-draining\)/);
        assert.match(await wordsOf(report), /traffic control yes the same/);
    });
});
