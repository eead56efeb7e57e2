import assert from "node:assert/strict";
import { before, describe, it } from "mocha";
import type { Registered } from "../support/registered";
import { doors } from "./plan/doors";
import { planOf, type PlannedStep, told, withReality } from "./plan/plan";
import { reset } from "./plan/reset";
import { blueGreen, buildFromDefaults, parametersOf } from "./variant";

const blueServes = parametersOf({ activeColour: "blue" });

/** What changes on both ways. */
const changing = [
    "update web-alarms-unhealthy: dimensions, metricName, metricQueries, namespace, period, statistic",
    "update web-dashboard-page: dashboardBody",
    "update web-deploy-codedeploy-policy: policy",
    "update web-deploy-codedeploy-role: assumeRolePolicy",
    "update web-deploy-codepipeline-policy: policy",
    "update web-deploy-group: alarmConfiguration, autoRollbackConfiguration",
    "update web-deploy-pipeline: stages",
    "update web-stage-parameter: value",
];

/** What two colours have more than one fleet. */
const ofColours = [
    "web-active-colour-parameter", "web-alarms-missing-green", "web-alarms-unhealthy-green", "web-deploy-errors-green", "web-deploy-group-green",
    "web-deploy-latency-green", "web-deploy-roll", "web-deploy-roll-logs", "web-deploy-roll-policy", "web-deploy-roll-role", "web-header-blue",
    "web-header-green", "web-hosts-group-green", "web-hosts-scaling-green", "web-sizes-parameter", "web-targets-green",
];

/** What one fleet has and two colours have not: who writes down what CodeDeploy's action has deployed. */
const ofOneFleet = ["web-deploy-record", "web-deploy-record-logs", "web-deploy-record-policy", "web-deploy-record-role"];

const create = (names: readonly string[]) => names.map(name => `create ${name}`);
const remove = (names: readonly string[]) => names.map(name => `delete ${name}`);

/** A stack's program before and after. */
interface Change {
    readonly old: Registered;
    readonly now: Registered;
}

/** By what depends on what, not by the plan's order, which may be so by chance; deletions are Pulumi's last steps. */
function assertOrder({ old, now }: Change, pairs: readonly (readonly [earlier: string, later: string])[]): void {
    const lines = planOf(old.all, now).map(told);
    const nameOf = (step: string) => step.replace(/^\w+ /, "");
    const holds = (earlier: string, later: string) => {
        for (const step of [earlier, later]) assert.ok(lines.some(line => line === step || line.startsWith(`${step}:`)), `${step} is no step of ${lines.join("; ")}`);
        if (!later.startsWith("delete ")) return now.comesAfter(nameOf(later), nameOf(earlier));
        return !earlier.startsWith("delete ") || old.comesAfter(nameOf(earlier), nameOf(later));
    };
    assert.deepEqual(pairs.filter(([earlier, later]) => !holds(earlier, later)), []);
}

/** What goes must not be in another resource's hands by then: S3, for one, takes a second object of a key for a new version of the first. */
function assertNothingLost(plan: readonly PlannedStep[], now: Registered): void {
    const lost = plan.filter(({ does, resource }) => does === "delete" && now.all.some(({ type, outputs }) => type === resource.type && outputs["id"] === resource.outputs["id"]));
    assert.deepEqual(lost.map(told), []);
}

