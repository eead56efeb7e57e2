import { ms } from "../../figures";
import type { Report } from "../../report-schema";
import { html, type Markup } from "../markup";

/** The command that repeats it, and how good a measure the load was. */
export function reproduceSection({ reproduce, seed, loadGenerator: { lagP99Ms } }: Report): Markup {
    return html`<section><h2>Do it again</h2>
<pre><code>${reproduce}</code></pre>
<p class="note">The seed ${seed} chooses the same slow requests. The load was sent ${ms(lagP99Ms)} late at most (p99); latency counts from when a request was due.</p>
</section>`;
}
