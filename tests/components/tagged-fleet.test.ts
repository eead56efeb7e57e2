import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { TaggedFleet, type TaggedFleetArgs } from "../../components";
import { bootTimeoutSeconds } from "../../release/rollout";
import { Host } from "../app-scripts/host";
import { registered, type Registered } from "../support/registered";
import { taggedArgs } from "./sample";

const build = (args: Partial<TaggedFleetArgs> = {}, opts?: pulumi.ComponentResourceOptions): Promise<Registered> =>
    registered(() => { new TaggedFleet("web", { ...taggedArgs, ...args }, opts); });
const questionOf = (made: Registered) => (made.named("web-1-booted").inputs["parameters"] as { commands: string }).commands;
const idOf = (made: Registered, name: string) => made.named(name).outputs["id"];

describe("TaggedFleet", () => {
    let made: Registered;
    before(async () => { made = await build({ size: 3 }); });

    it("launches its instances from the template, in all subnets by turns, under the tags that find them", () => {
        const launchTemplate = { id: made.named("web-template").outputs["id"], version: "1" };
        const tags = { project: "shop", stage: "dev", fleet: "web" };
        const common = { launchTemplate, disableApiTermination: false };
        assert.deepEqual(made.named("web-1").inputs, { ...common, subnetId: "subnet-a", tags: { Name: "web-1", ...tags } });
        assert.deepEqual(made.named("web-2").inputs, { ...common, subnetId: "subnet-b", tags: { Name: "web-2", ...tags } });
        assert.deepEqual(made.named("web-3").inputs, { ...common, subnetId: "subnet-a", tags: { Name: "web-3", ...tags } });
    });

    it("has two instances unless told otherwise", async () => {
        assert.equal((await build()).ofType("aws:ec2/instance:Instance").length, 2);
        assert.equal(made.ofType("aws:ec2/instance:Instance").length, 3);
    });

    it("takes subnets that are known only when the network is there", async () => {
        const made = await build({ subnetIds: pulumi.output(Promise.resolve(["subnet-x", "subnet-y", "subnet-z"])) });
        assert.deepEqual(["web-1", "web-2"].map(name => made.named(name).inputs["subnetId"]), ["subnet-x", "subnet-y"]);
    });

    it("neither replaces nor restarts a running instance, whatever changes in what it was launched with", () => {
        for (const { ignoreChanges, inputs } of made.ofType("aws:ec2/instance:Instance")) {
            assert.deepEqual(ignoreChanges, ["launchTemplate", "ami", "instanceType", "userData", "userDataBase64", "subnetId"]);
            // Nothing of the template is said a second time; only this may change in place.
            assert.deepEqual(Object.keys(inputs).filter(key => !ignoreChanges.includes(key)).sort(), ["disableApiTermination", "tags"]);
        }
    });

    it("protects its instances, in Pulumi and in EC2, when asked to", async () => {
        const protectedOnes = (made: Registered) => made.all.filter(({ protect }) => protect).map(({ name }) => name).sort();
        assert.deepEqual(protectedOnes(made), []);
        const guarded = await build({ deletionProtection: true });
        assert.deepEqual(protectedOnes(guarded), ["web-1", "web-2"]);
        assert.deepEqual(["web-1", "web-2"].map(name => guarded.named(name).inputs["disableApiTermination"]), [true, true]);
    });

    it("registers each instance in the target group, where a deployment finds it, on the group's own port", () => {
        for (const name of ["web-1", "web-2", "web-3"]) {
            const { inputs, ignoreChanges } = made.named(`${name}-target`);
            assert.deepEqual(inputs, { targetGroupArn: taggedArgs.targetGroupArn, targetId: idOf(made, name) });
            // Another target group must get them.
            assert.deepEqual(ignoreChanges, []);
        }
    });

    it("waits for each instance until the CodeDeploy agent runs, which the boot script starts last", () => {
        for (const name of ["web-1", "web-2", "web-3"]) {
            assert.deepEqual(made.named(`${name}-booted`).inputs, {
                name: "AWS-RunShellScript",
                targets: [{ key: "InstanceIds", values: [idOf(made, name)] }],
                parameters: { commands: questionOf(made), executionTimeout: "570" },
                waitForSuccessTimeoutSeconds: 1170,
            });
        }
    });

    it("is given the time for a whole boot, and for the whole sleep of an instance that was asked at once", () => {
        const { executionTimeout } = made.named("web-1-booted").inputs["parameters"] as { executionTimeout: string };
        const [, longestSleep = ""] = /\(\$1 < (\d+) \?/.exec(questionOf(made)) ?? [];
        assert.ok(Number(executionTimeout) > Math.max(bootTimeoutSeconds, Number(longestSleep)), `${executionTimeout} for ${longestSleep}`);
    });

    const answers: { when: string; uptime: string; agent: string; code: number; clock: number }[] = [
        { when: "has just booted, once CodeDeploy must see its tags", uptime: "130.00 99.00", agent: "active", code: 0, clock: 170 },
        { when: "has booted slowly, at once", uptime: "421.07 1.5", agent: "active", code: 0, clock: 0 },
        { when: "has not booted, as a failure", uptime: "421.07 1.5", agent: "inactive", code: 3, clock: 0 },
    ];
    for (const { when, uptime, agent, code, clock } of answers) {
        it(`is answered by an instance that ${when}`, () => {
            using host = new Host();
            host.stub("cloud-init", '[ "$*" = "status --wait" ]');
            host.stub("systemctl", `[ "$*" = "is-active codedeploy-agent" ] && echo ${agent}; [ ${agent} = active ] || exit 3`);
            host.stub("sleep", 'echo "${1%.*}" >"$HOST/clock"');
            const run = host.run(["/bin/sh", "-c", questionOf(made).replace("/proc/uptime", host.write("uptime", `${uptime}\n`))]);
            assert.deepEqual([run.code, host.clockSeconds, run.calls[0]], [code, clock, "cloud-init status --wait"], run.output);
        });
    }

    it("waits for an instance again that takes another's place, which only a new question does", async () => {
        const replaced = new Map<string, unknown>();
        await build({}, {
            transformations: [({ name, opts }) => {
                replaced.set(name, opts.replaceOnChanges);
                return undefined;
            }],
        });
        assert.deepEqual(["web-1-booted", "web-2-booted"].map(name => replaced.get(name)), [["targets"], ["targets"]]);
    });

    it("parents its children and gives them its name", () => {
        const { urn } = made.named("web");
        for (const { name, parent, custom } of made.all.filter(({ custom }) => custom)) {
            assert.deepEqual([custom, parent, name.startsWith("web-")], [true, urn, true], name);
        }
    });

    it("launches no instance before the network, its rules and its rights are there", async () => {
        const made = await registered(() => {
            const routes = new aws.ec2.InternetGateway("routes");
            new TaggedFleet("web", taggedArgs, { dependsOn: routes });
        });
        for (const name of ["web-1", "web-2"]) {
            for (const earlier of ["routes", "web-instance-policy", "web-compose", "web-profile", "web-out", "web-from-alb", "web-alb-out"]) {
                assert.equal(made.comesAfter(name, earlier), true, `${name} does not wait for ${earlier}`);
            }
        }
    });

    it("lets whoever depends on it wait for all boots and registrations, and who names its instances for the boots", async () => {
        const made = await registered(() => {
            const fleet = new TaggedFleet("web", taggedArgs);
            new aws.ssm.Parameter("deployment", { type: "String", value: "due" }, { dependsOn: fleet });
            new aws.ssm.Parameter("list", { type: "String", value: pulumi.jsonStringify(fleet.instanceIds) });
        });
        const waitsFor = (later: string) => ["web-1-booted", "web-2-booted", "web-1-target", "web-2-target"].filter(one => made.comesAfter(later, one));
        assert.deepEqual(waitsFor("deployment"), ["web-1-booted", "web-2-booted", "web-1-target", "web-2-target"]);
        assert.deepEqual(waitsFor("list"), ["web-1-booted", "web-2-booted"]);
    });

    it("needs no Auto Scaling", () => {
        assert.deepEqual(made.all.filter(({ type }) => type.startsWith("aws:autoscaling/")), []);
    });

    it("tells the names that others connect to", () => {
        assert.deepEqual(made.named("web").outputs, {
            deploymentTarget: { instanceTags: { project: "shop", stage: "dev", fleet: "web" } },
            instanceIds: ["web-1", "web-2", "web-3"].map(name => idOf(made, name)),
            logGroupName: made.named("web-logs").outputs["name"],
            securityGroupId: made.named("web-access").outputs["id"],
            instanceRoleName: made.named("web-instance-role").outputs["name"],
            fleetName: "shop-dev-web",
        });
    });

    it("refuses all wrong arguments in one error", async () => {
        await assert.rejects(build({ size: 1, launchTags: {}, instanceType: "small", bootScript: "#!/bin/sh" }), {
            message:
                "TaggedFleet 'web': size must be a whole number from 2 on, since half of the instances serve while the others change, got 1; " +
                "launchTags must be one or two, since CodeDeploy finds instances by three tags at most and one is 'fleet', got 0; " +
                "instanceType must be one of EC2's such as t3.small or t4g.small, got 'small'; bootScript must begin with #!/bin/bash, since it runs as that",
        });
        await assert.rejects(build({ size: 2.5, launchTags: { fleet: "a", Name: "b", stage: "dev" } }), {
            message:
                "TaggedFleet 'web': size must be a whole number from 2 on, since half of the instances serve while the others change, got 2.5; " +
                "launchTags must be one or two, since CodeDeploy finds instances by three tags at most and one is 'fleet', got 3; " +
                "launchTags must leave 'fleet' and 'Name' to the fleet",
        });
    });
});
