import assert from "node:assert/strict";
import { rollWishes, type ShiftWords } from "../../cli/roll-words";
import { leastRollMinutes } from "../../release/blue-green/roll-minutes";
import type { Stage } from "../../release/stage";
import { stage as rolling } from "../support/aws/deploying";

const resources = { autoScalingGroup: "g", deploymentGroup: "d", targetGroupArn: "t", headerRuleArn: "r", alarms: [] };
const stage: Stage = {
    ...rolling,
    blueGreen: {
        blue: resources, green: resources, weights: { listenerArn: "l" }, shiftPercents: [100], bakeSeconds: 60, warmSeconds: 0, probePath: "/", dnsTarget: "d",
        active: "blue", sizes: { minSize: 2, maxSize: 4 },
    },
};
const refused = (of: Stage, words: ShiftWords, way: "direct" | "pipeline", message: RegExp | string): void => {
    assert.throws(() => rollWishes(of, words, way), { name: "DeliveryError", kind: "usage", message });
};

describe("--shift and --bake", () => {
    it("are wishes of a blue/green stack's roll, past the pipeline and through it", () => {
        for (const way of ["direct", "pipeline"] as const) {
            assert.deepEqual(rollWishes(stage, { shift: [10, 50, 100], bake: 0 }, way), { shiftPercents: [10, 50, 100], bakeSeconds: 0 });
            assert.deepEqual(rollWishes(stage, {}, way), {});
        }
    });

    it("are nothing that a stack without them would be refused for", () => {
        assert.deepEqual(rollWishes(rolling, {}, "pipeline"), {});
        assert.deepEqual(rollWishes({ ...stage, source: "github" }, {}, "pipeline"), {});
    });

    it("are refused for a stack that is rolled host by host", () => {
        refused(rolling, { bake: 60 }, "direct", "--bake: for blue/green stacks alone, and dev is rolled host by host. Take the option away, or see docs/changing-strategy.md.");
    });

    for (const source of ["github", "pulumi"] as const) {
        it(`cannot go through the pipeline of source ${source}, which says where to set them instead`, () => {
            refused({ ...stage, source }, { shift: [10, 100], bake: 60 }, "pipeline",
                `--shift and --bake cannot go through the pipeline of dev (source: ${source}): set gapless:shiftPercents and gapless:bakeSeconds in Pulumi.dev.yaml and run ./gapless up dev.`);
            assert.deepEqual(rollWishes({ ...stage, source }, { bake: 60 }, "direct"), { bakeSeconds: 60 });
        });
    }

    it("are refused when the shares do not lead to all requests", () => {
        refused(stage, { shift: [50, 10] }, "direct", /^--shift .*; received 50,10\.$/);
    });

    it("are refused through the pipeline when its build has not the time to watch so long, and not past it", () => {
        const bake = 3600;
        const shift = [10, 25, 50, 75, 90, 100];
        refused(stage, { shift, bake }, "pipeline", new RegExp(
            String.raw`^--shift and --bake: 6 shares of 3600 s take ${Math.ceil(leastRollMinutes({ shiftPercents: shift, bakeSeconds: bake }))} minutes at the least, and the pipeline of dev gives a roll \d+\. `
            + String.raw`Take fewer or shorter ones, or \./gapless deploy dev --direct, which has no limit\.$`));
        assert.deepEqual(rollWishes(stage, { shift: [10, 100], bake }, "pipeline"), { shiftPercents: [10, 100], bakeSeconds: bake });
        assert.deepEqual(rollWishes(stage, { shift, bake }, "direct"), { shiftPercents: shift, bakeSeconds: bake });
    });

    it("have the settings stand for the one that is not said", () => {
        const slow = { ...stage, blueGreen: { ...stage.blueGreen as NonNullable<Stage["blueGreen"]>, bakeSeconds: 3600 } };
        refused(slow, { shift: [1, 2, 3, 4, 5, 6, 7, 100] }, "pipeline", /^--shift: 8 shares of 3600 s take \d+ minutes at the least/);
    });
});
