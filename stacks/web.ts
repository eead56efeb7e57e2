import * as pulumi from "@pulumi/pulumi";
import { AutoscaledService, ContainerImage, type DeployPipeline, type ImageSource, Notifications, ReleaseStore, type TaggedFleet, type Tool } from "../components";
import { makePreviewRole } from "./ci-access";
import { makeDelivery } from "./delivery";
import { makeFleet } from "./fleet";
import { type FrontDoor, openFrontDoor } from "./front-door";
import { given } from "./given";
import type { Facts } from "./lookups";
import { makeNetwork } from "./network";
import { releaseOf } from "./program-release";
import { imageSourceOf, type Recipe, recipeOf } from "./recipe";
import { required } from "./required";
import type { Settings } from "./settings";
import { tagging } from "./tagging";
import { watch } from "./watch";

/** What a stack tells its operator, its CI and the rehearsal; which of it there is depends on the settings. */
export interface Outputs {
    /** Address of the service. */
    readonly url: pulumi.Output<string>;
    /** What a DNS record of the service's name must lead to. */
    readonly dnsTarget: pulumi.Output<string>;
    /** What a release is made of, for whoever makes one. */
    readonly recipe: Recipe;
    /** Region of all of it but CloudFront. */
    readonly region: string;
    /** Source pulumi: image of the release that this program publishes, `repository@sha256:…`. */
    readonly imageDigest?: pulumi.Output<string>;
    readonly releaseVersion?: pulumi.Output<string>;
    /** Key in the release bucket of the release that this program has published: of each, or, where others go on, of the first. */
    readonly releaseKey?: pulumi.Output<string>;
    /** Version of that object, which names these very bytes. */
    readonly releaseObjectVersion?: pulumi.Output<string>;
    /** Version of `releases/current.zip` with that release, by which the pipeline knows it. */
    readonly triggerObjectVersion?: pulumi.Output<string>;
    readonly releaseBucket: pulumi.Output<string>;
    readonly repository: pulumi.Output<string>;
    readonly pipeline: pulumi.Output<string>;
    readonly codeDeployApplication: pulumi.Output<string>;
    readonly deploymentGroup: pulumi.Output<string>;
    readonly targetGroup: pulumi.Output<string>;
    readonly logGroup: pulumi.Output<string>;
    readonly dashboard: pulumi.Output<string>;
    /** Fleet that scales. */
    readonly autoScalingGroup?: pulumi.Output<string>;
    /** Strategy blueGreen: the second colour, which serves by turns with the fleet above and its two groups. */
    readonly green?: Readonly<Record<"autoScalingGroup" | "deploymentGroup" | "targetGroup", pulumi.Output<string>>>;
    /** Fleet found by tags. */
    readonly instanceIds?: pulumi.Output<string[]>;
    /** Source github: pipeline that builds a push. */
    readonly buildPipeline?: pulumi.Output<string>;
    /** Source github with a connection that the stack makes: `AVAILABLE`, or what a person has to do until it is. */
    readonly connectionStatus?: pulumi.Output<string>;
    /** Role that CI takes to bring releases, where settings name who takes it. */
    readonly ciRole?: pulumi.Output<string>;
    /** Role that pull requests take to see what they would change. */
    readonly previewRole?: pulumi.Output<string>;
}

/**
 * A service on EC2 behind a load balancer, and the ways by which releases reach it without losing a request.
 * @param tool command line that the pipeline's builds run
 */
