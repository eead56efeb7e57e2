import { eventGapSeconds } from "../../../../release/rollout";
import type { Report } from "../../report-schema";
import { setting } from "../figures";
import { html, type Markup } from "../markup";
import { table } from "../table";

/** In the negative control. */
const off = "off (--without-draining)";

/** What the rehearsal ran with: as the stage has it on AWS, and what it was here. */
export function settingsSection({ settings, stage, strategy }: Report): Markup {
    const { healthCheck, here } = settings;
    const milliseconds = (value: number): string => setting(value / 1000);
    const control = settings.drainSeconds > 0 && here.drainMs === 0;
    const rows = [
        ["draining", setting(settings.drainSeconds), control ? off : milliseconds(here.drainMs)],
        ["grace before a container is killed", setting(settings.stopGraceSeconds), "the same"],
        ["idle time-out of the load balancer", setting(settings.idleTimeoutSeconds), "–"],
        ["longest request", setting(settings.longestRequestSeconds), "–"],
        ["health check", html`<code>${healthCheck.path}</code> answers ${healthCheck.matcher}`, "the same"],
        ["health check every", setting(healthCheck.intervalSeconds), milliseconds(here.healthIntervalMs)],
        ["health check waits", setting(healthCheck.timeoutSeconds), milliseconds(here.healthTimeoutMs)],
        ["checks until healthy, until unhealthy", `${healthCheck.healthyThreshold}, ${healthCheck.unhealthyThreshold}`, "the same"],
        ["gap between lifecycle events", `about ${setting(eventGapSeconds)}`, milliseconds(here.eventGapMs)],
        ["minimum healthy hosts", settings.minimumHealthyHosts, "the same"],
        ["traffic control", settings.trafficControl ? "yes" : "no", control && settings.trafficControl && strategy === "rolling" ? off : "the same"],
        ["rolled back on failure", settings.rollBackOnFailure ? "yes" : "no", "the same"],
    ];
    return html`<section><h2>Settings of ${stage}</h2>
${table([{ title: "Setting" }, { title: "On AWS" }, { title: "Here" }], rows)}
</section>`;
}
