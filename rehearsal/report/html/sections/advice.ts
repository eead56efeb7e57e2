import type { Report } from "../../report-schema";
import { html, type Markup } from "../markup";

/** What cost requests, or would on AWS, and what to do. */
export function adviceSection({ advice }: Report): Markup | undefined {
    if (advice.length === 0) return undefined;
    return html`<section><h2>What to do</h2>
<ul class="advice">${advice.map(({ what, fix }) => html`
<li>${what}<p>${fix}</p></li>`)}
</ul></section>`;
}
