import { type Finding, lintPlan } from "../release/lint";
import { halfAtATime, parseMinimumHealthyHosts } from "../release/minimum-healthy-hosts";
import { defaults, type RolloutPlan } from "../release/rollout";
import { accountRules } from "./rules/account-rules";
import { blueGreenRules } from "./rules/blue-green-rules";
import { frontDoorRules } from "./rules/front-door-rules";
import { hostRules } from "./rules/host-rules";
import { networkRules } from "./rules/network-rules";
import { pathRules } from "./rules/path-rules";
import { error, rule, type SettingsRule } from "./rules/rule";
import { sourceRules } from "./rules/source-rules";
import type { PathKind } from "./path-kind";
import type { Settings } from "./settings";

const rolloutRules: readonly SettingsRule[] = [
    rule(["zoneByZone", "zoneMonitorSeconds"], ({ zoneByZone, zoneMonitorSeconds }) =>
        zoneMonitorSeconds > 0 && !zoneByZone
        && error("zoneMonitorSeconds", zoneMonitorSeconds, "has no effect without zoneByZone", "set zoneByZone to true, or remove zoneMonitorSeconds")),
];

const rules: readonly SettingsRule[] = [...sourceRules, ...hostRules, ...networkRules, ...frontDoorRules, ...rolloutRules, ...blueGreenRules, ...accountRules];

/**
 * Everything that is wrong between settings, errors and warnings. What is compared with a setting that is wrong by itself says
 * nothing, so such a setting is left out of all comparisons.
 */
export function lintSettings(settings: Settings, wrong: ReadonlySet<string>, kindOf: PathKind): readonly Finding[] {
    // The idle timeout of another's load balancer is not ours to know: front-door rules speak of it.
    const unknown = settings.listenerArn === undefined ? wrong : new Set([...wrong, "idleTimeoutSeconds"]);
    const ofPlan = lintPlan(planOf(settings)).filter(finding => !namesOneOf(unknown, finding));
    return [...ofPlan, ...[...pathRules(kindOf), ...rules].filter(({ reads }) => !reads.some(key => wrong.has(key))).flatMap(({ check }) => check(settings))];
}

/** What the rules of a rollout look at. */
export function planOf(settings: Settings): RolloutPlan {
    const { strategy, fleet, minSize, maxSize, drainSeconds, stopGraceSeconds, longestRequestSeconds, idleTimeoutSeconds, shiftPercents, bakeSeconds } = settings;
    const { healthPath: path, healthIntervalSeconds: intervalSeconds, healthTimeoutSeconds: timeoutSeconds } = settings;
    return {
        ...defaults,
        strategy,
        ...(strategy === "blueGreen" && { shiftPercents, bakeSeconds, warmSeconds: settings.warmMinutes * 60 }),
        minSize, drainSeconds, stopGraceSeconds, longestRequestSeconds, idleTimeoutSeconds,
        maxSize: fleet === "tagged" ? minSize : maxSize,
        minimumHealthyHosts: (strategy === "rolling" && parseMinimumHealthyHosts(settings.deploymentConfig)) || halfAtATime,
        ...(strategy === "rolling" && settings.zoneByZone && { zones: zonesOf(settings), zoneMonitorSeconds: settings.zoneMonitorSeconds }),
        healthCheck: { ...defaults.healthCheck, path, intervalSeconds, timeoutSeconds },
    };
}

/** Of an existing network the zones are not known yet. The load balancer has one subnet in each of its zones, and hosts lie in those. */
function zonesOf({ vpcId, availabilityZones, publicSubnetIds, hostSubnetIds }: Settings): number {
    return vpcId === undefined ? availabilityZones : Math.min(publicSubnetIds.length, hostSubnetIds.length);
}

function namesOneOf(keys: ReadonlySet<string>, finding: Finding): boolean {
    const words = new Set(JSON.stringify(finding).match(/\w+/g));
    return [...keys].some(key => words.has(key));
}
