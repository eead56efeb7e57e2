import assert from "node:assert/strict";
import { flipColours } from "../../../../release/aws/blue-green/flip-colours";
import { rollColours } from "../../../../release/aws/blue-green/roll-colours";
import { type Call, callsAsText, type ColourSite, openColours, versions } from "./colour-site";

/** Every call that changes something, in order: documents by their keys, others in full. */
function changes(site: ColourSite, calls: readonly Call[]): readonly string[] {
    return calls.flatMap(call => (call.name === "PutObject" ? [`PutObject ${String(call.input["Key"])}`] : callsAsText(site, [call])));
}

/** Every call that only asks, once. */
function questions(calls: readonly Call[]): readonly string[] {
    return [...new Set(calls.map(({ name }) => name).filter(name => /^(Get|Describe|List|BatchGet|Head)/.test(name)))].sort();
}

describe("calls of a roll on AWS", () => {
    it("are these and no others in a deployment whose driver is killed and followed by another, and in the flip back", async () => {
        await using site = await openColours();
        const dead = site.driver({ killAt: ({ name }) => (name === "PutParameter" ? "before" : undefined) });
        await assert.rejects(rollColours(dead.clients, site.stage, versions.b, dead.options), /killed/);
        assert.deepEqual((await site.state()).weights, { blue: 0, green: 100 });
        const id = (await site.document()).roll?.roll.id ?? "";
        assert.deepEqual(changes(site, dead.calls), [
            "PutObject lock.json",
            "PutObject colours.json",
            "PutObject journal.json",
            "PutObject colours.json",
            "UpdateDeploymentGroup dev-green []",
            "PutObject colours.json",
            "PutScheduledUpdateGroupAction GREEN gapless-end 2026-01-01T02:00:00.000Z 0 0",
            "UpdateAutoScalingGroup GREEN 2 2",
            "PutObject colours.json",
            "PutObject colours.json",
            "UpdateDeploymentGroup dev-green [GREEN]",
            "PutObject colours.json",
            `CreateDeployment dev-green releases/bbbbbbbbbbbb.zip release bbbbbbbbbbbb, roll ${id}, by ann CodeDeployDefault.AllAtOnce false`,
            "PutObject colours.json",
            "PutObject colours.json",
            "PutObject colours.json",
            "PutObject colours.json",
            "DeleteScheduledAction GREEN gapless-end",
            "PutObject colours.json",
            "PutObject colours.json",
            "ModifyListener WEIGHTS forward BLUE-TARGETS 0 GREEN-TARGETS 100 false",
            "PutObject colours.json",
            "PutParameter /gapless/gapless/dev/activeColour green String true",
        ]);
        assert.deepEqual(questions(dead.calls), [
            "BatchGetDeploymentTargets", "BatchGetDeployments", "DescribeAutoScalingGroups", "DescribeImages", "DescribeInstanceRefreshes", "DescribeListeners", "DescribeRules", "DescribeScheduledActions", "DescribeTargetHealth", "GetDeployment", "GetDeploymentGroup", "GetObject", "GetParameter", "ListDeploymentTargets", "ListDeployments",
        ]);

        const next = site.driver();
        await rollColours(next.clients, site.stage, versions.b, next.options);
        assert.deepEqual((await site.state()).weights, { blue: 0, green: 100 });
        assert.deepEqual(changes(site, next.calls), [
            "PutObject lock.json",
            "PutObject colours.json",
            "PutObject colours.json",
            "PutObject colours.json",
            "PutParameter /gapless/gapless/dev/activeColour green String true",
            "PutObject colours.json",
            "PutObject colours.json",
            "PutScheduledUpdateGroupAction BLUE gapless-end 2026-01-01T00:30:04.000Z 0 0",
            "PutObject journal.json",
            "PutObject colours.json",
            "PutImage deployed-bbbbbbbbbbbb",
            "PutObject lock.json",
        ]);
        assert.deepEqual(questions(next.calls), [
            "BatchGetImage", "DescribeAutoScalingGroups", "DescribeImages", "DescribeListeners", "DescribeScheduledActions", "DescribeTargetHealth", "GetObject", "GetParameter",
        ]);

        const back = site.driver({ by: "flip", bakeSeconds: 0 });
        await flipColours(back.clients, site.stage, back.options);
        assert.deepEqual((await site.state()).weights, { blue: 100, green: 0 });
        assert.deepEqual(changes(site, back.calls), [
            "PutObject lock.json",
            "PutObject journal.json",
            "PutObject colours.json",
            "DeleteScheduledAction BLUE gapless-end",
            "PutObject colours.json",
            "PutObject colours.json",
            "ModifyListener WEIGHTS forward BLUE-TARGETS 100 GREEN-TARGETS 0 false",
            "PutObject colours.json",
            "PutParameter /gapless/gapless/dev/activeColour blue String true",
            "PutObject colours.json",
            "PutObject colours.json",
            "PutScheduledUpdateGroupAction GREEN gapless-end 2026-01-01T00:30:04.000Z 0 0",
            "PutObject journal.json",
            "PutObject colours.json",
            "PutImage deployed-aaaaaaaaaaaa",
            "PutObject lock.json",
        ]);
        assert.deepEqual(questions(back.calls), [
            "BatchGetImage", "DescribeAutoScalingGroups", "DescribeImages", "DescribeInstanceRefreshes", "DescribeListeners", "DescribeScheduledActions", "DescribeTargetHealth", "GetObject", "GetParameter", "ListDeployments",
        ]);
    });
});
