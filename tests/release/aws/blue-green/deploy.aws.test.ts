import assert from "node:assert/strict";
import { applyMinimum } from "../../../../release/aws/blue-green/apply-minimum";
import { flipColours } from "../../../../release/aws/blue-green/flip-colours";
import { rollColours } from "../../../../release/aws/blue-green/roll-colours";
import { warmColour } from "../../../../release/aws/blue-green/warm-colour";
import { colourHeaderValue } from "../../../../release/blue-green/colour";
import { colourSecret } from "../../../support/aws/demo-colours";
import { callsAsText, openColours, versions } from "./colour-site";

const full = { minSize: 2, maxSize: 4, desired: 2, instances: 2, hooked: true };

describe("roll from one colour to the other on AWS", () => {
    it("brings a release to the idle colour, and all requests by one call", async () => {
        await using site = await openColours();
        const before = await site.parameters();
        const driver = site.driver();
        const end = await rollColours(driver.clients, site.stage, versions.b, driver.options);
        assert.equal(end?.result, "succeeded");
        assert.deepEqual(callsAsText(site, driver.calls), [
            "UpdateDeploymentGroup dev-green []",
            "PutScheduledUpdateGroupAction GREEN gapless-end 2026-01-01T02:00:00.000Z 0 0",
            "UpdateAutoScalingGroup GREEN 2 2",
            "UpdateDeploymentGroup dev-green [GREEN]",
            `CreateDeployment dev-green releases/bbbbbbbbbbbb.zip release bbbbbbbbbbbb, roll ${end.roll.id}, by ann CodeDeployDefault.AllAtOnce false`,
            "DeleteScheduledAction GREEN gapless-end",
            "ModifyListener WEIGHTS forward BLUE-TARGETS 0 GREEN-TARGETS 100 false",
            "PutParameter /gapless/gapless/dev/activeColour green String true",
            "PutScheduledUpdateGroupAction BLUE gapless-end 2026-01-01T00:30:04.000Z 0 0",
            "PutImage deployed-bbbbbbbbbbbb",
        ]);
        assert.deepEqual(await site.state(), {
            weights: { blue: 0, green: 100 }, active: "green", groups: { blue: { ...full, ends: true }, green: { ...full, ends: false } },
        });
        assert.deepEqual(await site.parameters(), { ...before, "/gapless/gapless/dev/activeColour": "green" });
        const { roll, stopRequested, blue, green, warm } = await site.document();
        assert.deepEqual({ roll, stopRequested, blue: blue?.version, green: green?.version, warm }, {
            roll: null, stopRequested: null, blue: versions.a, green: versions.b, warm: { colour: "blue", until: "2026-01-01T00:30:04.000Z" },
        });
        const [entry] = await site.journal();
        assert.deepEqual([entry?.result, entry?.by, entry?.deploymentId, entry?.codeDeployId, entry?.colour], ["succeeded", "roll", end.roll.id, end.codeDeployId, "green"]);
        assert.deepEqual(site.demo.entrance?.requests, Array.from({ length: 3 }, () => ({ path: "/orders", host: "shop.example", colour: colourHeaderValue("green", colourSecret) })));
    });

    it("flips back to the warm colour by one call, and forth again", async () => {
        await using site = await openColours();
        const first = site.driver();
        await rollColours(first.clients, site.stage, versions.b, first.options);
        assert.equal(warmColour(await site.document(), site.clock.now())?.release.version, versions.a);
        const back = site.driver({ by: "rollback", bakeSeconds: 0 });
        const end = await flipColours(back.clients, site.stage, back.options);
        assert.deepEqual([end.result, end.roll.kind, end.roll.version], ["succeeded", "flip", versions.a]);
        assert.deepEqual(callsAsText(site, back.calls), [
            "DeleteScheduledAction BLUE gapless-end",
            "ModifyListener WEIGHTS forward BLUE-TARGETS 100 GREEN-TARGETS 0 false",
            "PutParameter /gapless/gapless/dev/activeColour blue String true",
            "PutScheduledUpdateGroupAction GREEN gapless-end 2026-01-01T00:30:04.000Z 0 0",
            "PutImage deployed-aaaaaaaaaaaa",
        ]);
        assert.deepEqual(await site.state(), {
            weights: { blue: 100, green: 0 }, active: "blue", groups: { blue: { ...full, ends: false }, green: { ...full, ends: true } },
        });
        const forth = site.driver({ by: "flip" });
        const again = await flipColours(forth.clients, site.stage, forth.options);
        assert.deepEqual([again.roll.version, again.roll.kind, (await site.state()).active], [versions.b, "flip", "green"]);
    });

    it("deploys what serves to the other colour when one flips and nothing is warm", async () => {
        await using site = await openColours({ warmSeconds: 0 });
        const driver = site.driver({ by: "flip" });
        const end = await flipColours(driver.clients, site.stage, driver.options);
        assert.deepEqual([end.roll.kind, end.roll.version, (await site.state()).active], ["deploy", versions.a, "green"]);
        assert.deepEqual((await site.state()).groups["blue"], { minSize: 0, maxSize: 4, desired: 0, instances: 0, hooked: true, ends: false });
        assert.equal((await site.document()).warm, null);
    });

    it("does nothing when the release serves already", async () => {
        await using site = await openColours();
        const driver = site.driver();
        assert.equal(await rollColours(driver.clients, site.stage, versions.a, driver.options), undefined);
        assert.deepEqual(callsAsText(site, driver.calls), ["PutImage deployed-aaaaaaaaaaaa"]);
    });

    it("shifts in shares, each after the sizes were matched, and watches after each", async () => {
        await using site = await openColours({ shiftPercents: [10, 100], bakeSeconds: 20, weightsIn: "rule" });
        const driver = site.driver();
        let grown = false;
        site.clock.meanwhile(async () => {
            // The colour that serves grows while the first share is watched.
            if (grown || (await site.state()).weights.green !== 10) return;
            grown = true;
            await site.resize(site.stage.blueGreen.blue.autoScalingGroup, 3);
        });
        const end = await rollColours(driver.clients, site.stage, versions.b, driver.options);
        assert.equal(end?.result, "succeeded", end?.reason);
        assert.deepEqual(callsAsText(site, driver.calls).slice(5), [
            "DeleteScheduledAction GREEN gapless-end",
            "ModifyRule WEIGHTS forward BLUE-TARGETS 90 GREEN-TARGETS 10 false",
            "UpdateAutoScalingGroup BLUE 3",
            "UpdateAutoScalingGroup GREEN 3 3",
            "ModifyRule WEIGHTS forward BLUE-TARGETS 0 GREEN-TARGETS 100 false",
            "PutParameter /gapless/gapless/dev/activeColour green String true",
            "PutScheduledUpdateGroupAction GREEN gapless-settle 2026-01-01T00:10:44.000Z 2",
            "PutScheduledUpdateGroupAction BLUE gapless-end 2026-01-01T00:30:44.000Z 0 0",
            "PutImage deployed-bbbbbbbbbbbb",
        ]);
        assert.equal((await site.state()).groups["green"]?.minSize, 3);
        // The fewest that the program wants may change meanwhile, and the parameter may still say that blue serves.
        const wanted = (minSize: number) => ({ ...site.stage, blueGreen: { ...site.stage.blueGreen, sizes: { minSize, maxSize: 4 } } });
        const { clients } = site;
        assert.equal(await applyMinimum(clients, wanted(2), new AbortController().signal), undefined);
        assert.deepEqual(await applyMinimum(clients, wanted(1), new AbortController().signal), { group: "gapless-dev-green", before: 3, after: 1 });
        assert.equal((await site.state()).groups["green"]?.minSize, 3, "held still");
        // The next roll holds what serves until that serves no more.
        const next = site.driver({ by: "flip", bakeSeconds: 0 });
        await flipColours(next.clients, site.stage, next.options);
        assert.deepEqual(callsAsText(site, next.calls).slice(0, 2), ["DeleteScheduledAction BLUE gapless-end", "DeleteScheduledAction GREEN gapless-settle"]);
    });

    it("brings the first release of a stack whose groups are empty", async () => {
        await using site = await openColours({ serves: false });
        await site.resize(site.stage.blueGreen.blue.autoScalingGroup, 0);
        assert.equal(await site.applyMinimum(), undefined);
        const driver = site.driver();
        const end = await rollColours(driver.clients, site.stage, versions.b, driver.options);
        assert.equal(end?.result, "succeeded", end?.reason);
        const { groups, weights } = await site.state();
        assert.deepEqual([weights.green, groups["green"]?.instances, groups["blue"]?.instances], [100, 2, 0]);
    });

    it("gives the group that serves the fewest instances that the program wants", async () => {
        await using site = await openColours();
        await site.resize(site.stage.blueGreen.blue.autoScalingGroup, 3, 3);
        assert.deepEqual(await site.applyMinimum(), { group: "gapless-dev", before: 3, after: 2 });
        assert.equal(await site.applyMinimum(), undefined);
    });
});
