import type { Finding } from "../../release/lint";
import { architectureOf } from "../../release/architecture";
import type { Settings } from "../settings";
import { error, rule, type SettingsRule, unused } from "./rule";

const scalingKeys = ["spot", "alternativeInstanceTypes", "cpuPercent", "requestsPerTarget", "schedules"] as const;

/** Of 8,192 characters, which the largest parameter has, an id takes 22, and all else that is written down less than 2,000. */
const largestTaggedFleet = 250;

/** What the hosts are and how many. */
export const hostRules: readonly SettingsRule[] = [
    rule(["instanceType", "alternativeInstanceTypes"], ({ instanceType, alternativeInstanceTypes }) => {
        const wanted = architectureOf(instanceType)?.uname;
        const others = alternativeInstanceTypes.filter(type => architectureOf(type)?.uname !== wanted);
        return others.length > 0 && error("alternativeInstanceTypes", others,
            `must have the architecture of instanceType (${instanceType}, ${wanted ?? "unknown"}): an image is built for one`,
            `take types of ${wanted ?? "that architecture"}`);
    }),
    rule(["instanceType", "alternativeInstanceTypes"], ({ instanceType, alternativeInstanceTypes }) =>
        alternativeInstanceTypes.includes(instanceType)
        && error("alternativeInstanceTypes", alternativeInstanceTypes, `must not name instanceType (${instanceType}) again`, `remove ${instanceType} from the list`)),
    rule(["stage", "spot"], ({ stage, spot }) =>
        stage !== "dev" && spot
        && error("spot", spot, `must be false in ${stage}: AWS takes spot instances back within two minutes, many at once, and requests are lost`,
            "remove spot, or set it in dev only")),
    ...unused("error", scalingKeys, ["fleet"], ({ fleet }) =>
        fleet === "tagged" && { because: "on a tagged fleet, which is a fixed number of instances of one type", fix: "remove it, or set fleet to autoScaling" }),
    rule(["fleet", "minSize"], ({ fleet, minSize }) =>
        fleet === "tagged" && minSize > largestTaggedFleet
        && error("minSize", minSize, `must be at most ${largestTaggedFleet} on a tagged fleet: the stack writes its instances down in a parameter of SSM, which takes no more`,
            `set minSize to ${largestTaggedFleet} or less, or fleet to autoScaling`)),
    ...unused("warning", ["maxSize"], ["fleet", "minSize", "maxSize"], ({ fleet, minSize, maxSize }) =>
        fleet === "tagged" && maxSize !== minSize && { because: `on a tagged fleet, which has minSize (${minSize}) instances`, fix: `set maxSize to ${minSize}, or fleet to autoScaling` }),
    ...unused("warning", ["scheduleTimeZone"], ["schedules"], ({ schedules }) => Object.keys(schedules).length === 0 && { because: "without schedules", fix: "remove it, or set schedules" }),
    rule(["stage", "schedules", "minSize"], ({ stage, schedules, minSize }) =>
        Object.entries(schedules).flatMap(([name, schedule]) => scheduleProblems(name, schedule, { stage, minSize }))),
    rule(["schedules"], ({ schedules }) => {
        const sizes = Object.values(schedules);
        return sizes.some(isOff) && sizes.every(isOff)
            && error("schedules", Object.keys(schedules), "must turn the fleet on again when one turns it off", "add a schedule with a minSize of 2 or more");
    }),
    rule(["schedules"], ({ schedules }) => {
        const times = Object.values(schedules).map(({ recurrence }) => recurrence);
        const twice = times.find((time, index) => times.indexOf(time) < index);
        return twice !== undefined
            && error("schedules", twice, "must not have two schedules of the same time: Auto Scaling refuses the second", "give each its own recurrence, or join them");
    }),
];

type Schedule = Settings["schedules"][string];

const isOff = ({ minSize, maxSize }: Schedule) => minSize === 0 && maxSize === 0;

function scheduleProblems(name: string, schedule: Schedule, { stage, minSize }: Pick<Settings, "stage" | "minSize">): readonly Finding[] {
    const problem = (received: string, rule: string, fix: string): Finding => ({ severity: "error", key: `schedules.${name}`, rule, received, fix });
    if (isOff(schedule)) {
        return stage === "prod" ? [problem("a minSize and maxSize of 0", "must not turn the fleet off in prod", `set its minSize to ${minSize} or more`)] : [];
    }
    const findings = [
        schedule.minSize < minSize && problem(`a minSize of ${schedule.minSize}`,
            `must leave at least minSize (${minSize}) hosts, for which rollouts are planned and rehearsed`,
            `set its minSize to ${minSize} or more, or lower minSize and raise it by a schedule`),
        schedule.maxSize < schedule.minSize && problem(`a maxSize of ${schedule.maxSize}`,
            `must have a maxSize of at least its minSize (${schedule.minSize})`, `set its maxSize to ${schedule.minSize} or more`),
    ];
    return findings.filter(finding => finding !== false);
}
