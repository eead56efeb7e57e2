import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { instanceBars } from "../../../../rehearsal/report/html/charts/lanes";
import { dark, type Kind, light } from "../../../../rehearsal/report/html/charts/palette";
import { spanOf } from "../../../../rehearsal/report/html/charts/span";
import { renderHtml } from "../../../../rehearsal/report/html/render-html";
import type { Report } from "../../../../rehearsal/report/report";
import { type Started, startBrowser } from "./browser";
import { largeColours, largeColoursBack, largeFailing, largeGood, largeRolledBack } from "./large-material";
import { countFilled, type Eyes, lookAt, overflowing } from "./look-at-page";

const wide: Eyes = { widthPx: 1200, scheme: "light" };
const phone: Eyes = { widthPx: 375, scheme: "light" };

// No Docker, but a browser that has to be installed: among the slow tests for that.
describe("The page of a report in a browser", function () {
    this.timeout(120_000);
    let started: Started;
    before(async () => { started = await startBrowser(); });
    after(() => started[Symbol.asyncDispose]());

    async function open(text: string, eyes: Eyes) {
        const file = join(started.folder, "report.html");
        await writeFile(file, text);
        return lookAt(started.browser, pathToFileURL(file).href, eyes);
    }

    for (const [what, make] of [
        ["good", largeGood], ["failing", largeFailing], ["rolled back", largeRolledBack], ["blue/green", largeColours], ["blue/green that went back", largeColoursBack],
    ] as const) {
        it(`shows a ${what} rehearsal without an error or a request, with its verdict and all its bars, and fits a phone`, async () => {
            const report = make();
            const text = await renderHtml(report);
            {
                await using looked = await open(text, wide);
                assert.deepEqual(looked.trouble, { errors: [], requests: [] });
                assert.equal(await looked.page.$eval("h1", title => title.checkVisibility() && title.textContent), report.reason);
                for (const [kind, count] of barsByKind(report)) {
                    assert.equal(await countFilled(looked.page, "instances", kind === "failed" ? light.failed : light.kinds[kind].fill), count, kind);
                }
                assert.equal(await countFilled(looked.page, "requests", light.failed), report.seconds.filter(({ failed }) => failed > 0).length);
                assert.equal((await looked.page.$$(".chart svg")).length, report.strategy === "rolling" ? 3 : 5);
            }
            await using small = await open(text, phone);
            assert.deepEqual(small.trouble, { errors: [], requests: [] });
            assert.deepEqual(await overflowing(small.page), []);
        });
    }

    it("has colours of its own in the dark, and those of the day on paper, whatever the screen has", async () => {
        const text = await renderHtml(largeFailing());
        const looks = [];
        for (const eyes of [wide, { ...wide, scheme: "dark" }, { ...wide, scheme: "dark", print: true }] as const) {
            await using looked = await open(text, eyes);
            const { page } = looked;
            looks.push({
                page: await page.$eval("body", body => getComputedStyle(body).backgroundColor),
                day: await countFilled(page, "requests", light.blue) > 0, night: await countFilled(page, "requests", dark.blue) > 0,
            });
        }
        assert.deepEqual(looks, [
            { page: "rgb(244, 246, 249)", day: true, night: false }, { page: "rgb(15, 19, 25)", day: false, night: true },
            { page: "rgb(255, 255, 255)", day: true, night: false },
        ]);
    });

    it("is painted anew when the evening comes while it is open, and for a printer", async () => {
        await using looked = await open(await renderHtml(largeGood()), wide);
        const { page } = looked;
        await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "dark" }]);
        await page.waitForSelector(`#requests svg path[fill="${dark.blue}"]`);
        await page.emulateMediaType("print");
        await page.waitForSelector(`#requests svg path[fill="${light.blue}"]`);
        await page.setViewport({ width: 718, height: 900 });
        assert.deepEqual(await overflowing(page), []);
        assert.ok((await page.pdf({ format: "a4" })).length > 10_000);
        assert.deepEqual(looked.trouble, { errors: [], requests: [] });
    });

    it("narrows the time of all charts when that of one is narrowed", async () => {
        await using looked = await open(await renderHtml(largeColours()), wide);
        const { page } = looked;
        const last = (chart: string) => page.$$eval(`#${chart} svg text`, texts => texts.map(({ textContent }) => textContent).filter(text => / s$/.test(text)).at(-1));
        const before = await Promise.all(["latency", "steps", "instances"].map(last));
        const box = await (await page.$("#requests"))?.boundingBox();
        assert.ok(box);
        await page.keyboard.down("Control");
        await page.mouse.move(box.x + box.width / 3, box.y + box.height / 2);
        await page.mouse.wheel({ deltaY: -400 });
        await page.keyboard.up("Control");
        await page.waitForFunction(was => [...document.querySelectorAll("#instances svg text")].every(text => text.textContent !== was), {}, before[2]);
        for (const [at, chart] of ["latency", "steps", "instances"].entries()) assert.notEqual(await last(chart), before[at], chart);
    });

    it("names a failed step beside its bar where that is too narrow", async () => {
        await using looked = await open(await renderHtml(largeColoursBack()), phone);
        const words = await looked.page.$$eval("#steps svg text", texts => texts.map(({ textContent }) => textContent));
        assert.ok(words.includes("✕ bake 50 %"), words.join(", "));
    });

    it("tells of an event what it is on AWS", async () => {
        await using looked = await open(await renderHtml(largeGood()), wide);
        const { page } = looked;
        await (await page.$(`#instances svg path[fill="${light.kinds.start.fill}"]`))?.hover();
        await page.waitForFunction(() => document.querySelector("#instances")?.textContent.includes("lifecycle event 9 of 13"));
    });

    // Controls: each of them is a page that the checks above must not let pass.
    for (const [what, body, seen] of [
        ["an image from elsewhere", '<img src="http://192.0.2.1/logo.png">', ({ trouble }: Seen) => trouble.requests.length > 0],
        ["a script that fails", "<script>throw new Error('broken')</script>", ({ trouble }: Seen) => trouble.errors.some(text => text.includes("broken"))],
        ["a complaint", "<script>console.error('bad')</script>", ({ trouble }: Seen) => trouble.errors.includes("bad")],
        ["something too wide", '<div style="width: 500px">wide</div>', ({ wideOnes }: Seen) => wideOnes.length > 0],
    ] as const) {
        it(`is found out with ${what}`, async () => {
            await using looked = await open(`<!doctype html><body>${body}`, phone);
            assert.ok(seen({ trouble: looked.trouble, wideOnes: await overflowing(looked.page) }));
        });
    }

    it("lets nothing in from elsewhere, even when something asks for it", async () => {
        const text = (await renderHtml(largeGood())).replace("<main>", '<main><img src="http://192.0.2.1/logo.png">');
        await using looked = await open(text, wide);
        assert.match(looked.trouble.errors.join("\n"), /Content Security Policy/);
    });
});

interface Seen {
    readonly trouble: { readonly errors: readonly string[]; readonly requests: readonly string[] };
    readonly wideOnes: readonly string[];
}

function barsByKind(report: Report): ReadonlyMap<Kind | "failed", number> {
    const counts = new Map<Kind | "failed", number>();
    for (const { kind, problem } of instanceBars(report, spanOf(report))) {
        const key = problem === undefined ? kind : "failed";
        counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    return counts;
}
