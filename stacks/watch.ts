import * as pulumi from "@pulumi/pulumi";
import { AutoscaledService, Dashboard, type DeployPipeline, type LoadBalancedTier, ServiceAlarms, type TaggedFleet, type WatchedColour } from "../components";
import type { FrontDoor } from "./front-door";
import { given } from "./given";
import type { Settings } from "./settings";
import { planOf } from "./settings-rules";

/** What operators look at. */
export interface Watched {
    readonly door: FrontDoor;
    readonly fleet: AutoscaledService | TaggedFleet;
    readonly deploy: DeployPipeline;
    readonly topicArn: pulumi.Output<string>;
}

/** Alarms that tell people, and one page that shows how the service is. */
export function watch(settings: Settings, { door: { tier }, fleet, deploy, topicArn }: Watched, opts: pulumi.ComponentResourceOptions): Dashboard {
    const { loadBalancerDimension, targetGroupDimension } = tier;
    const { fleetName } = fleet;
    const green = greenOf(tier, fleet);
    const scaled = fleet instanceof AutoscaledService;
    const alarms = new ServiceAlarms("web-alarms", {
        topicArn, loadBalancerDimension, targetGroupDimension, fleetName, ...given("green", green),
        wanted: scaled ? { autoScalingGroupName: fleet.autoScalingGroupName } : { hosts: settings.minSize },
        plan: planOf(settings),
    }, opts);
    return new Dashboard("web-dashboard", {
        loadBalancerDimension, targetGroupDimension, fleetName, ...given("green", green),
        hosts: scaled ? { autoScalingGroupName: fleet.autoScalingGroupName } : { instanceIds: fleet.instanceIds },
        alarmNames: pulumi.all([deploy.alarmNames, deploy.colours?.green.alarmNames ?? [], alarms.alarmNames]).apply(names => names.flat()),
    }, opts);
}

function greenOf({ green: targets }: LoadBalancedTier, fleet: AutoscaledService | TaggedFleet): WatchedColour | undefined {
    if (!(fleet instanceof AutoscaledService && fleet.green && targets)) return undefined;
    return { targetGroupDimension: targets.targetGroupDimension, autoScalingGroupName: fleet.green.autoScalingGroupName };
}
