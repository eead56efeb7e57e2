import { whole } from "../../figures";
import { otherFailures } from "../../other-failures";
import type { Report } from "../../report-schema";
import { seconds } from "../figures";
import { html, type Markup } from "../markup";
import { table } from "../table";

const mostRows = 12;
const mostEvents = 3;

/** What failed, by kind, and what ran then. */
export function failuresSection({ failures, seconds: [first] }: Report): Markup | undefined {
    if (failures.length === 0) return undefined;
    const startMs = first?.atMs ?? 0;
    const rows = failures.slice(0, mostRows).map(({ count, cause, instance, version, running, phase, firstMs }) => [
        html`${whole(count)}<span class="unit"> ${count === 1 ? "request" : "requests"}</span>`, html`<code>${cause}</code>`, instance ?? "–", version ?? "–",
        running.length === 0 ? `no lifecycle event (${phase})` : shorten(running), `at ${seconds((firstMs - startMs) / 1000)}`,
    ]);
    const others = otherFailures(failures, mostRows);
    return html`<section><h2>What failed</h2>
${table([{ title: "Requests", number: true }, { title: "Cause" }, { title: "Instance" }, { title: "Version" }, { title: "What ran" }, { title: "First" }], rows)}
${others === undefined ? undefined : html`<p class="note">And ${others}.</p>`}
</section>`;
}

function shorten(running: readonly string[]): string {
    const more = running.length - mostEvents;
    return `${running.slice(0, mostEvents).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
