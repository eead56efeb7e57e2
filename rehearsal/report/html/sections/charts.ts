import type { Report } from "../../report-schema";
import type { Chart } from "../charts/chart";
import { chartsOf } from "../charts/charts";
import { dark, light } from "../charts/palette";
import { html, type Markup } from "../markup";

/** Places and words of the charts; a script draws them. */
export function chartsSection(report: Report): Markup {
    return html`<section class="charts"><h2>What happened</h2>
<p class="note">Seconds from the start of the load, the same in every chart. Drag the handles<span class="wheel">, or hold Ctrl and turn the wheel,</span> to look closer.</p>
<noscript><p>The charts need JavaScript; all figures are in the tables below.</p></noscript>
${chartsOf(report).map(figure)}
</section>`;
}

function figure({ id, title, description, heightPx, legend }: Chart): Markup {
    const night = legend(dark);
    return html`<figure>
<figcaption><h3>${title}</h3>
<ul class="legend">${legend(light).map(({ text, colour, striped }, at) => html`
<li><i${striped ? html` class="striped"` : undefined} style="--day: ${colour}; --night: ${night[at]?.colour}"></i>${text}</li>`)}
</ul></figcaption>
<div class="scroll"><div class="chart" id="${id}" role="img" aria-label="${description}" style="height: ${heightPx}px"></div></div>
</figure>`;
}
