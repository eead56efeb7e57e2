import assert from "node:assert/strict";
import { before, describe, it } from "mocha";
import type { Registered } from "../support/registered";
import { blueGreen, buildVariant, type Given } from "./variant";

type Order = readonly (readonly [later: string, earlier: readonly string[]])[];

const zone = { zoneName: "example.com", domainName: "shop.example.com", httpOnly: false };
const github = { source: "github", githubRepository: "acme/shop" };
const jenkins = { source: "s3", ciPrincipalArn: "arn:aws:iam::111122223333:role/jenkins" };

/** What a deployment needs, whatever the source and the fleet are, before the pipeline whose creation starts it. */
const anyStrategy: Order = [
    ["web-hosts-template", ["web-hosts-profile", "web-hosts-compose", "web-hosts-access", "web-releases-versioning", "web-releases-notification"]],
    ["web-deploy-group", ["web-deploy-codedeploy-policy", "web-http", "web-targets"]],
    ["web-deploy-pipeline", [
        "web-deploy-group", "web-deploy-codepipeline-policy", "web-deploy-tool", "web-hosts-instance-policy",
        "web-releases-versioning", "web-releases-notification", "network",
    ]],
    ["web-deploy-change", ["web-deploy-pipeline"]],
    ["web-deploy-start", ["web-deploy-change", "web-deploy-events-policy"]],
];

const everywhere: Order = [
    ...anyStrategy,
    ["web-deploy-group", ["web-deploy-errors", "web-deploy-latency"]],
    ["web-deploy-pipeline", ["web-deploy-record", "web-deploy-record-policy"]],
];

/** What the first roll needs, which the pipeline starts: it makes the first instances of all, those of the colour that does not serve. */
const colours: Order = [
    ...anyStrategy,
    ["web-hosts-group-green", ["network", "web-hosts-instance-policy", "web-hosts-compose", "web-hosts-out", "web-hosts-from-alb", "web-hosts-alb-out", "web-http"]],
    ["web-hosts-scaling-green", ["web-hosts-group-green", "web-http", "web-header-green"]],
    ["web-deploy-group-green", ["web-hosts-group-green", "web-deploy-codedeploy-policy"]],
    ["web-header-green", ["web-http", "web-targets-green"]],
    ["web-active-colour-parameter", ["web-http", "web-header-blue", "web-header-green"]],
    ["web-stage-parameter", ["web-active-colour-parameter", "web-sizes-parameter"]],
    ["web-deploy-pipeline", ["web-deploy-roll", "web-deploy-roll-policy", "web-deploy-group-green", "web-hosts-group-green"]],
];

/** The release of the program is the last thing before the pipeline. */
const ownRelease: Order = [
    ["web-image-image", ["web-image-repository"]],
    ["web-deploy-release", ["web-image-image"]],
    ["web-deploy-trigger", ["web-deploy-release", "web-deploy-group", "web-releases-notification"]],
    ["web-deploy-pipeline", ["web-deploy-trigger"]],
];

const scaled: Order = [
    ["web-hosts-group", ["network", "web-hosts-instance-policy", "web-hosts-compose", "web-hosts-out", "web-hosts-from-alb", "web-hosts-alb-out", "web-http"]],
    ["web-hosts-scaling", ["web-hosts-group", "web-http"]],
    ["web-deploy-group", ["web-hosts-group"]],
];

const tagged: Order = [
    ["web-hosts-1", ["network", "web-hosts-instance-policy", "web-hosts-compose", "web-hosts-out"]],
    ["web-hosts-2-booted", ["web-hosts-2"]],
    ["web-deploy-pipeline", ["web-hosts-1-booted", "web-hosts-2-booted", "web-hosts-1-target", "web-hosts-2-target"]],
];

const stacks: readonly { readonly name: string; readonly stage: string; readonly given: Given; readonly order: Order }[] = [
    { name: "pulumi up", stage: "dev", given: {}, order: [...everywhere, ...ownRelease, ...scaled] },
    {
        name: "GitHub, with a certificate to be requested",
        stage: "prod",
        given: { ...zone, ...github },
        order: [
            ...everywhere, ...ownRelease, ...scaled,
            ["web-https", ["web-certificate-issued"]],
            ["web-http", ["web-https"]],
            ["web-build-pipeline", ["web-deploy-pipeline", "web-build-codebuild-policy", "web-build-codepipeline-policy", "web-build-project"]],
        ],
    },
    {
        name: "Jenkins, a tagged fleet and endpoints",
        stage: "stg",
        given: { ...jenkins, fleet: "tagged", natGateways: "none", interfaceEndpoints: true },
        order: [
            ...everywhere, ...ownRelease, ...tagged,
            ["web-hosts-1", ["network-ecr-api", "network-autoscaling", "network-codedeploy-commands-secure", "network-endpoints-in"]],
            // No argument of the load balancer names an endpoint: it was told to wait for the whole network.
            ["web-alb", ["network-ecr-api"]],
        ],
    },
    {
        name: "CloudFront",
        stage: "dev",
        given: { cloudFront: true },
        order: [...everywhere, ...ownRelease, ...scaled, ["web-cdn-distribution", ["web-http"]]],
    },
    { name: "two colours", stage: "dev", given: blueGreen, order: [...colours, ...ownRelease, ...scaled] },
    { name: "Jenkins, which brings the first release, too", stage: "dev", given: { ...jenkins, firstRelease: "none" }, order: [...everywhere, ...scaled] },
];

for (const { name, stage, given, order } of stacks) {
    describe(`the first up of a stack of ${name}`, () => {
        let made: Registered;
        before(async () => { made = await buildVariant(stage, given); });

        for (const [later, earlier] of order) {
            it(`makes ${later} after ${earlier.join(", ")}`, () => {
                assert.deepEqual(earlier.filter(one => !made.comesAfter(later, one)), []);
            });
        }
    });
}
