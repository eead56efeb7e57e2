import assert from "node:assert/strict";
import { list, needsOf, setting } from "../../../cli/doctor/needs";
import type { RecordedProgram } from "../../../rehearsal/program/program-facts";

const resource = (type: string, inputs: Record<string, unknown> = {}) => ({ type, name: "web", inputs, outputs: {} });
const template = resource("aws:ec2/launchTemplate:LaunchTemplate", { instanceType: "t4g.small" });
const group = resource("aws:autoscaling/group:Group", { minSize: 2, maxSize: 12 });
const vpc = (natGateways: unknown) => resource("awsx:ec2:Vpc", { natGateways, numberOfAvailabilityZones: 2 });
const program = (registrations: RecordedProgram["registrations"], config: Record<string, string> = {}): RecordedProgram => ({ registrations, config, outputs: {} });

describe("what a program needs of an account", () => {
    it("is a tenth more than the group's largest size, since it is renewed so", () => {
        const { instances, instanceTypes, architecture, spot } = needsOf(program([template, group], { "shop:alternativeInstanceTypes": '["t4g.medium"]', "shop:spot": "true" }));
        assert.deepEqual([instances, instanceTypes, architecture?.platform, spot], [14, ["t4g.small", "t4g.medium"], "linux/arm64", true]);
    });

    it("is the largest size of its schedules, where that is larger; some change none", () => {
        const schedules = [resource("aws:autoscaling/schedule:Schedule", { maxSize: 20 }), resource("aws:autoscaling/schedule:Schedule", {})];
        assert.equal(needsOf(program([template, group, ...schedules])).instances, 22);
    });

    it("is twice the largest size with two colours, which both run during a roll", () => {
        assert.equal(needsOf(program([template, group, group])).instances, 24);
    });

    it("is the number of tagged instances, which are never more", () => {
        const instance = resource("aws:ec2/instance:Instance");
        assert.equal(needsOf(program([template, instance, instance])).instances, 2);
    });

    it("is an address for each NAT gateway", () => {
        const addresses = [{ strategy: "None" }, { strategy: "Single" }, { strategy: "OnePerAz" }].map(natGateways => needsOf(program([template, group, vpc(natGateways)])).elasticIps);
        assert.deepEqual(addresses, [0, 1, 2]);
        assert.equal(needsOf(program([template, group])).elasticIps, 0);
    });

    it("is a network and a load balancer only when it makes them", () => {
        const own = needsOf(program([template, group, vpc({}), resource("aws:lb/loadBalancer:LoadBalancer")]));
        const others = needsOf(program([template, group]));
        assert.deepEqual([own.ownVpc, own.ownLoadBalancer, others.ownVpc, others.ownLoadBalancer], [true, true, false, false]);
    });

    it("is read from settings whatever the project is called, but not from the provider's", () => {
        assert.equal(setting({ config: { "aws:region": "a", "shop:region": "b" } }, "region"), "b");
        assert.equal(setting({ config: { "aws:region": "a" } }, "region"), undefined);
        assert.deepEqual([list(undefined), list(""), list('["1"]')], [[], [], ["1"]]);
    });
});
