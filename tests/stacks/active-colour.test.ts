import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { record } from "../../rehearsal/program/recording";
import type { Answers, Values } from "../../rehearsal/program/stand-ins";
import { checkAccount } from "../../stacks/lookups";
import { readSettings } from "../../stacks/settings";
import { asked, failing, type Given, refusal, sourceOf, tokens } from "./asking";
import { listener, sample } from "./findings";
import { parametersOf } from "./variant";

function accepted({ given = {}, answers = {} }: Given): Promise<unknown> {
    const source = sourceOf({ given });
    const everything: Answers = {
        [tokens.loadBalancer]: () => ({ vpcId: sample.vpcId, loadBalancerType: "application", internal: false }),
        [tokens.subnet]: ({ id }) => ({ id, vpcId: sample.vpcId, availabilityZone: String(id).at(-1) }),
        ...answers,
    };
    return record(() => checkAccount(readSettings(source).settings, source), { config: source.config, answers: everything });
}

describe("the colour that serves", () => {
    const told = (parameters: Readonly<Record<string, string>>, strategy: Readonly<Record<string, unknown>> = {}): Given => ({ given: strategy, answers: parametersOf(parameters) });
    const stage = (blueGreen: boolean) => JSON.stringify({ schemaVersion: 1, ...(blueGreen && { blueGreen: {} }) });
    const colourOf = async (parameters: Readonly<Record<string, string>>) => (await asked(told(parameters))).facts.activeColour;

    it("is asked for below the stack's own path, whatever is there", async () => {
        const seen: Values[] = [];
        await asked({ stage: "stg", given: { natGateways: "single" }, answers: { [tokens.colour]: inputs => { seen.push(inputs); return { names: [], values: [] }; } } });
        assert.deepEqual(seen, [{ path: "/gapless/gapless/stg", withDecryption: false }]);
    });

    it("is the parameter's, and none of a stack that has one fleet or is not there yet", async () => {
        assert.equal(await colourOf({}), undefined);
        assert.equal(await colourOf({ stage: stage(false), build: "{}" }), undefined);
        assert.equal(await colourOf({ build: "{}", activeColour: "green", stage: stage(true) }), "green");
        assert.equal(await colourOf({ activeColour: "blue" }), "blue");
    });

    it("keeps a stack from one fleet while it is green", async () => {
        assert.equal(await refusal(told({ activeColour: "green", stage: stage(true) })), "1 setting is wrong in Pulumi.dev.yaml:\n"
            + "  gapless:strategy must be blueGreen while green serves: only blue stays, which has no hosts now; received \"rolling\"\n"
            + "      Fix: set strategy to blueGreen; have blue serve by ./gapless flip dev, or when it is not warm any more by ./gapless deploy dev; "
            + "run ./gapless refresh dev; then set strategy to rolling and run ./gapless up dev");
    });

    const colours = { strategy: "blueGreen", colourSecret: "0123456789abcdef" };

    describe("and a port 80 that redirects", () => {
        const note = (more: Readonly<Record<string, unknown>> = {}) => ({ activeColour: "blue", stage: JSON.stringify({ schemaVersion: 1, url: "https://shop.example.com", blueGreen: { weights: { listenerArn: "l" } }, ...more }) });

        it("keep a stack of two colours from going back to HTTP, which would be ignored there", async () => {
            assert.equal(await refusal(told(note(), colours)), "1 setting is wrong in Pulumi.dev.yaml:\n"
                + "  gapless:strategy must be rolling while HTTPS is given up: port 80 redirects there, and what a listener of two colours does is left to deployments; received \"blueGreen\"\n"
                + "      Fix: keep certificateArn or zoneName; or, while blue serves, run ./gapless refresh dev, set strategy to rolling and run ./gapless up dev, which leads port 80 to the hosts; "
                + "then set strategy to blueGreen and run ./gapless up dev");
            // Also one that has one fleet and changes both at once.
            assert.match(await refusal(told({ stage: JSON.stringify({ url: "https://shop.example.com" }) }, colours)), /must be rolling while HTTPS is given up/);
        });

        const certificate = { certificateArn: sample.certificateArn, domainName: "shop.example.com" };
        const fine: Readonly<Record<string, Given>> = {
            "HTTPS is kept": told(note(), { ...colours, ...certificate }),
            "HTTPS is kept, by a zone": told(note(), { ...colours, zoneName: "example.com", domainName: "shop.example.com" }),
            "it joins somebody else's listener": told(note(), { ...colours, ...listener }),
            "it has one fleet": told(note()),
            "it was behind CloudFront, where nothing redirects": told(note({ distribution: "E1" }), colours),
            "it was behind somebody else's listener": told(note({ blueGreen: { weights: { ruleArn: "r" } } }), colours),
            "it had HTTP": told(note({ url: "http://shop.example.com" }), colours),
            "what it has written down is something else": told({ activeColour: "blue", stage: "{" }, colours),
        };
        for (const [title, given] of Object.entries(fine)) {
            it(`are no reason to refuse a stack when ${title}`, async () => { await assert.doesNotReject(accepted(given)); });
        }
    });
    const sound: readonly (readonly [string, Given])[] = [
        ["blue and one fleet is wanted", told({ activeColour: "blue" })],
        ["green and two colours are wanted", told({ activeColour: "green" }, colours)],
        ["none yet and two colours are wanted", told({}, colours)],
    ];
    for (const [title, { given = {}, answers = {} }] of sound) {
        it(`is no reason to refuse when it is ${title}`, async () => { await assert.doesNotReject(accepted({ given, answers })); });
    }

    const unknown = (received: string) => "1 setting is wrong in Pulumi.dev.yaml:\n"
        + `  gapless:strategy must be compared with the colour that serves, which the stack's parameters tell; received /gapless/gapless/dev (${received})\n`
        + "      Fix: see that they may be read (ssm:GetParametersByPath), and that the parameter activeColour says blue or green, whichever the load balancer sends requests to";

    it("must be told, or one fleet might be the one that does not serve", async () => {
        assert.equal(await refusal(told({ activeColour: "red" })), unknown('activeColour is "red"'));
        assert.equal(await refusal(told({ stage: stage(true) }, colours)), unknown("activeColour is missing"));
        const denied = "operation error SSM: GetParametersByPath, https response error StatusCode: 400, AccessDeniedException";
        assert.equal(await refusal({ answers: { [tokens.colour]: failing(denied) } }), unknown(denied));
    });
});
