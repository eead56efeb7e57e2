import assert from "node:assert/strict";
import { describeFinding, PlanError, planRehearsal } from "../../rehearsal/plan";
import { sampleFacts, sampleOptions } from "./sample-facts";

describe("plan of a rehearsal", () => {
    for (const [minSize, asked, instances] of [
        [2, undefined, 4],
        [4, undefined, 4],
        [6, undefined, 6],
        [8, undefined, 8],
        [20, undefined, 8],
        [2, 2, 2],
        [20, 12, 12],
    ] as const) {
        const wish = asked === undefined ? "nobody says how many" : `${asked} are asked for`;
        it(`has ${instances} instances when the stage has ${minSize} and ${wish}`, () => {
            const facts = sampleFacts({ minSize, maxSize: minSize });
            const plan = planRehearsal(facts, sampleOptions(asked === undefined ? {} : { instances: asked }));
            assert.deepEqual([plan.instances, plan.rollout.minSize], [instances, instances]);
        });
    }

    for (const asked of [{ shiftPercents: [10, 100] }, { bakeSeconds: 0 }]) {
        it(`refuses ${Object.keys(asked).join()} for a stage of one colour`, () => {
            assert.throws(() => planRehearsal(sampleFacts(), sampleOptions(asked)), { name: "PlanError", message: /strategy rolling\. Add --strategy blueGreen\.$/ });
        });
    }

    for (const [value, type, instances] of [
        [90, "FLEET_PERCENT", 10],
        [18, "HOST_COUNT", 19],
        [20, "HOST_COUNT", 8],
    ] as const) {
        it(`has ${instances} instances, if any that roll, when ${value} of ${type} must stay of the stage's 20`, () => {
            const facts = sampleFacts({ minSize: 20, maxSize: 20, minimumHealthyHosts: { type, value } });
            if (instances > 8) assert.equal(planRehearsal(facts, sampleOptions()).instances, instances);
            else assert.throws(() => planRehearsal(facts, sampleOptions()), /A rollout over 8 instances cannot work/);
        });
    }

    it("judges the rollout by the stage's own numbers", () => {
        const healthCheck = { path: "/up", matcher: "200-299", intervalSeconds: 7, timeoutSeconds: 4, healthyThreshold: 3, unhealthyThreshold: 5 };
        const facts = sampleFacts({
            maxSize: 9, idleTimeoutSeconds: 50, longestRequestSeconds: 18, minimumHealthyHosts: { type: "HOST_COUNT", value: 3 },
            targetGroup: { drainSeconds: 40, healthCheck },
        });
        const { rollout } = planRehearsal(facts, sampleOptions());
        const { maxSize, idleTimeoutSeconds, longestRequestSeconds, minimumHealthyHosts, drainSeconds, stopGraceSeconds } = rollout;
        assert.deepEqual(rollout.healthCheck, healthCheck);
        assert.deepEqual(
            { maxSize, idleTimeoutSeconds, longestRequestSeconds, minimumHealthyHosts, drainSeconds, stopGraceSeconds },
            {
                maxSize: 9, idleTimeoutSeconds: 50, longestRequestSeconds: 18, drainSeconds: 40, stopGraceSeconds: 30,
                minimumHealthyHosts: { type: "HOST_COUNT", value: 3 },
            },
        );
    });

    it("is not stopped by a group that is smaller than the rehearsal", () => {
        const { rollout } = planRehearsal(sampleFacts({ minSize: 2, maxSize: 2 }), sampleOptions());
        assert.equal(rollout.maxSize, 4);
    });

    it("waits at the pace that was asked for", () => {
        assert.equal(planRehearsal(sampleFacts(), sampleOptions({ timeScale: 1 })).waits.healthIntervalMs, 5000);
        assert.equal(planRehearsal(sampleFacts(), sampleOptions({ timeScale: 0.1 })).waits.healthIntervalMs, 500);
    });

    it("refuses a stage that cannot be rolled out with everything that is wrong with it, each with its setting", () => {
        const { targetGroup } = sampleFacts();
        const facts = sampleFacts({ idleTimeoutSeconds: 80, targetGroup: { ...targetGroup, drainSeconds: 5 } });
        assert.throws(() => planRehearsal(facts, sampleOptions()), (error: unknown) => {
            assert.ok(error instanceof PlanError);
            const [first, ...findings] = error.message.split("\n");
            assert.equal(first, "A rollout over 4 instances cannot work as stage 'dev' is set:");
            assert.deepEqual(findings.map(line => line.replace(/:.*/, "")), ["drainSeconds", "idleTimeoutSeconds"]);
            assert.match(error.message, /^drainSeconds: .*; received 5\. set drainSeconds to 10 or more$/m);
            return true;
        });
    });

    it("only warns of an odd number, and of nothing when there is none", () => {
        const { targetGroup } = sampleFacts();
        const facts = sampleFacts({ targetGroup: { ...targetGroup, drainSeconds: 12 } });
        const { warnings } = planRehearsal(facts, sampleOptions());
        assert.deepEqual(warnings.map(({ severity, key, received }) => [severity, key, received]), [["warning", "drainSeconds", "12"]]);
        assert.deepEqual(planRehearsal(sampleFacts(), sampleOptions()).warnings, []);
    });

    it("says that it takes no zone after the other where AWS will", () => {
        const { warnings } = planRehearsal(sampleFacts({ zoneByZone: true }), sampleOptions());
        assert.deepEqual(warnings.map(describeFinding), [
            "zoneByZone: is not rehearsed: a rehearsal knows no zones and takes instances of any; received true. " +
            "Expect the same on AWS, in more waves and with the pauses between zones.",
        ]);
    });

    it("tells a finding in one line: setting, rule, value, remedy", () => {
        assert.equal(
            describeFinding({ severity: "error", key: "minSize", rule: "must be at least 2", received: "1", fix: "set minSize to 2" }),
            "minSize: must be at least 2; received 1. set minSize to 2",
        );
    });
});
