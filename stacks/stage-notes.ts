import * as pulumi from "@pulumi/pulumi";
import {
    architectureOf, AutoscaledService, type BuildPipeline, type ContainerImage, type DeployPipeline, type ReleaseStore, type StackNames, StageNote, type TaggedFleet,
} from "../components";
import { type BuildParameter, parameterNames, parameterPath, type StageParameter } from "../release/stage";
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
    return new StageNote("web-stage", { parameterName: nameOf(noted.own, parameterNames.stage), value: stageOf(settings, noted) }, opts);
}

function stageOf(settings: Settings, { door, fleet, image, store, deploy }: Noted): pulumi.Output<StageParameter> {
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
