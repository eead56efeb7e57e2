import * as pulumi from "@pulumi/pulumi";
import {
    architectureOf, AutoscaledService, type BuildPipeline, type ContainerImage, type DeployPipeline, type ReleaseStore, type StackNames, StageNote, type TaggedFleet,
} from "../components";
import type { Colour } from "../release/blue-green/colour";
import { type BlueGreen, type BuildParameter, type ColourResources, parameterNames, parameterPath, type Sizes, type StageParameter } from "../release/stage";
import type { FrontDoor } from "./front-door";
import { given } from "./given";
import { required } from "./required";
import type { Settings } from "./settings";

/** What is noted of a stage. */
export interface Noted {
    readonly own: StackNames;
    readonly door: FrontDoor;
    readonly fleet: AutoscaledService | TaggedFleet;
    readonly image: ContainerImage;
    readonly store: ReleaseStore;
    readonly deploy: DeployPipeline;
}

/** Writes down the stage as deployments and whoever watches them see it. */
export function noteStage(settings: Settings, noted: Noted, opts: pulumi.ComponentResourceOptions): StageNote {
    const earlier = settings.strategy === "blueGreen" ? noteColours(settings, noted, opts) : [];
    return new StageNote("web-stage", { parameterName: nameOf(noted.own, parameterNames.stage), value: stageOf(settings, noted) }, { ...opts, dependsOn: [...earlier] });
}

/** What whoever reads of colours in the stage's own note looks for next. */
function noteColours({ minSize, maxSize }: Settings, { own, door }: Noted, opts: pulumi.ComponentResourceOptions): readonly StageNote[] {
    const sizes: Sizes = { minSize, maxSize };
    return [
        // After the weights, and for ever: the next `up` takes it for a sign that they are there, and leaves them to the deployments.
        new StageNote("web-active-colour", { parameterName: nameOf(own, parameterNames.activeColour), firstText: "blue" satisfies Colour }, { ...opts, dependsOn: door.tier }),
        new StageNote("web-sizes", { parameterName: nameOf(own, parameterNames.sizes), value: sizes }, opts),
    ];
}

function stageOf(settings: Settings, noted: Noted): pulumi.Output<StageParameter> {
    const { door, fleet, image, store, deploy } = noted;
    const { stage, source, approval, keepReleases } = settings;
    return pulumi.output({
        schemaVersion: 1 as const,
        stage, source,
        url: door.url,
        fleet: fleet instanceof AutoscaledService ? { autoScalingGroup: fleet.autoScalingGroupName } : { instanceIds: fleet.instanceIds },
        architecture: required("instanceType", architectureOf(settings.instanceType)).ami,
        releaseBucket: store.bucketName,
        repository: image.repositoryUrl,
        pipeline: deploy.pipelineName,
        approval,
        codeDeployApplication: deploy.applicationName,
        deploymentGroup: deploy.deploymentGroupName,
        alarms: deploy.alarmNames,
        targetGroupArn: door.tier.targetGroupArn,
        logGroup: fleet.logGroupName,
        keepReleases,
        ...given("distribution", door.delivery?.distributionId),
        ...given("blueGreen", blueGreenOf(settings, noted)),
    });
}

function blueGreenOf({ shiftPercents, bakeSeconds, warmMinutes, probePath }: Settings, { door, fleet, deploy }: Noted): pulumi.Output<BlueGreen> | undefined {
    const { targetGroupArn, green: greenTargets, weights, headerRules } = door.tier;
    if (!(fleet instanceof AutoscaledService && fleet.green && greenTargets && weights && headerRules && deploy.colours)) return undefined;
    const hosts = { blue: fleet, green: fleet.green };
    const targets = { blue: { targetGroupArn }, green: greenTargets };
    const { colours } = deploy;
    const resourcesOf = (colour: Colour): pulumi.Output<ColourResources> => pulumi.output({
        autoScalingGroup: hosts[colour].autoScalingGroupName,
        deploymentGroup: colours[colour].deploymentGroupName,
        targetGroupArn: targets[colour].targetGroupArn,
        headerRuleArn: headerRules[colour].arn,
        alarms: colours[colour].alarmNames,
    });
    return pulumi.output({
        blue: resourcesOf("blue"), green: resourcesOf("green"), weights,
        shiftPercents, bakeSeconds, warmSeconds: warmMinutes * 60, probePath, dnsTarget: door.dnsTarget,
    });
}

/** Writes down the pipeline that builds, which is made after the stage is written down: it starts at once. */
export function noteBuild(settings: Settings, own: StackNames, { pipelineName, connectionArn }: BuildPipeline, opts: pulumi.ComponentResourceOptions): StageNote {
    const { branch } = settings;
    const value: pulumi.Output<BuildParameter> = pulumi.output({
        pipeline: pipelineName, connectionArn, repository: required("githubRepository", settings.githubRepository), branch,
    });
    return new StageNote("web-build-note", { parameterName: nameOf(own, parameterNames.build), value }, opts);
}

function nameOf({ project, stack }: StackNames, last: string): string {
    return `${parameterPath(project, stack)}/${last}`;
}
