import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { renderHtml } from "../../../../rehearsal/report/html/render-html";
import { readReport } from "../../../../rehearsal/report/read-report";
import { startBrowser } from "./browser";
import { lookAt } from "./look-at-page";

// Takes README's pictures of a report.json that ./gapless rehearse has left:
//     node --import tsx tests/rehearsal/report/html/take-screenshots.ts [REPORT.JSON [FOLDER]]
// The typeface that the page asks for first is in Debian's package fonts-inter.
const [file = ".gapless/rehearsal/report.json", into = "docs/images"] = process.argv.slice(2);

await using started = await startBrowser();
const page = join(started.folder, "report.html");
await writeFile(page, await renderHtml(await readReport(file)));
for (const scheme of ["light", "dark"] as const) {
    await using looked = await lookAt(started.browser, pathToFileURL(page).href, { widthPx: 1120, scheme });
    const charts = await (await looked.page.$(".charts"))?.boundingBox();
    const height = Math.ceil((charts?.y ?? 0) + (charts?.height ?? 900) + 20);
    await looked.page.screenshot({ path: join(into, `report-${scheme}.png`), clip: { x: 0, y: 0, width: 1120, height }, captureBeyondViewport: true });
}
