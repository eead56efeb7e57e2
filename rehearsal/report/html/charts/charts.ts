import type { Report } from "../../report-schema";
import type { Chart } from "./chart";
import { instancesChart, stepsChart } from "./lanes-chart";
import { latencyChart } from "./latency-chart";
import { requestsChart } from "./requests-chart";
import { spanOf } from "./span";
import { weightsChart } from "./weights-chart";

/** The charts of a report from top to bottom, over one time; with fewer words on a phone. */
export function chartsOf(report: Report, phone = false): readonly Chart[] {
    const span = spanOf(report, phone);
    return [
        requestsChart(report, span),
        ...(report.strategy === "blueGreen" ? [weightsChart(report, span)] : []),
        latencyChart(report, span),
        ...(report.strategy === "blueGreen" ? [stepsChart(report, span)] : []),
        instancesChart(report, span),
    ];
}
