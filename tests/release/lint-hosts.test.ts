import assert from "node:assert/strict";
import { type Finding, lintPlan } from "../../release/lint";
import { oneAtATime } from "../../release/minimum-healthy-hosts";
import { forecast } from "../../release/forecast";
import { defaults, type RolloutPlan } from "../../release/rollout";

const lint = (change: Partial<RolloutPlan>) => lintPlan({ ...defaults, ...change });
const error = (key: string, rule: string, received: string, fix: string): Finding => ({ severity: "error", key, rule, received, fix });
const warning = (...finding: Parameters<typeof error>): Finding => ({ ...error(...finding), severity: "warning" });

describe("the plan linter, on the hosts that stay healthy,", () => {
    const found: readonly [string, Partial<RolloutPlan>, Finding][] = [
        [
            "a single instance under half at a time",
            { minSize: 1 },
            error(
                "minSize",
                "must exceed the 1 that has to stay healthy, or CodeDeploy refuses every rollout",
                "1",
                "set minSize to 2 or more",
            ),
        ],
        [
            "10 instances of which 95 percent must stay healthy",
            { minSize: 10, maxSize: 10, minimumHealthyHosts: { type: "FLEET_PERCENT", value: 95 } },
            error(
                "minSize",
                "must exceed the 10 that has to stay healthy, or CodeDeploy refuses every rollout",
                "10",
                "set minSize to 20 or more",
            ),
        ],
        [
            "a minimum of all hosts",
            { minimumHealthyHosts: { type: "FLEET_PERCENT", value: 100 } },
            error(
                "minSize",
                "must exceed the 2 that has to stay healthy, or CodeDeploy refuses every rollout",
                "2",
                "set deploymentConfig to a lower minimum",
            ),
        ],
        [
            "all instances at once",
            { minimumHealthyHosts: { type: "HOST_COUNT", value: 0 } },
            error(
                "minSize",
                "must leave an instance in service: this rollout takes all out at once and clients get 503",
                "2",
                "set deploymentConfig to HalfAtATime, with a minSize of 2 or more",
            ),
        ],
        [
            "a count of hosts as large as the fleet",
            { minSize: 3, minimumHealthyHosts: { type: "HOST_COUNT", value: 3 } },
            error(
                "minSize",
                "must exceed the 3 that has to stay healthy, or CodeDeploy refuses every rollout",
                "3",
                "set minSize to 4 or more",
            ),
        ],
        [
            "a single instance, one at a time",
            { minSize: 1, minimumHealthyHosts: oneAtATime },
            error(
                "minSize",
                "must leave an instance in service: this rollout takes all out at once and clients get 503",
                "1",
                "set deploymentConfig to HalfAtATime, with a minSize of 2 or more",
            ),
        ],
        [
            "a count of hosts that is less than half of the grown fleet",
            { minSize: 4, maxSize: 9, minimumHealthyHosts: { type: "HOST_COUNT", value: 2 } },
            warning(
                "deploymentConfig",
                "should keep half of the fleet in service also when it has grown, which it did because it was busy: of 9 instances 2 would stay",
                "2",
                "set deploymentConfig to a percentage of 50% or more",
            ),
        ],
        [
            "a percentage that takes many waves",
            { minSize: 20, maxSize: 20, minimumHealthyHosts: { type: "FLEET_PERCENT", value: 91 } },
            warning(
                "deploymentConfig",
                "should need 10 waves at most, of a minute or so each: 20 instances roll in 20",
                "91%",
                "set deploymentConfig to a lower percentage; HalfAtATime needs two waves",
            ),
        ],
        [
            "a rollout that CodeDeploy ends before it is through",
            { minSize: 600, maxSize: 600, minimumHealthyHosts: oneAtATime },
            error(
                "deploymentConfig",
                "must let a rollout end within the 8 hours that CodeDeploy gives it: 600 waves over up to 600 instances take about 10.0 hours",
                "OneAtATime",
                "set deploymentConfig to a lower minimum, such as HalfAtATime, or drainSeconds or maxSize to less",
            ),
        ],
        [
            "a rollout that takes too long when the fleet has grown",
            { minSize: 2, maxSize: 600, minimumHealthyHosts: oneAtATime },
            error(
                "deploymentConfig",
                "must let a rollout end within the 8 hours that CodeDeploy gives it: 600 waves over up to 600 instances take about 10.0 hours",
                "OneAtATime",
                "set deploymentConfig to a lower minimum, such as HalfAtATime, or drainSeconds or maxSize to less",
            ),
        ],
        [
            "zones that are watched for longer than CodeDeploy waits",
            { minSize: 20, maxSize: 20, zones: 10, zoneMonitorSeconds: 3600 },
            error(
                "deploymentConfig",
                "must let a rollout end within the 8 hours that CodeDeploy gives it: 20 waves over up to 20 instances take about 9.3 hours",
                "HalfAtATime",
                "set deploymentConfig to a lower minimum, or drainSeconds, zoneMonitorSeconds or maxSize to less",
            ),
        ],
        [
            "a count of hosts where zones go one by one",
            { minSize: 4, zones: 2, minimumHealthyHosts: { type: "HOST_COUNT", value: 2 } },
            error(
                "zoneByZone",
                "must go with a percentage: a count of hosts in the fleet says nothing of how many stay in a zone",
                "true",
                "set deploymentConfig to a percentage such as 50%, or zoneByZone to false",
            ),
        ],
        [
            "zones of which one has a single instance that may not go",
            { minSize: 4, zones: 3 },
            error(
                "zoneByZone",
                "must let an instance of each zone go: 1 of the 1 in a zone have to stay healthy",
                "true",
                "set minSize to 6 or more, or zoneByZone to false",
            ),
        ],
        [
            "an odd number of instances",
            { minSize: 3 },
            warning(
                "minSize",
                "should not need a wave more than a larger fleet: 3 instances roll in 3 waves of 1, 1, 1",
                "3",
                "set minSize to 4 for 2 waves",
            ),
        ],
    ];
    for (const [what, change, finding] of found) {
        it(`finds ${what}`, () => {
            assert.deepEqual(lint(change), [finding]);
        });
    }

    it("takes as many waves as CodeDeploy's hours hold, and not one more", () => {
        const { waveSeconds } = forecast(defaults);
        const most = Math.floor((8 * 3600 - 5) / waveSeconds);
        const oneByOne = (size: number, change: Partial<RolloutPlan> = {}) => lint({ minSize: size, maxSize: size, minimumHealthyHosts: oneAtATime, ...change });
        assert.deepEqual(oneByOne(most), []);
        assert.deepEqual(oneByOne(most + 1).map(({ severity, key }) => [severity, key]), [["error", "deploymentConfig"]]);
        // 339 waves take 28798 s, and a deployment a little more than its waves.
        assert.deepEqual([338, 339].map(size => oneByOne(size, { drainSeconds: 45 }).length), [0, 1]);
    });

    const justRight: readonly [string, Partial<RolloutPlan>][] = [
        ["an even fleet", { minSize: 8, maxSize: 8 }],
        ["one at a time", { minSize: 3, minimumHealthyHosts: { type: "FLEET_PERCENT", value: 60 } }],
        ["AWS's own one at a time, however many waves it takes", { minSize: 12, maxSize: 20, minimumHealthyHosts: oneAtATime }],
        ["a count of hosts that is half of the grown fleet", { minSize: 4, maxSize: 4, minimumHealthyHosts: { type: "HOST_COUNT", value: 2 } }],
        ["ten waves", { minSize: 10, maxSize: 10, minimumHealthyHosts: { type: "FLEET_PERCENT", value: 90 } }],
        ["two instances in each zone that goes by itself", { minSize: 6, maxSize: 6, zones: 3 }],
    ];
    for (const [what, change] of justRight) {
        it(`accepts ${what}`, () => {
            assert.deepEqual(lint(change), []);
        });
    }
});
