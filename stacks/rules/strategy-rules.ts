import type { Finding } from "../../release/lint";
import type { Facts } from "../lookups";
import type { Settings } from "../settings";
import { error } from "./rule";

/** What is wrong with a strategy, since the stack and what it joins are as they are. */
export function strategyProblems(settings: Settings, facts: Facts, stack: string): readonly (Finding | false)[] {
    return [lostColour(settings, facts, stack), lostDoor(settings, facts, stack), hiddenListener(settings, facts)];
}

/** Without colours blue is what there is, and it would get the requests at once. */
function lostColour({ strategy }: Settings, { activeColour }: Facts, stack: string): Finding | false {
    return strategy === "rolling" && activeColour === "green"
        && error("strategy", strategy, "must be blueGreen while green serves: only blue stays, which has no hosts now",
            `set strategy to blueGreen; have blue serve by ./gapless flip ${stack}, or when it is not warm any more by ./gapless deploy ${stack}; `
            + `run ./gapless refresh ${stack}; then set strategy to rolling and run ./gapless up ${stack}`);
}

/** A listener's actions are the deployments' with two colours, which Pulumi leaves alone: port 80 would redirect for ever. */
function lostDoor({ strategy, listenerArn, certificateArn, zoneName }: Settings, { redirectsHttp }: Facts, stack: string): Finding | false {
    const wantsHttp = listenerArn === undefined && certificateArn === undefined && zoneName === undefined;
    return strategy === "blueGreen" && redirectsHttp && wantsHttp
        && error("strategy", strategy, "must be rolling while HTTPS is given up: port 80 redirects there, and what a listener of two colours does is left to deployments",
            "keep certificateArn or zoneName; or, while blue serves, run "
            + `./gapless refresh ${stack}, set strategy to rolling and run ./gapless up ${stack}, which leads port 80 to the hosts; then set strategy to blueGreen and run ./gapless up ${stack}`);
}

function hiddenListener({ strategy, listenerArn }: Settings, { listener }: Facts): Finding | false {
    return strategy === "blueGreen" && listener?.internal === true
        && error("listenerArn", listenerArn, "must be of a load balancer that answers to the internet for strategy blueGreen: who rolls a release, a build outside of the network, tries it through the listener",
            "take a listener of a load balancer that is not internal, or set strategy to rolling");
}
