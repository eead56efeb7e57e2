import assert from "node:assert/strict";
import { blueOf, readColourFacts } from "../../../rehearsal/program/colour-facts";
import type { RecordedProgram, RecordedResource } from "../../../rehearsal/program/program-facts";

const resource = (type: string, name: string, inputs: Record<string, unknown>): RecordedResource => ({ type, name, inputs, outputs: {} });
const parameter = (last: string, value: unknown): RecordedResource =>
    resource("aws:ssm/parameter:Parameter", `web-${last}`, { name: `/gapless/shop/dev/${last}`, value: JSON.stringify(value) });
const colour = (suffix: string) => ({
    autoScalingGroup: `web-hosts-group${suffix}`, deploymentGroup: `dev${suffix}`, targetGroupArn: `arn:targets${suffix}`, headerRuleArn: `arn:rule${suffix}`, alarms: [`latency${suffix}`, `errors${suffix}`],
});
const stage = {
    schemaVersion: 1, stage: "dev", source: "pulumi", url: "http://shop.example.com", fleet: { autoScalingGroup: "web-hosts-group" }, architecture: "x86_64",
    releaseBucket: "releases", repository: "registry.example.com/shop", pipeline: "web-pipeline", approval: false, codeDeployApplication: "shop",
    deploymentGroup: "dev", alarms: [], targetGroupArn: "arn:targets", logGroup: "logs", keepReleases: 30,
};
const blueGreen = {
    blue: colour(""), green: colour("-green"), weights: { listenerArn: "arn:listener" }, shiftPercents: [10, 100], bakeSeconds: 60, warmSeconds: 1800,
    probePath: "/", dnsTarget: "lb.example.com",
};
const rule = (name: string, header: string, value: string): RecordedResource =>
    resource("aws:lb/listenerRule:ListenerRule", name, { conditions: [{ hostHeader: { values: ["shop.example.com"] } }, { httpHeader: { httpHeaderName: header, values: [value] } }] });

const program = (...registrations: readonly RecordedResource[]): RecordedProgram => ({ config: {}, outputs: {}, registrations });
const alarm = (name: string, percent: number, result: string): RecordedResource => ({
    type: "aws:cloudwatch/metricAlarm:MetricAlarm", name: `web-${name}`, outputs: { name },
    inputs: { threshold: percent, evaluationPeriods: 3, datapointsToAlarm: 1, metricQueries: [{ id: "asked", expression: "IF(asked >= 1, share, 0)", returnData: false }, { id: "result", expression: result, returnData: true }] },
});
const sound = [
    alarm("errors-green", 7, "IF(asked >= 70, share, 0)"), alarm("latency", 2, "IF(requests >= 40, latency, 0)"), alarm("errors", 4, "IF(asked >= 30, share, 0)"),
    parameter("stage", { ...stage, blueGreen }), parameter("sizes", { minSize: 2, maxSize: 6 }),
    rule("other", "X-Other", "blue-not-this"), rule("web-header-green", "X-Gapless-Colour", "green-0123456789abcdef"), rule("web-header-blue", "X-Gapless-Colour", "blue-0123456789abcdef"),
];

describe("the facts of two colours", () => {
    it("are read from what the program writes down for deployments, and from the header's rule", () => {
        assert.deepEqual(readColourFacts(program(...sound)), {
            deploymentGroupNames: { blue: "dev", green: "dev-green" }, headerSecret: "0123456789abcdef",
            errorAlarm: { percent: 4, minimumRequests: 30, evaluationPeriods: 3, datapointsToAlarm: 1 }, shiftPercents: [10, 100], bakeSeconds: 60, warmSeconds: 1800, sizes: { minSize: 2, maxSize: 6 },
        });
    });

    it("are none of a stage that has one fleet", () => {
        assert.equal(readColourFacts(program(parameter("stage", stage))), undefined);
        assert.equal(readColourFacts(program()), undefined);
    });

    it("want the sizes, for the groups begin empty", () => {
        assert.throws(() => readColourFacts(program(...sound.filter(({ name }) => name !== "web-sizes"))), { name: "ProgramError", message: /no parameter 'sizes'/ });
    });

    it("want the header's rule, for a colour is tried by it", () => {
        assert.throws(() => readColourFacts(program(...sound.filter(({ name }) => name !== "web-header-blue"))), { name: "ProgramError", message: /no rule for the header X-Gapless-Colour/ });
    });

    it("want the alarm on errors, for it sends a bad release back", () => {
        assert.throws(() => readColourFacts(program(...sound.filter(({ name }) => name !== "web-errors"))), {
            name: "ProgramError", message: /no alarm on the share of errors \(of latency, errors\)/,
        });
    });

    it("name what is wrong with a parameter", () => {
        assert.throws(() => readColourFacts(program(parameter("stage", { ...stage, blueGreen: { ...blueGreen, bakeSeconds: "60" } }))), {
            name: "ProgramError", message: /^The program's parameter 'stage' cannot be rehearsed:\n.*bakeSeconds/s,
        });
    });

    describe("of two resources of a type", () => {
        const blue = resource("t", "web-targets", { drain: 20, tags: { a: 1 } });

        it("are blue's where both are alike", () => {
            const green = resource("t", "web-targets-green", { drain: 20, tags: { a: 2 } });
            assert.deepEqual(blueOf([green, blue], ["drain"]), [blue]);
        });

        it("cannot be read where the colours differ in what a rehearsal looks at", () => {
            const green = resource("t", "web-targets-green", { drain: 25 });
            assert.throws(() => blueOf([blue, green], ["drain", "tags"]), {
                name: "ProgramError", message: "The two colours differ in drain, tags (web-targets, web-targets-green); they can be rehearsed when they are alike.",
            });
        });
    });
});
