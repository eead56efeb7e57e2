import assert from "node:assert/strict";
import fc from "fast-check";
import { type MinimumHealthyHosts, minimumHealthy, waves } from "../../release/minimum-healthy-hosts";
import {
    advanceRolling,
    beginRolling,
    type RollingAction,
    type RollingEvent,
    type RollingPlan,
    type Step,
} from "../../release/rolling";

type Wave = Extract<RollingAction, { type: "startWave" }>;

/** What an observer who sees only actions and reports knows of the fleet. */
interface Watched {
    readonly serving: Set<string>;
    readonly out: Set<string>;
    readonly waves: Wave[];
    readonly ends: Extract<RollingAction, { type: "end" }>[];
    /** Fewest hosts that served at any time since the present deployment began, and how many it began with. */
    fewest: number;
    began: number;
}

const minimum: fc.Arbitrary<MinimumHealthyHosts> = fc.oneof(
    fc.record({ type: fc.constant("FLEET_PERCENT" as const), value: fc.integer({ min: 0, max: 100 }) }),
    fc.record({ type: fc.constant("HOST_COUNT" as const), value: fc.integer({ min: 0, max: 10 }) }),
);
const host = fc.record({ healthy: fc.boolean(), revision: fc.constantFrom("unknown", "old", "current") });
const plans: fc.Arbitrary<RollingPlan> = fc.record({
    hosts: fc
        .array(host, { maxLength: 9 })
        .map(hosts => hosts.map(({ healthy, revision }, index) => ({ id: `i-${index}`, healthy, revision }))),
    minimumHealthyHosts: minimum,
    target: fc.constant("v2"),
    previous: fc.constantFrom("v1", undefined),
    rollBackOnFailure: fc.boolean(),
});
// One choice an event: what happens, and to which of the hosts that are out.
const choices = fc.infiniteStream(
    fc.record({
        event: fc.oneof(
            { weight: 6, arbitrary: fc.constant("hostSucceeded" as const) },
            { weight: 3, arbitrary: fc.constant("hostFailed" as const) },
            { weight: 1, arbitrary: fc.constant("stopRequested" as const) },
        ),
        pick: fc.nat(),
    }),
);

function watch(fleet: Watched, actions: readonly RollingAction[]): void {
    for (const action of actions) {
        if (action.type === "end") fleet.ends.push(action);
        if (action.type !== "startWave") continue;
        if (action.wave === 1) fleet.fewest = fleet.began = fleet.serving.size;
        fleet.waves.push(action);
        for (const id of action.hosts) {
            fleet.serving.delete(id);
            fleet.out.add(id);
        }
        fleet.fewest = Math.min(fleet.fewest, fleet.serving.size);
    }
}

function eventOf(fleet: Watched, { event, pick }: { event: RollingEvent["type"]; pick: number }): RollingEvent {
    const id = [...fleet.out][pick % fleet.out.size];
    assert.ok(id !== undefined, "neither a host is out nor has the rollout ended");
    if (event === "stopRequested") return { type: event, reason: "stop" };
    fleet.out.delete(id);
    if (event === "hostFailed") return { type: event, host: id, reason: "exit 1" };
    fleet.serving.add(id);
    return { type: event, host: id };
}

function run(plan: RollingPlan, stream: Iterator<{ event: RollingEvent["type"]; pick: number }>, each: (fleet: Watched) => void) {
    const serving = plan.hosts.filter(({ healthy }) => healthy).map(({ id }) => id);
    const fleet: Watched = { serving: new Set(serving), out: new Set(), waves: [], ends: [], fewest: 0, began: 0 };
    let step: Step = beginRolling(plan);
    watch(fleet, step.actions);
    each(fleet);
    // Two deployments report each host once; stops are rare, so a run that is still going then never ends.
    for (let events = 0; fleet.ends.length === 0 && events < 1000; events += 1) {
        const choice = stream.next();
        assert.ok(choice.done !== true);
        step = advanceRolling(step.state, eventOf(fleet, choice.value));
        watch(fleet, step.actions);
        each(fleet);
    }
    return { fleet, step };
}

describe("every rolling release", () => {
    const property = (check: (plan: RollingPlan, stream: fc.Stream<{ event: RollingEvent["type"]; pick: number }>) => void) => {
        fc.assert(fc.property(plans, choices, check), { numRuns: 500 });
    };

    it("keeps the minimum in service, or as many hosts as served when it began", () => {
        property((plan, stream) => {
            const must = minimumHealthy(plan.hosts.length, plan.minimumHealthyHosts);
            run(plan, stream, fleet => {
                assert.ok(fleet.fewest >= Math.min(must, fleet.began), `${fleet.fewest} of ${fleet.began} served`);
            });
        });
    });

    it("ends exactly once, with no host out, and does nothing afterwards", () => {
        property((plan, stream) => {
            const { fleet, step } = run(plan, stream, () => undefined);
            assert.equal(fleet.ends.length, 1);
            assert.equal(fleet.out.size, 0);
            assert.equal(step.actions.at(-1)?.type, "end");
            assert.equal(step.state.phase, "ended");
        });
    });

    it("loses no host, makes up none, and takes none twice in one deployment", () => {
        property((plan, stream) => {
            const known = new Set(plan.hosts.map(({ id }) => id));
            const { fleet, step } = run(plan, stream, () => undefined);
            assert.deepEqual(new Set(step.state.deployment.hosts.map(({ id }) => id)), known);
            for (const deployment of [1, 2]) {
                const taken = fleet.waves.filter(wave => wave.deployment === deployment).flatMap(wave => wave.hosts);
                assert.equal(new Set(taken).size, taken.length);
                assert.ok(taken.every(id => known.has(id)));
            }
        });
    });

    it("has been on every host when it succeeded or is rolled back, with the minimum in service", () => {
        property((plan, stream) => {
            const { fleet } = run(plan, stream, () => undefined);
            const outcome = fleet.ends[0]?.outcome;
            if (outcome === "failed") return;
            const last = outcome === "succeeded" ? 1 : 2;
            const taken = fleet.waves.filter(wave => wave.deployment === last).flatMap(wave => wave.hosts);
            assert.equal(taken.length, plan.hosts.length);
            const must = minimumHealthy(plan.hosts.length, plan.minimumHealthyHosts);
            assert.ok(fleet.serving.size >= Math.max(1, must));
        });
    });

    it("rolls back only where that was asked for and there is a release to go back to", () => {
        property((plan, stream) => {
            const { fleet } = run(plan, stream, () => undefined);
            const allowed = plan.rollBackOnFailure && plan.previous !== undefined;
            assert.ok(allowed || fleet.waves.every(wave => wave.deployment === 1));
            assert.ok(fleet.waves.every(wave => wave.release === (wave.deployment === 1 ? plan.target : plan.previous)));
        });
    });

    it("takes a healthy fleet that does not fail in the waves of the forecast", () => {
        fc.assert(
            fc.property(plans, plan => {
                const healthy = { ...plan, hosts: plan.hosts.map(each => ({ ...each, healthy: true })) };
                const fine = fc.sample(fc.constant({ event: "hostSucceeded" as const, pick: 0 }), 20).values();
                const { fleet } = run(healthy, fine, () => undefined);
                assert.deepEqual(
                    fleet.waves.map(wave => wave.hosts.length),
                    waves(plan.hosts.length, plan.minimumHealthyHosts),
                );
            }),
        );
    });
});
