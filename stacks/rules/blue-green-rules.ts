import { isDomainName } from "../../components/listener-choice";
import { error, rule, type SettingsRule, unused } from "./rule";

const ofBlueGreen = ["colourSecret", "shiftPercents", "bakeSeconds", "warmMinutes"] as const;
const ofWaves = ["deploymentConfig", "zoneByZone", "zoneMonitorSeconds"] as const;

/** The header rules of the two colours have the priorities before that of the service's rule, and the first is 1. */
const leastPriority = 3;
/** Of the five values that a rule takes, the colour's header is one. */
const mostConditions = 4;

const encrypt = "run pulumi config set --secret colourSecret \"$(openssl rand -hex 16)\"";

/** Two fleets, of which one serves. */
export const blueGreenRules: readonly SettingsRule[] = [
    rule(["strategy", "colourSecret"], ({ strategy, colourSecret }) =>
        strategy === "blueGreen" && colourSecret === undefined
        && error("colourSecret", colourSecret, "must be set for strategy blueGreen: without a secret anybody could ask for a release that is not out yet", encrypt)),
    rule(["strategy", "colourSecret", "encryptedColourSecret"], ({ strategy, colourSecret, encryptedColourSecret }) =>
        strategy === "blueGreen" && colourSecret !== undefined && !encryptedColourSecret && {
            severity: "warning",
            key: "colourSecret",
            rule: "should be encrypted: whoever reads the stack's file can ask for a release that is not out yet",
            // It would stand in the logs of CI.
            received: "plain text",
            fix: encrypt,
        }),
    rule(["strategy", "fleet"], ({ strategy, fleet }) =>
        strategy === "blueGreen" && fleet === "tagged"
        && error("fleet", fleet, "must be autoScaling for strategy blueGreen: the second fleet is there for a deployment alone, and a tagged one is always there",
            "set fleet to autoScaling, or strategy to rolling")),
    rule(["strategy", "schedules"], ({ strategy, schedules }) =>
        strategy === "blueGreen" && Object.keys(schedules).length > 0
        && error("schedules", Object.keys(schedules), "must be empty for strategy blueGreen: a schedule knows no colours, and would resize one that serves, or one that does not, in the middle of a deployment",
            "remove schedules, or set strategy to rolling")),
    rule(["strategy", "fleet", "minSize"], ({ strategy, fleet, minSize }) =>
        strategy === "blueGreen" && fleet !== "tagged" && minSize < 2
        && error("minSize", minSize, "must be 2 or more: a service of one host is gone when that host is", "set minSize to 2 or more")),
    rule(["strategy", "listenerArn", "listenerPriority"], ({ strategy, listenerArn, listenerPriority }) =>
        strategy === "blueGreen" && listenerArn !== undefined && listenerPriority !== undefined && listenerPriority < leastPriority
        && error("listenerPriority", listenerPriority, `must be ${leastPriority} or more for strategy blueGreen: the two rules of the colours take the two priorities before it`,
            `set listenerPriority to a number of ${leastPriority} or more that no other rule of the listener has, nor the two before it`)),
    rule(["strategy", "listenerArn", "listenerHosts", "listenerPaths"], ({ strategy, listenerArn, listenerHosts, listenerPaths }) => {
        const conditions = listenerHosts.length + listenerPaths.length;
        // More than five are refused whatever the strategy is.
        return strategy === "blueGreen" && listenerArn !== undefined && conditions === mostConditions + 1
            && error(listenerPaths.length > 0 ? "listenerPaths" : "listenerHosts", listenerPaths.length > 0 ? listenerPaths : listenerHosts,
                `must leave ${mostConditions} entries at most, hosts and paths together (${conditions}), for strategy blueGreen: the colour's header is the fifth value that a rule takes`,
                "join entries by wildcards such as /shop/*");
    }),
    rule(["strategy", "listenerArn", "listenerHosts"], ({ strategy, listenerArn, listenerHosts }) =>
        strategy === "blueGreen" && listenerArn !== undefined && listenerHosts.length > 0 && !listenerHosts.some(isDomainName)
        && error("listenerHosts", listenerHosts, "must have a name without wildcards for strategy blueGreen: a release is tried by it before clients see it", "add a name that the service answers to, such as shop.example.com")),
    rule(["strategy", "listenerArn", "listenerPaths", "probePath"], ({ strategy, listenerArn, listenerPaths, probePath }) =>
        strategy === "blueGreen" && listenerArn !== undefined && listenerPaths.length > 0 && !listenerPaths.some(pattern => matches(pattern, probePath))
        && error("probePath", probePath, "must be one of listenerPaths for strategy blueGreen: a release is tried by it through that listener before clients see it",
            `set probePath to a real route such as ${listenerPaths[0]?.replace(/[*?]/g, "") ?? "/"}`)),
    ...unused("warning", ofBlueGreen, ["strategy"], ({ strategy }) =>
        strategy !== "blueGreen" && { because: `with strategy ${strategy}`, fix: "remove it, or set strategy to blueGreen" }),
    ...unused("warning", ofWaves, ["strategy"], ({ strategy }) =>
        strategy === "blueGreen" && { because: "with strategy blueGreen: the hosts that are replaced serve nobody, so all are taken at once", fix: "remove it, or set strategy to rolling" }),
];

/** Whether a path, without its query, fits a pattern of a listener's rule: * is any characters, ? is one. */
function matches(pattern: string, path: string): boolean {
    const [bare = ""] = path.split("?");
    const source = Array.from(pattern, character => ({ "*": ".*", "?": "." })[character] ?? character.replace(/[\\^$.+(){}|[\]]/, String.raw`\$&`)).join("");
    return new RegExp(`^${source}$`, "s").test(bare);
}
