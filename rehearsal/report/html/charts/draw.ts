import { BarChart, CustomChart, LineChart } from "echarts/charts";
import { DataZoomComponent, GridComponent, MarkAreaComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import { connect, init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import type { Report } from "../../report-schema";
import type { Chart } from "./chart";
import { chartsOf } from "./charts";
import { dark, light } from "./palette";

use([BarChart, CustomChart, LineChart, DataZoomComponent, GridComponent, MarkAreaComponent, MarkLineComponent, TooltipComponent, SVGRenderer]);

const group = "report";
/** As much as fits on A4 and on letter; a browser prints what was drawn before it knew the paper. */
const paperPx = 700;
const [inTheDark, onPaper] = [matchMedia("(prefers-color-scheme: dark)"), matchMedia("print")];

const report = JSON.parse(document.getElementById("report")?.textContent ?? "") as Report;
for (const chart of chartsOf(report, matchMedia("(max-width: 640px)").matches)) draw(chart);
connect(group);

function draw(chart: Chart): void {
    const element = document.getElementById(chart.id);
    if (element === null) throw new Error(`The page has no place for the chart ${chart.id}.`);
    const drawn = init(element, undefined, { renderer: "svg" });
    drawn.group = group;
    const fit = (): void => { drawn.resize({ width: onPaper.matches ? paperPx : "auto" }); };
    const paint = (): void => {
        fit();
        drawn.setOption(chart.option(inTheDark.matches && !onPaper.matches ? dark : light), { notMerge: true });
    };
    paint();
    for (const medium of [inTheDark, onPaper]) medium.addEventListener("change", paint);
    new ResizeObserver(fit).observe(element);
}
