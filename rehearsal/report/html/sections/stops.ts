import type { Report } from "../../report-schema";
import { seconds } from "../figures";
import { html, type Markup } from "../markup";
import { table } from "../table";

const manners = {
    graceful: "finished what it had, then ended",
    atOnce: "ended at once",
    killed: "killed when its time was over",
} as const;

/** How each container of the service took its SIGTERM. */
export function stopsSection({ stops, seconds: [first] }: Report): Markup | undefined {
    if (stops.length === 0) return undefined;
    const startMs = first?.atMs ?? 0;
    const rows = stops.map(({ instance, version, atMs, seconds: took, exitCode, manner }) => [
        instance, version ?? "–", `at ${seconds((atMs - startMs) / 1000)}`, seconds(took), exitCode,
        manner === "graceful" ? manners[manner] : html`<strong>${manners[manner]}</strong>`,
    ]);
    return html`<section><h2>How containers stopped</h2>
${table([{ title: "Instance" }, { title: "Version" }, { title: "Stopped" }, { title: "Took", number: true }, { title: "Exit code", number: true }, { title: "Manner" }], rows)}
</section>`;
}
