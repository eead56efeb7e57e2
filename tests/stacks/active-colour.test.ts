import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { record } from "../../rehearsal/program/recording";
import type { Values } from "../../rehearsal/program/stand-ins";
import { checkAccount } from "../../stacks/lookups";
import { readSettings } from "../../stacks/settings";
import { asked, failing, type Given, refusal, sourceOf, tokens } from "./asking";
import { parametersOf } from "./variant";

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
    const sound: readonly (readonly [string, Given])[] = [
        ["blue and one fleet is wanted", told({ activeColour: "blue" })],
        ["green and two colours are wanted", told({ activeColour: "green" }, colours)],
        ["none yet and two colours are wanted", told({}, colours)],
    ];
    for (const [title, { given = {}, answers = {} }] of sound) {
        it(`is no reason to refuse when it is ${title}`, async () => {
            const source = sourceOf({ given });
            await assert.doesNotReject(record(() => checkAccount(readSettings(source).settings, source), { config: source.config, answers }));
        });
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
