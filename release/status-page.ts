import { colourLines, rollLine } from "./colour-page";
import type { Colours } from "./colour-status";
import { describeHolder } from "./lock";
import { isWayBack } from "./rollback-depth";
import { type InstanceStatus, type OnItsWay, partNames, type Serving, type Status } from "./status";
import { inSeconds } from "./time-text";

const column = 11;
const unknown = "unknown";

/** A status for a person: one line a thing, what is wrong at the end, each with the command to type. */
export function renderStatus(status: Status, now: Date): string {
    const { stack, region, url, instances, alarms, problems, unknown: untold } = status;
    return [
        `${stack} in ${region}, ${url}`,
        "",
        line("serves", status.colours && isSplit(status.colours) ? "no colour alone: see below" : servingLine(status.serves, now)),
        line("instances", healthLine(status)),
        ...instances.map(instance => line("", instanceLine(instance))),
        ...(status.colours ? colourLines(status.colours).map((text, n) => line(n === 0 ? "colours" : "", text)) : []),
        ...wayLines(status, now).map((text, n) => line(n === 0 ? "on its way" : "", text)),
        line("lock", lockLine(status, now)),
        line("alarms", alarms.length > 0 ? alarmNames(status) : wasTold(untold, partNames.alarms) ? "none fires" : unknown),
        line("way back", rollbackLine(status)),
        ...section("not as it should be", problems.map(({ what, next }) => (next === undefined ? what : `${what}\n      ${next}`))),
        ...section("unknown", untold.map(({ part, reason }) => `${part}: ${reason}`)),
    ].join("\n");
}

function line(title: string, text: string): string {
    return `${title.padEnd(column)} ${text}`.trimEnd();
}

function section(title: string, lines: readonly string[]): readonly string[] {
    return lines.length === 0 ? [] : ["", `${title}:`, ...lines.map(text => `    ${text}`)];
}

/** With two colours, whose they are. */
function alarmNames({ alarms, colours }: Status): string {
    return alarms.map(alarm => {
        const owner = colours?.colours.find(one => one.alarms.includes(alarm));
        return owner ? `${alarm} (${owner.colour})` : alarm;
    }).join(", ");
}

/** Both get requests, and no roll is known of. */
function isSplit({ colours }: Colours): boolean {
    return colours.every(({ role }) => role === undefined);
}

function wasTold(untold: Status["unknown"], part: string): boolean {
    return untold.every(one => one.part !== part);
}

function servingLine(serves: Status["serves"], now: Date): string {
    if (serves === undefined) return unknown;
    if (serves === null) return "nothing yet";
    const { version, commit, who, since, insteadOf, deploymentId } = serves;
    return [
        version === undefined ? `a release that nothing names, by deployment ${deploymentId}` : `release ${version}${numberOf(serves)}`,
        commit && `commit ${commit.slice(0, 12)}`,
        who && `by ${who}`,
        since && `since ${inSeconds(since)} (${ago(since, now)})`,
        insteadOf && `CodeDeploy went back to it from ${insteadOf}`,
    ].filter(Boolean).join(", ");
}

function numberOf({ n }: Serving): string {
    return n === undefined ? "" : ` (number ${n})`;
}

function healthLine({ instances, desired }: Status): string {
    if (instances.length === 0) return desired === undefined ? unknown : `none of ${desired}`;
    if (instances.every(({ health }) => health === undefined)) return `${instances.length}, their health is unknown`;
    const healthy = instances.filter(({ health }) => health === "healthy");
    const zones = [...new Set(instances.flatMap(({ zone }) => zone ?? []))].sort();
    const byZone = zones.map(zone => `${healthy.filter(one => one.zone === zone).length} of ${instances.filter(one => one.zone === zone).length} in ${zone}`);
    return `${healthy.length} of ${desired ?? instances.length} healthy${byZone.length > 0 ? `: ${byZone.join(", ")}` : ""}`;
}

const healthWords: Readonly<Record<string, string>> = {
    healthy: "healthy",
    initial: "starting: the load balancer has not asked it often enough yet",
    unhealthy: "unhealthy",
    draining: "leaving: it answers its open requests",
    unused: "not asked: its zone or its target group gets no traffic",
    unavailable: "unknown to the load balancer's health checks",
    absent: "not in the load balancer's target group",
};

function instanceLine({ id, zone, health, detail, lifecycle, outdated }: InstanceStatus): string {
    const words = health === undefined ? "health unknown" : healthWords[health] ?? health;
    return [
        [id, zone].filter(Boolean).join(" "),
        health === "unhealthy" && detail !== undefined ? `${words}: ${detail}` : words,
        lifecycle !== undefined && lifecycle !== "InService" && `${lifecycle} in Auto Scaling`,
        outdated && "of an older launch template",
    ].filter(Boolean).join(", ");
}

function wayLines({ onItsWay, colours, unknown: untold }: Status, now: Date): readonly string[] {
    const lines = onItsWay.map(one => (one.kind === "roll" && colours?.roll ? rollLine(colours.roll) : wayLine(one, now)));
    if (colours && colours.roll === undefined) return [...lines, lines.length === 0 ? unknown : "a roll: unknown"];
    if (lines.length > 0) return lines;
    return [wasTold(untold, partNames.group) && wasTold(untold, partNames.pipeline) ? "nothing" : unknown];
}

function wayLine(one: OnItsWay, now: Date): string {
    const release = one.version === undefined ? "" : ` of release ${one.version}`;
    const since = one.since === undefined ? "" : `, since ${inSeconds(one.since)} (${ago(one.since, now)})`;
    if (one.kind !== "pipeline") return `${one.kind} ${one.deploymentId}${release}${one.who === undefined ? "" : ` by ${one.who}`}: goes on${since}`;
    const state = one.state === "awaitsApproval" ? "waits for an approval" : `is in ${one.stage}`;
    return `execution ${one.executionId} of the pipeline${release}: ${state}${since}`;
}

function lockLine({ lock }: Status, now: Date): string {
    if (lock === undefined) return unknown;
    if (lock === null) return "free";
    const left = { free: "", held: "", expired: ", but it has expired", ownerGone: ", but that process is gone" }[lock.standing];
    return `${describeHolder(lock.holder)} (${ago(lock.holder.since, now)})${left}`;
}

function rollbackLine({ rollback, stack }: Status): string {
    if (!rollback) return unknown;
    const there = rollback.releases.filter(isWayBack);
    const unsure = there.some(({ image }) => image === "unknown") ? "; whether their images are there cannot be asked" : "";
    if (there.length === 0) return "no earlier release";
    // Which deployments the journal does not name is not asked for here; a rollback asks, and refuses to guess.
    const plain = `./gapless rollback ${stack} ${rollback.next === undefined ? "finds none" : `takes ${rollback.next}, unless somebody has deployed past Gapless since`}`;
    const others = there.filter(({ version }) => version !== rollback.next).map(({ version, n }) => `${n} (${version})`);
    return [plain, ...(others.length > 0 ? [`--to ${others.join(", --to ")}`] : [])].join("; ") + unsure;
}

/** How long ago something was, in the largest unit of which there is one. */
function ago(time: string, now: Date): string {
    const seconds = Math.max(0, Math.round((now.getTime() - Date.parse(time)) / 1000));
    const units = [[86_400, "day"], [3600, "hour"], [60, "minute"], [1, "second"]] as const;
    const [size, unit] = units.find(([size]) => seconds >= size) ?? [1, "second"];
    const count = Math.floor(seconds / size);
    return `${count} ${unit}${count === 1 ? "" : "s"} ago`;
}
