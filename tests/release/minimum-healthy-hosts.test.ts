import assert from "node:assert/strict";
import fc from "fast-check";
import {
    halfAtATime, type MinimumHealthyHosts, minimumHealthy, oneAtATime, parseMinimumHealthyHosts, printMinimumHealthyHosts, waves,
} from "../../release/minimum-healthy-hosts";

describe("minimum healthy hosts", () => {
    for (const [hosts, minimum, sizes] of [
        [1, 1, []],
        [2, 1, [1, 1]],
        [3, 2, [1, 1, 1]],
        [4, 2, [2, 2]],
        [5, 3, [2, 2, 1]],
        [7, 4, [3, 3, 1]],
        [8, 4, [4, 4]],
    ] as const) {
        it(`of half of ${hosts} are ${minimum}, so the waves are [${sizes.join(", ")}]`, () => {
            assert.equal(minimumHealthy(hosts, halfAtATime), minimum);
            assert.deepEqual(waves(hosts, halfAtATime), sizes);
        });
    }

    for (const [rule, hosts, sizes] of [
        [{ type: "FLEET_PERCENT", value: 95 }, 10, []],
        [{ type: "FLEET_PERCENT", value: 95 }, 20, Array.from({ length: 20 }, () => 1)],
        [{ type: "FLEET_PERCENT", value: 0 }, 3, [3]],
        [{ type: "HOST_COUNT", value: 3 }, 4, [1, 1, 1, 1]],
        [{ type: "HOST_COUNT", value: 3 }, 3, []],
        [{ type: "HOST_COUNT", value: 5 }, 3, []],
        [{ type: "HOST_COUNT", value: 0 }, 0, []],
        [oneAtATime, 3, [1, 1, 1]],
        [oneAtATime, 1, [1]],
        [oneAtATime, 0, []],
    ] as const satisfies [MinimumHealthyHosts, number, number[]][]) {
        it(`of ${rule.type} ${rule.value} let ${hosts} hosts go in waves of [${sizes.join(", ")}]`, () => {
            assert.deepEqual(waves(hosts, rule), sizes);
        });
    }

    it("lets every host go exactly once, and never more than the minimum allows", () => {
        fc.assert(
            fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: 100 }), (hosts, value) => {
                const rule: MinimumHealthyHosts = { type: "FLEET_PERCENT", value };
                const spare = hosts - minimumHealthy(hosts, rule);
                const sizes = waves(hosts, rule);
                assert.equal(sizes.reduce((total, size) => total + size, 0), spare > 0 ? hosts : 0);
                assert.ok(sizes.every(size => size > 0 && size <= spare));
            }),
        );
    });

    it("let a larger fleet go no fewer at a time, so a rule that holds for the smallest fleet holds for all", () => {
        const rules = fc.oneof(
            fc.record({ type: fc.constant("FLEET_PERCENT" as const), value: fc.integer({ min: 0, max: 100 }) }),
            fc.record({ type: fc.constant("HOST_COUNT" as const), value: fc.integer({ min: 0, max: 60 }) }),
            fc.constant(oneAtATime),
        );
        fc.assert(
            fc.property(fc.integer({ min: 1, max: 60 }), rules, (hosts, rule) => {
                assert.ok((waves(hosts + 1, rule)[0] ?? 0) >= (waves(hosts, rule)[0] ?? 0));
            }),
        );
    });

    for (const [text, rule] of [
        ["HalfAtATime", halfAtATime],
        ["OneAtATime", oneAtATime],
        ["75%", { type: "FLEET_PERCENT", value: 75 }],
        ["0%", { type: "FLEET_PERCENT", value: 0 }],
        ["100%", { type: "FLEET_PERCENT", value: 100 }],
        ["3", { type: "HOST_COUNT", value: 3 }],
    ] as const satisfies [string, MinimumHealthyHosts][]) {
        it(`are written ${text}`, () => {
            assert.deepEqual(parseMinimumHealthyHosts(text), rule);
            assert.equal(printMinimumHealthyHosts(rule), text);
        });
    }

    it("of half are written as AWS names them, also when they were set as a percentage", () => {
        assert.equal(printMinimumHealthyHosts({ type: "FLEET_PERCENT", value: 50 }), "HalfAtATime");
    });

    for (const text of ["", "AllAtOnce", "toString", "101%", "-1", "1.5", "050%", "50 %", "50%%", "halfatatime"]) {
        it(`are not written '${text}'`, () => {
            assert.equal(parseMinimumHealthyHosts(text), undefined);
        });
    }
});
