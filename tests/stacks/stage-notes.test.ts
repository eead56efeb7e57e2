import assert from "node:assert/strict";
import { before, describe, it } from "mocha";
import { buildParameter, stageParameter } from "../../release/stage";
import type { Registered } from "../support/registered";
import { listener } from "./findings";
import { blueGreen, buildFromDefaults, type Given } from "./variant";

const github = { source: "github", githubRepository: "acme/shop", branch: "next" };
const outputs = (made: Registered, name: string) => made.named(name).outputs;
const stageOf = (made: Registered) => stageParameter.parse(JSON.parse(String(made.named("web-stage-parameter").inputs["value"])));

describe("what a stack writes down about itself", () => {
    let made: Registered;
    before(async () => { made = await buildFromDefaults("dev", github); });

    it("lies where the command line looks for it", () => {
        for (const name of ["stage", "build"]) {
            const { name: parameter, type, tier } = made.named(name === "stage" ? "web-stage-parameter" : "web-build-note-parameter").inputs;
            assert.deepEqual({ parameter, type, tier }, { parameter: `/gapless/gapless/dev/${name}`, type: "String", tier: "Intelligent-Tiering" });
        }
    });

    it("is the stage as it was made", () => {
        const stage = stageOf(made);
        assert.deepEqual(stage, {
            schemaVersion: 1,
            stage: "dev",
            source: "github",
            url: outputs(made, "web")["url"],
            fleet: { autoScalingGroup: outputs(made, "web-hosts-group")["name"] },
            architecture: "x86_64",
            releaseBucket: outputs(made, "web-releases-bucket")["bucket"],
            repository: outputs(made, "web-image-repository")["repositoryUrl"],
            pipeline: outputs(made, "web-deploy-pipeline")["name"],
            approval: false,
            codeDeployApplication: outputs(made, "web-deploy-application")["name"],
            deploymentGroup: "dev",
            alarms: [outputs(made, "web-deploy-errors")["name"], outputs(made, "web-deploy-latency")["name"]],
            targetGroupArn: outputs(made, "web-targets")["arn"],
            logGroup: outputs(made, "web-hosts-logs")["name"],
            keepReleases: 30,
        });
    });

    it("is the pipeline that builds, for source github", async () => {
        assert.deepEqual(buildParameter.parse(JSON.parse(String(made.named("web-build-note-parameter").inputs["value"]))), {
            pipeline: outputs(made, "web-build-pipeline")["name"], connectionArn: outputs(made, "web-build-github")["arn"], repository: "acme/shop", branch: "next",
        });
        assert.equal((await buildFromDefaults("dev", {})).names().includes("web-build-note"), false);
    });

    it("is there before the first build, which reads it, and says of that pipeline only what there is", () => {
        assert.ok(made.comesAfter("web-build-pipeline", "web-stage-parameter"), "the first build may be first");
        assert.ok(made.comesAfter("web-build-note-parameter", "web-build-pipeline"));
    });

    it("names CloudFront where there is one, and what is there already where that is meant", async () => {
        const other = await buildFromDefaults("dev", { cloudFront: true, instanceType: "t4g.small", approval: true, keepReleases: 10 });
        const { distribution, architecture, approval, keepReleases } = stageOf(other);
        assert.deepEqual({ distribution, architecture, approval, keepReleases }, {
            distribution: outputs(other, "web-cdn-distribution")["id"], architecture: "arm64", approval: true, keepReleases: 10,
        });
    });

    it("are the colours, the one that serves and the sizes, for deployments to find and to change", async () => {
        const other = await buildFromDefaults("dev", { ...blueGreen, shiftPercents: [10, 100], bakeSeconds: 30, warmMinutes: 5, minSize: 3, maxSize: 6, probePath: "/shop" });
        const resources = (ending: string, colour: string, deploymentGroup: string) => ({
            autoScalingGroup: outputs(other, `web-hosts-group${ending}`)["name"],
            deploymentGroup,
            targetGroupArn: outputs(other, `web-targets${ending}`)["arn"],
            headerRuleArn: outputs(other, `web-header-${colour}`)["arn"],
            alarms: [outputs(other, `web-deploy-errors${ending}`)["name"], outputs(other, `web-deploy-latency${ending}`)["name"]],
        });
        assert.deepEqual(stageOf(other).blueGreen, {
            blue: resources("", "blue", "dev"),
            green: resources("-green", "green", "dev-green"),
            weights: { listenerArn: outputs(other, "web-http")["arn"] },
            shiftPercents: [10, 100], bakeSeconds: 30, warmSeconds: 300, probePath: "/shop",
            dnsTarget: outputs(other, "web-alb")["dnsName"],
        });
        const { name, value } = other.named("web-active-colour-parameter").inputs;
        assert.deepEqual({ name, value }, { name: "/gapless/gapless/dev/activeColour", value: "blue" });
        const sizes = other.named("web-sizes-parameter").inputs;
        assert.deepEqual([sizes["name"], JSON.parse(String(sizes["value"]))], ["/gapless/gapless/dev/sizes", { minSize: 3, maxSize: 6 }]);
    });

    it("name the rule that holds the weights on somebody else's listener, and CloudFront as the way to try a release by", async () => {
        const [shared, behind] = [await buildFromDefaults("dev", { ...blueGreen, ...listener }), await buildFromDefaults("dev", { ...blueGreen, cloudFront: true })];
        assert.deepEqual(stageOf(shared).blueGreen?.weights, { ruleArn: outputs(shared, "web-rule")["arn"] });
        assert.equal(stageOf(behind).blueGreen?.dnsTarget, outputs(behind, "web-cdn-distribution")["domainName"]);
    });

    const tagged = (minSize: number): Given => ({ fleet: "tagged", minSize });

    it("names the instances of a tagged fleet, and with 60 of them still is an ordinary parameter", async () => {
        const other = await buildFromDefaults("dev", tagged(60));
        const { fleet } = stageOf(other);
        assert.ok("instanceIds" in fleet);
        assert.deepEqual(fleet.instanceIds, other.ofType("aws:ec2/instance:Instance").map(({ outputs }) => outputs["id"]));
        assert.equal(fleet.instanceIds.length, 60);
        const { length } = String(other.named("web-stage-parameter").inputs["value"]);
        assert.ok(length < 4096, `${length} characters`);
        // The largest fleet that the rules let pass, in the largest parameter that there is.
        const ofAnInstance = JSON.stringify(fleet.instanceIds[0]).length + 1;
        assert.ok(length + (250 - 60) * ofAnInstance < 8192, `${length} characters, ${ofAnInstance} of an instance`);
    });
});
