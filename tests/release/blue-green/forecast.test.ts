import assert from "node:assert/strict";
import fc from "fast-check";
import { forecastRoll, type RollForecast } from "../../../release/blue-green/forecast";
import { forwardSteps } from "../../../release/blue-green/step";
import { defaults, type RolloutPlan, type RollWorkSeconds } from "../../../release/rollout";

const work: RollWorkSeconds = { stop: 0, download: 2, pull: 30, install: 4, run: 5, validate: 6, noticeFailure: 100, boot: 50, call: 1 };
const gradual: RolloutPlan = { ...defaults, strategy: "blueGreen", minSize: 4, shiftPercents: [10, 100], bakeSeconds: 200, warmSeconds: 600 };

/** Without the dust of binary fractions. */
function rounded({ secondsPerStep, ...numbers }: RollForecast) {
    const round = (seconds: Readonly<Record<string, number>>) => Object.fromEntries(Object.entries(seconds).map(([name, each]) => [name, Math.round(each * 1e6) / 1e6]));
    return { ...round(numbers), secondsPerStep: round(secondsPerStep) };
}

describe("the forecast of a blue/green release", () => {
    it("tells where its seconds go, when it serves, and what it costs", () => {
        assert.deepEqual(rounded(forecastRoll(gradual, { work })), {
            secondsPerStep: {
                detach: 1, grow: 1, boot: 55, attach: 1, install: 106.3, healthy: 1, probe: 1, disarm: 1, match: 1, shift: 1, bake: 200,
                commit: 1, settle: 1, retire: 1,
            },
            // 168.3 to fill, match and disarm, a match and a shift a share, a bake between them.
            servingSeconds: 372.3,
            rolloutSeconds: 575.3,
            capacityFloor: 1,
            // Disarm, match, shift.
            rollbackSeconds: 103,
            coldRollbackSeconds: 270.3,
            lowerBoundSeconds: 494.3,
            extraInstances: 4,
            extraSeconds: 1194.3,
        });
    });

    it("scales what the service waits for and leaves work as it is", () => {
        assert.deepEqual(rounded(forecastRoll(gradual, { scale: 0.1, work })), {
            secondsPerStep: {
                detach: 1, grow: 1, boot: 50.5, attach: 1, install: 52.93, healthy: 1, probe: 1, disarm: 1, match: 1, shift: 1, bake: 20,
                commit: 1, settle: 1, retire: 1,
            },
            servingSeconds: 134.43,
            rolloutSeconds: 157.43,
            capacityFloor: 1,
            rollbackSeconds: 103,
            coldRollbackSeconds: 212.43,
            lowerBoundSeconds: 98.93,
            extraInstances: 4,
            extraSeconds: 218.43,
        });
    });

    it("puts the default release at less than four minutes, two of them the boot", () => {
        const { servingSeconds } = forecastRoll({ ...defaults, strategy: "blueGreen" });
        assert.ok(servingSeconds > 180 && servingSeconds < 240, `${servingSeconds}`);
    });

    it("goes back in less time while what served is warm, is never faster than its bound, and adds up", () => {
        const shares = fc.constantFrom([100], [10, 100], [1, 2, 3, 100]);
        fc.assert(fc.property(shares, fc.integer({ min: 0, max: 3600 }), fc.constantFrom(0.1, 0.5, 1), (shiftPercents, bakeSeconds, scale) => {
            const expected = forecastRoll({ ...gradual, shiftPercents, bakeSeconds }, { scale, work });
            const { secondsPerStep, rolloutSeconds, servingSeconds, lowerBoundSeconds, rollbackSeconds, coldRollbackSeconds } = expected;
            assert.ok(rollbackSeconds < coldRollbackSeconds);
            assert.ok(lowerBoundSeconds < rolloutSeconds && servingSeconds < rolloutSeconds);
            const sum = forwardSteps({ kind: "deploy", shiftPercents, bakeSeconds })
                .reduce((total, { name }) => total + secondsPerStep[name as keyof typeof secondsPerStep], 0);
            assert.ok(Math.abs(sum - rolloutSeconds) < 1e-6);
        }));
    });
});
