import assert from "node:assert/strict";
import fc from "fast-check";
import { type Finding, lintPlan } from "../../release/lint";
import { defaults, type RolloutPlan } from "../../release/rollout";

const health = (change: Partial<RolloutPlan["healthCheck"]>) => ({ healthCheck: { ...defaults.healthCheck, ...change } });
const lint = (change: Partial<RolloutPlan>) => lintPlan({ ...defaults, ...change });
const error = (key: string, rule: string, received: string, fix: string): Finding => ({
    severity: "error",
    key,
    rule,
    received,
    fix,
});
const warning = (...finding: Parameters<typeof error>): Finding => ({ ...error(...finding), severity: "warning" });

describe("the plan linter", () => {
    const relations: readonly [string, Partial<RolloutPlan>, Finding][] = [
        [
            "a drain shorter than the longest request",
            { drainSeconds: 29, longestRequestSeconds: 30 },
            error(
                "drainSeconds",
                "must be at least longestRequestSeconds (30): its end cuts open requests",
                "29",
                "set drainSeconds to 30 or more",
            ),
        ],
        [
            "a drain shorter than requests are seen to stray",
            { drainSeconds: 16 },
            warning(
                "drainSeconds",
                "should be at least 17: so long were requests seen to reach a draining instance",
                "16",
                "set drainSeconds to 20, or keep it if you have measured yours",
            ),
        ],
        [
            "a stop grace shorter than the longest request",
            { stopGraceSeconds: 9 },
            error(
                "stopGraceSeconds",
                "must be at least longestRequestSeconds (10): its end kills the container",
                "9",
                "set stopGraceSeconds to 10 or more",
            ),
        ],
        [
            "a stop grace that the stop script cannot wait for",
            { stopGraceSeconds: 101 },
            error(
                "stopGraceSeconds",
                "must leave 20 s of the 120 s after which the agent ends the stop script",
                "101",
                "set stopGraceSeconds to 100 or less, or raise the timeout in app-scripts/appspec.yml and release/rollout.ts",
            ),
        ],
        [
            "a request longer than the load balancer waits",
            { longestRequestSeconds: 61, drainSeconds: 61, stopGraceSeconds: 61 },
            warning(
                "longestRequestSeconds",
                "should be at most idleTimeoutSeconds (60): the load balancer answers 504 when nothing was sent for so long",
                "61",
                "raise idleTimeoutSeconds, to 74 at most, unless the service sends a part of its answer in between",
            ),
        ],
        [
            "an idle timeout that is not below the service's keep-alive",
            { idleTimeoutSeconds: 75 },
            error(
                "idleTimeoutSeconds",
                "must be below the 75 s that the service keeps an idle connection open, or now and then a request meets a closed connection and gets 502",
                "75",
                "set idleTimeoutSeconds to 74 or less",
            ),
        ],
        [
            "a health check timeout that is not below the interval",
            health({ timeoutSeconds: 5 }),
            error(
                "healthTimeoutSeconds",
                "must be below healthIntervalSeconds (5)",
                "5",
                "set healthTimeoutSeconds to 4 or less",
            ),
        ],
        [
            "a health check timeout that the hosts' own check cannot wait for",
            health({ timeoutSeconds: 61, intervalSeconds: 90 }),
            warning(
                "healthTimeoutSeconds",
                "should be at most 60: so long a host waits for its new container to be healthy",
                "61",
                "set healthTimeoutSeconds to 60 or less",
            ),
        ],
        [
            "a health check grace shorter than the boot",
            { healthCheckGraceSeconds: 269 },
            error(
                "healthCheckGraceSeconds",
                "must be at least bootTimeoutSeconds (270), or booting instances are replaced",
                "269",
                "set healthCheckGraceSeconds to 270 or more",
            ),
        ],
        [
            "a boot that CodeDeploy does not wait for",
            { bootTimeoutSeconds: 301 },
            error(
                "bootTimeoutSeconds",
                "must be at most 300: so long CodeDeploy's launch deployment, which begins with the boot, waits for the agent, and then new hosts are replaced without end",
                "301",
                "set bootTimeoutSeconds to 300 or less; a machine image that brings what the boot installs makes boots shorter",
            ),
        ],
        [
            "a longest request that no stop script can wait for",
            { longestRequestSeconds: 101, drainSeconds: 101, idleTimeoutSeconds: 101, keepAliveSeconds: 102 },
            error(
                "stopGraceSeconds",
                "must be at least longestRequestSeconds (101): its end kills the container",
                "30",
                "set longestRequestSeconds to 100 or less, the most that the stop script waits, and stopGraceSeconds to as much; " +
                    "or raise the script's timeout in app-scripts/appspec.yml and release/rollout.ts",
            ),
        ],
        [
            "a maximum size below the minimum size",
            { minSize: 6 },
            error("maxSize", "must be at least minSize (6)", "4", "set maxSize to 6 or more"),
        ],
    ];
    for (const [what, change, finding] of relations) {
        it(`finds ${what}`, () => {
            assert.deepEqual(lint(change), [finding]);
        });
    }

    const justRight: readonly [string, Partial<RolloutPlan>][] = [
        ["a drain and a grace as long as the longest request", { longestRequestSeconds: 30, drainSeconds: 30 }],
        ["a drain just beyond the strays", { drainSeconds: 17 }],
        ["the longest grace that the stop script can wait for", { stopGraceSeconds: 100 }],
        ["a request as long as the load balancer waits", { longestRequestSeconds: 60, drainSeconds: 60, stopGraceSeconds: 60 }],
        ["an idle timeout just below the keep-alive", { idleTimeoutSeconds: 74 }],
        ["a health check timeout just below the interval", health({ timeoutSeconds: 4 })],
        ["a health check timeout as long as the hosts' own check", health({ timeoutSeconds: 60, intervalSeconds: 61 })],
        ["a grace as long as the boot", { healthCheckGraceSeconds: 270 }],
        ["a boot as long as CodeDeploy waits for an agent", { bootTimeoutSeconds: 300 }],
        ["a fleet that does not grow", { minSize: 4 }],
    ];
    for (const [what, change] of justRight) {
        it(`accepts ${what}`, () => {
            assert.deepEqual(lint(change), []);
        });
    }

    const ranges: readonly [string, number, number, (value: number) => Partial<RolloutPlan>][] = [
        ["drainSeconds", 0, 3600, drainSeconds => ({ drainSeconds })],
        ["longestRequestSeconds", 1, 3600, longestRequestSeconds => ({ longestRequestSeconds })],
        ["idleTimeoutSeconds", 1, 4000, idleTimeoutSeconds => ({ idleTimeoutSeconds })],
        ["healthIntervalSeconds", 5, 300, intervalSeconds => health({ intervalSeconds })],
        ["healthTimeoutSeconds", 2, 120, timeoutSeconds => health({ timeoutSeconds })],
        ["healthyThreshold", 2, 10, healthyThreshold => health({ healthyThreshold })],
        ["unhealthyThreshold", 2, 10, unhealthyThreshold => health({ unhealthyThreshold })],
        ["bootTimeoutSeconds", 30, 7200, bootTimeoutSeconds => ({ bootTimeoutSeconds })],
    ];
    for (const [key, from, to, change] of ranges) {
        const rangeFindings = (value: number) => lint(change(value)).filter(({ rule }) => rule.includes("whole number"));

        it(`takes ${key} from ${from} to ${to}`, () => {
            assert.deepEqual([...rangeFindings(from), ...rangeFindings(to)], []);
        });

        it(`refuses ${key} outside, or not whole, with one finding on that key`, () => {
            for (const value of [from - 1, to + 1, from + 0.5, NaN]) {
                assert.deepEqual(
                    lint(change(value)).filter(finding => finding.key === key),
                    [
                        error(
                            key,
                            `must be a whole number from ${from} to ${to}`,
                            String(value),
                            `set ${key} to a whole number from ${from} to ${to}`,
                        ),
                    ],
                );
            }
        });
    }

    it("refuses a grace of no or half a second", () => {
        for (const stopGraceSeconds of [0, -1, 1.5, NaN]) {
            assert.deepEqual(
                lint({ stopGraceSeconds }).map(({ key, rule }) => `${key} ${rule}`),
                ["stopGraceSeconds must be a whole number of 1 or more"],
            );
        }
    });

    it("refuses a fleet of no or half an instance", () => {
        for (const size of [0, -2, 1.5, NaN]) {
            assert.deepEqual(
                lint({ minSize: size, maxSize: size }).map(({ key, rule }) => `${key} ${rule}`),
                ["minSize must be a whole number of 1 or more", "maxSize must be a whole number of 1 or more"],
            );
        }
    });

    it("collects everything at once", () => {
        const findings = lint({ drainSeconds: 5, stopGraceSeconds: 5, idleTimeoutSeconds: 99, minSize: 5, maxSize: 0 });
        assert.deepEqual(
            findings.map(({ severity, key }) => `${severity} ${key}`),
            ["error maxSize", "error drainSeconds", "error stopGraceSeconds", "error idleTimeoutSeconds", "warning minSize"],
        );
    });

    it("states for every fleet under half at a time whether it rolls, and in which waves", () => {
        fc.assert(
            fc.property(fc.integer({ min: 1, max: 99 }), size => {
                const [finding] = lint({ minSize: size, maxSize: size });
                if (size === 1) assert.equal(finding?.severity, "error");
                else if (size % 2 === 0) assert.equal(finding, undefined);
                else assert.match(finding?.rule ?? "", new RegExp(`${size} instances roll in 3 waves of `));
            }),
        );
    });
});