for (const [name, { given, weights, actions, besides }] of Object.entries(doors)) {
    describe(`a stack behind ${name} that changes its strategy`, () => {
        let rolling: Registered;
        let first: Registered;
        let later: Registered;
        before(async () => {
            rolling = await buildFromDefaults("dev", given);
            first = await buildFromDefaults("dev", { ...given, ...blueGreen });
            later = await buildFromDefaults("dev", { ...given, ...blueGreen }, blueServes);
        });

        it("has a second colour added, and what serves changed where it is", () => {
            const plan = planOf(rolling.all, first);
            const errors = name === "somebody else's listener" ? [] : ["update web-deploy-errors: metricQueries"];
            const wanted = [...changing, ...besides, ...errors, ...create(ofColours), ...remove(ofOneFleet)];
            assert.deepEqual(plan.map(told).sort(), wanted.sort());
            assertNothingLost(plan, first);
        });

        it("sends every request to blue as before, and leaves that to deployments from now on", () => {
            const { inputs, ignoreChanges } = first.named(weights);
            assert.deepEqual(inputs, rolling.named(weights).inputs);
            assert.deepEqual(inputs[actions], [{ type: "forward", targetGroupArn: rolling.named("web-targets").outputs["arn"] }]);
            assert.deepEqual(ignoreChanges, [actions]);
            assert.deepEqual(reset(rolling.named(weights).inputs, inputs, ignoreChanges), inputs);
        });

        it("has green's target group in use before anything counts its requests, and is written down when all is there that it tells of", () => {
            assertOrder({ old: rolling, now: first }, [
                ["create web-targets-green", "create web-header-green"], ["create web-header-green", "create web-hosts-scaling-green"], ["create web-header-green", "create web-deploy-group-green"],
                ["create web-active-colour-parameter", "update web-stage-parameter"], ["create web-sizes-parameter", "update web-stage-parameter"],
                ["update web-deploy-pipeline", "update web-stage-parameter"],
                ["update web-deploy-codedeploy-policy", "update web-deploy-group"],
                ["create web-deploy-roll-policy", "update web-deploy-pipeline"], ["create web-deploy-group-green", "update web-deploy-pipeline"],
                ["update web-deploy-pipeline", "delete web-deploy-record"],
            ]);
        });

        it("changes nothing at the next up", () => { assert.deepEqual(planOf(first.all, later).map(told), []); });

        const targetGroups = () => ["web-targets", "web-targets-green"].map((name, index) => ({ arn: later.named(name).outputs["arn"], weight: index === 0 ? 100 : 0 }));
        it("would keep both groups in its listener without a refresh, of which Pulumi knows what it has made itself", () => {
            const lines = planOf(later.all, rolling).map(told);
            assert.deepEqual(lines.filter(line => line.startsWith(`update ${weights}`)), []);
            assert.ok(lines.includes("delete web-targets-green"));
        });

        // What deployments have made of the action a refresh tells whole, or as a forward that has lost its one group.
        const refreshed: Readonly<Record<string, () => unknown>> = {
            "as a refresh has found it": () => [{ type: "forward", order: 1, forward: { targetGroups: targetGroups() } }],
            "as a refresh has found it that looked for one group": () => [{ type: "forward", order: 1, targetGroupArn: "" }],
        };
        for (const [state, action] of Object.entries(refreshed)) {
            it(`goes back to blue alone, ${state}`, () => {
                const plan = planOf(withReality(later, { "web-hosts-group": { minSize: 2, desiredCapacity: 3 }, [weights]: { [actions]: action() } }), rolling);
                const errors = name === "somebody else's listener" ? [] : ["update web-deploy-errors: metricQueries"];
                const wanted = [...changing, ...besides, ...errors, `update ${weights}: ${actions}`, ...create(ofOneFleet), ...remove(ofColours)];
                assert.deepEqual(plan.map(told).sort(), wanted.sort());
                assertNothingLost(plan, rolling);
                // Pulumi deletes when all else is done: after the update of the listener, too.
                assertOrder({ old: later, now: rolling }, [
                    ["delete web-header-green", "delete web-targets-green"], ["delete web-hosts-group-green", "delete web-targets-green"],
                    ["delete web-deploy-group-green", "delete web-hosts-group-green"], ["update web-deploy-codedeploy-policy", "update web-deploy-group"],
                    ["create web-deploy-record-policy", "update web-deploy-pipeline"], ["update web-deploy-pipeline", "delete web-deploy-roll"],
                ]);
            });
        }
    });
}

describe("a stack that is protected and changes its strategy", () => {
    it("keeps the second colour's hosts until its protection is taken away", async () => {
        const given = { deletionProtection: true };
        const plan = planOf((await buildFromDefaults("dev", { ...given, ...blueGreen }, blueServes)).all, await buildFromDefaults("dev", given));
        assert.deepEqual(plan.filter(({ does, resource }) => does === "delete" && resource.protect).map(told), ["delete web-hosts-group-green"]);
    });
});
