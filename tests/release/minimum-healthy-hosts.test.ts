import assert from "node:assert/strict";
import fc from "fast-check";
import { halfAtATime, type MinimumHealthyHosts, minimumHealthy, waves } from "../../release/minimum-healthy-hosts";

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
});