export function buildWeb(project: string, settings: Settings, facts: Facts, tool: Tool): Outputs {
    // What is no other stack's: two stacks of a stage may lie in one account.
    const own = { project, stack: pulumi.getStack() };
    const tags = { ...own, stage: settings.stage };
    const opts: pulumi.ComponentResourceOptions = { transformations: [tagging(tags)] };

    const network = makeNetwork("network", settings, tags, opts);
    const { topicArn } = new Notifications("web-notices", given("email", settings.notificationEmail), opts);
    const source = imageSourceOf(settings);
    const recipe = recipeOf(settings, source);
    const image = makeImage(settings, source, opts);
    const store = new ReleaseStore("web-releases", { forceDestroy: !settings.deletionProtection }, opts);
    const release = image.reference && releaseOf(image.reference, recipe);

    const door = openFrontDoor(settings, facts, network, opts);
    const fleet = makeFleet(settings, { network, door, image, store, launchTags: own }, opts);
    const { deploy, build, ciRole } = makeDelivery(settings, { own, tool, door, fleet, image, store, release, topicArn }, opts);
    const { dashboardName } = watch(settings, { door, fleet, deploy, topicArn }, opts);

    return {
        url: door.url,
        dnsTarget: door.dnsTarget,
        recipe,
        region: settings.region,
        // Where others bring the releases, those of later `up`s are published by nobody, and have no name to tell.
        ...(settings.source === "pulumi" && { ...given("imageDigest", image.reference), ...given("releaseVersion", release?.version) }),
        ...given("releaseKey", deploy.releaseKey),
        ...given("releaseObjectVersion", deploy.releaseObjectVersion),
        ...given("triggerObjectVersion", deploy.triggerObjectVersion),
        releaseBucket: store.bucketName,
        repository: image.repositoryUrl,
        pipeline: deploy.pipelineName,
        codeDeployApplication: deploy.applicationName,
        deploymentGroup: deploy.deploymentGroupName,
        targetGroup: door.tier.targetGroupName,
        logGroup: fleet.logGroupName,
        dashboard: dashboardName,
        ...(fleet instanceof AutoscaledService ? { autoScalingGroup: fleet.autoScalingGroupName } : { instanceIds: fleet.instanceIds }),
        ...given("green", greenOf(door, fleet, deploy)),
        ...given("buildPipeline", build?.pipelineName),
        // A connection that is given has been looked up already, and is available.
        ...(build && settings.connectionArn === undefined && { connectionStatus: describeConnection(build.connectionStatus) }),
        ...given("ciRole", ciRole?.roleArn),
        ...given("previewRole", makePreviewRole(settings, own, opts)?.roleArn),
    };
}

/** Where others bring the releases, the program publishes the first one at most; an image that it builds later goes into none. */
function makeImage(settings: Settings, source: ImageSource, opts: pulumi.ComponentResourceOptions): ContainerImage {
    const { registry, dockerHubRepository, dockerHubSecretArn, keepReleases, deletionProtection } = settings;
    const ownRelease = settings.source === "pulumi" || settings.firstRelease === "pulumi";
    return new ContainerImage("web-image", {
        ...(ownRelease && { source }),
        ...(registry === "dockerHub" && {
            registry: { dockerHub: { repository: required("dockerHubRepository", dockerHubRepository), secretArn: required("dockerHubSecretArn", dockerHubSecretArn) } },
        }),
        keepReleases,
        forceDelete: !deletionProtection,
    }, opts);
}

function greenOf({ tier }: FrontDoor, fleet: AutoscaledService | TaggedFleet, { colours }: DeployPipeline): Outputs["green"] {
    if (!(fleet instanceof AutoscaledService && fleet.green && tier.green && colours)) return undefined;
    return {
        autoScalingGroup: fleet.green.autoScalingGroupName,
        deploymentGroup: colours.green.deploymentGroupName,
        targetGroup: tier.green.targetGroupName,
    };
}

/** Said as a warning of `up`, too: a connection that nobody confirms builds nothing, and nothing fails. */
function describeConnection(status: pulumi.Output<string>): pulumi.Output<string> {
    return status.apply(async status => {
        if (status !== "PENDING") return status;
        const advice = "PENDING: confirm it in the AWS console under Developer Tools, Settings, Connections, Update pending connection. Until then no push is built.";
        await pulumi.log.warn(`The connection to GitHub is ${advice}`);
        return advice;
    });
}
