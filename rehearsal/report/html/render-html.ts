import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Report } from "../report-schema";
import { bundleCharts } from "./bundle-charts";
import { embedJson, html, Markup } from "./markup";
import { adviceSection } from "./sections/advice";
import { chartsSection } from "./sections/charts";
import { failuresSection } from "./sections/failures";
import { forecastSection } from "./sections/forecast";
import { headSection } from "./sections/head";
import { reproduceSection } from "./sections/reproduce";
import { settingsSection } from "./sections/settings";
import { stopsSection } from "./sections/stops";

/** The report as one page that needs nothing beside itself: it is read from a file, without a network, and sent to others. */
export async function renderHtml(report: Report): Promise<string> {
    const [script, style] = await Promise.all([bundleCharts(), readFile(join(import.meta.dirname, "style.css"), "utf8")]);
    return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:">
<title>${titles[report.verdict]}: ${report.stage}, ${report.versions.after}</title>
<link rel="icon" href="data:,">
<style>${new Markup(style)}</style>
</head>
<body>
<main>
${headSection(report)}
${chartsSection(report)}
${failuresSection(report)}
${adviceSection(report)}
${stopsSection(report)}
${forecastSection(report)}
${settingsSection(report)}
${reproduceSection(report)}
</main>
<footer>Made by <code>./gapless rehearse</code>. Charts by Apache ECharts.</footer>
<script type="application/json" id="report">${embedJson(report)}</script>
<script>${new Markup(script)}</script>
</body>
</html>
`.text;
}

const titles = { passed: "Passed", failed: "Failed", rolledBack: "Rolled back" } as const;
