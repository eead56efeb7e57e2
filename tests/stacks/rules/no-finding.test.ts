import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "mocha";
import { readStackConfig } from "../../../rehearsal/program/stack-config";
import { readSettings } from "../../../stacks/settings";
import { findingsOn, listener, network, said, sample, type Stack } from "../findings";

const root = join(import.meta.dirname, "../../..");
const github = { source: "github", githubRepository: "acme/shop" };
const s3 = { source: "s3", ciPrincipalArn: sample.ciPrincipalArn };
const hub = { registry: "dockerHub", dockerHubRepository: "acme/shop", dockerHubSecretArn: sample.dockerHubSecretArn };
const certificate = { certificateArn: sample.certificateArn, domainName: "shop.example.com" };
const zone = { zoneName: "example.com", domainName: "shop.example.com" };
const cloudFront = { cloudFront: true, cloudFrontCertificateArn: sample.cloudFrontCertificateArn };
const nights = {
    off: { recurrence: "0 19 * * MON-FRI", minSize: 0, maxSize: 0 },
    on: { recurrence: "0 7 * * MON-FRI", minSize: 2, maxSize: 4 },
};

describe("nothing is said of", () => {
    const sound: readonly [string, Stack][] = [
        ["the defaults", { given: {} }],
        ["zones of an existing network that hold two of its subnets each", {
            given: { ...network, hostSubnetIds: ["a", "b", "c", "d"].map(letter => `subnet-0000001${letter}`), minSize: 4, maxSize: 4, zoneByZone: true },
        }],
        ["GitHub with a connection to be made", { given: github }],
        ["GitHub with everything set", { given: { ...github, connectionArn: sample.connectionArn, branch: "next", triggerPaths: ["app/**"], buildCompute: "large", firstRelease: "none" } }],
        ["GitHub that pulls its base images with an account", { given: { ...github, dockerHubSecretArn: sample.dockerHubSecretArn } }],
        ["a CI that is a principal", { given: { ...s3, ciMayDeploy: true } }],
        ["a CI with tokens", { given: { source: "s3", ciOidcProviderArn: sample.ciOidcProviderArn, ciOidcSubject: sample.ciOidcSubject, ciOidcAudience: "gapless" } }],
        ["a secret environment that Pulumi itself releases", { given: { environment: '{"A":"1"}' }, secret: ["environment"] }],
        ["an encrypted setting that is in no release", { given: { ...github, branch: "next" }, secret: ["branch"] }],
        ["a folder and a Dockerfile that are not there beside a prebuilt image", { given: { imageContext: "nope", dockerfile: "nope", imageDigest: `111122223333.dkr.ecr.eu-central-1.amazonaws.com/shop@sha256:${"0".repeat(64)}` } }],
        ["Docker Hub", { given: hub }],
        ["a tagged fleet", { given: { fleet: "tagged" } }],
        ["a tagged fleet as large as it may be", { given: { fleet: "tagged", minSize: 250, maxSize: 250 } }],
        ["several types and spot in dev", { given: { spot: true, alternativeInstanceTypes: ["t3a.small", "t2.small"], cpuPercent: 50 } }],
        ["Graviton types together", { given: { instanceType: "t4g.small", alternativeInstanceTypes: ["a1.large"] } }],
        ["nights off in dev", { given: { schedules: nights, scheduleTimeZone: "Europe/Berlin" } }],
        ["more hosts by day in prod", { stage: "prod", given: { ...certificate, schedules: { day: { recurrence: "0 7 * * *", minSize: 4, maxSize: 8 }, night: { recurrence: "0 22 * * *", minSize: 2, maxSize: 4 } } } }],
        ["zones in turn", { given: { zoneByZone: true, zoneMonitorSeconds: 60, minSize: 4, maxSize: 8 } }],
        ["zones of an existing network in turn", { given: { ...network, zoneByZone: true, minSize: 4, maxSize: 8 } }],
        ["a network of other numbers", { given: { vpcCidr: "10.1.0.0/16", availabilityZones: 3 } }],
        ["an existing network", { given: network }],
        ["endpoints of an existing network", { given: { ...network, interfaceEndpoints: true } }],
        ["endpoints", { given: { interfaceEndpoints: true } }],
        ["endpoints and no NAT in prod", { stage: "prod", given: { ...certificate, natGateways: "none", interfaceEndpoints: true } }],
        ["an existing network in prod", { stage: "prod", given: { ...certificate, ...network } }],
        ["hosts with public addresses in dev", { given: { natGateways: "none" } }],
        ["endpoints and an image of the region's ECR", { given: { interfaceEndpoints: true, imageDigest: `111122223333.dkr.ecr.eu-central-1.amazonaws.com/shop@sha256:${"0".repeat(64)}` } }],
        ["HTTPS by a certificate in prod", { stage: "prod", given: certificate }],
        ["HTTPS by a zone in prod", { stage: "prod", given: zone }],
        ["HTTPS for the zone's own name", { stage: "stg", given: { zoneName: "example.com", domainName: "example.com" } }],
        ["a name as long as a certificate takes", { given: { zoneName: "example.com", domainName: `${"a".repeat(52)}.example.com` } }],
        ["a longer name that no certificate is requested for", { given: { domainName: `${"a".repeat(63)}.example.com` } }],
        ["a name without a certificate", { given: { domainName: "shop.example.com" } }],
        ["a listener of another's", { stage: "stg", given: listener }],
        ["a listener of another's by paths, in prod", { stage: "prod", given: { ...listener, listenerHosts: [], listenerPaths: ["/shop", "/shop/*"] } }],
        ["requests as long as another's load balancer waits", { given: { ...listener, longestRequestSeconds: 60, drainSeconds: 60, stopGraceSeconds: 60 } }],
        ["as many conditions as a rule takes", { given: { ...listener, listenerPaths: ["/a", "/b", "/c", "/d"] } }],
        ["a listener without subnets of a load balancer", { given: { ...listener, publicSubnetIds: [] } }],
        ["CloudFront under a name of its own", { given: { cloudFront: true } }],
        ["CloudFront before the least time-out", { given: { cloudFront: true, idleTimeoutSeconds: 6, longestRequestSeconds: 6 } }],
        ["CloudFront before HTTP", { given: { ...cloudFront, domainName: "shop.example.com" } }],
        ["CloudFront before a certificate", { stage: "prod", given: { ...cloudFront, ...certificate } }],
        ["CloudFront before a zone", { stage: "prod", given: { cloudFront: true, ...zone, waf: true, accessLogs: true } }],
    ];
    for (const [title, stack] of sound) {
        it(title, () => { assert.deepEqual(said(findingsOn(stack)), []); });
    }

    const told: Readonly<Record<string, readonly string[]>> = {
        dev: [],
        stg: ["gapless:certificateArn"],
        prod: ["gapless:certificateArn", "aws:allowedAccountIds"],
    };
    for (const [stage, keys] of Object.entries(told)) {
        it(`the stack file of ${stage}${keys.length === 0 ? "" : `, but of ${keys.join(" and ")}`}`, () => {
            const { project, config } = readStackConfig(root, stage);
            const { warnings } = readSettings({ project, stack: stage, config });
            assert.deepEqual(warnings.map(({ key }) => key), keys);
        });
    }
});
