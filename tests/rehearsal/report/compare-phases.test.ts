import assert from "node:assert/strict";
import fc from "fast-check";
import { type Phase, phaseOfEvent } from "../../../release/forecast";
import { eventsOf, eventsWithoutLoadBalancer, type LifecycleEvent, lifecycleEvents } from "../../../release/lifecycle";
import { makeReport } from "../../../rehearsal/report/report";
import type { TimelineEvent } from "../../../rehearsal/report/report-input";
import { at, colourRehearsal, goodColours, goodRehearsal, stepFrom } from "./material";

/** One instance's way through a wave that began at a second: a tenth of a second before each event, and these seconds in it. */
function instance(name: string, waveSecond: number, took: Partial<Record<LifecycleEvent, number>>, events = lifecycleEvents): readonly TimelineEvent[] {
    let second = waveSecond;
    return events.flatMap(event => {
        const started = at(second += 0.1, event, { instance: name, status: "started" });
        return [started, at(second += took[event] ?? 0, event, { instance: name, status: "succeeded" })];
    });
}

const first = { BeforeBlockTraffic: 0.2, BlockTraffic: 2, DownloadBundle: 0.1, BeforeInstall: 0.3, Install: 0.05, ApplicationStart: 1, ValidateService: 0.4, AllowTraffic: 0.6 };
const wave = (second: number, ...instances: readonly (readonly TimelineEvent[])[]) => [at(second, "WaveStarted"), ...instances.flat()];
const rollout = (...waves: readonly (readonly TimelineEvent[])[]) => goodRehearsal({ events: [at(10, "RolloutStarted"), ...waves.flat(), at(60, "RolloutEnded")] });

const measuredOf = (input: Parameters<typeof makeReport>[0]) => Object.fromEntries(makeReport(input).phases.map(({ name, measuredSeconds }) => [name, measuredSeconds]));

describe("The phases of a report", () => {
    it("hold forecast, measurement and what is expected on AWS beside one another, in the order of the events", () => {
        assert.deepEqual(makeReport(rollout(wave(10, instance("i-1", 10, first)))).phases, [
            { name: "pull", forecastSeconds: 0.5, measuredSeconds: 0.5, onAwsSeconds: 0 },
            { name: "drain", forecastSeconds: 2, measuredSeconds: 2, onAwsSeconds: 25 },
            { name: "download", forecastSeconds: 0.2, measuredSeconds: 0.1, onAwsSeconds: 0.5 },
            { name: "install", forecastSeconds: 0.1, measuredSeconds: 0.05, onAwsSeconds: 0.15 },
            { name: "start", forecastSeconds: 1, measuredSeconds: 1, onAwsSeconds: 3 },
            { name: "validate", forecastSeconds: 0.3, measuredSeconds: 0.4, onAwsSeconds: 2 },
            { name: "healthy", forecastSeconds: 1.5, measuredSeconds: 0.6, onAwsSeconds: 15 },
            { name: "gaps", forecastSeconds: 1.4, measuredSeconds: 1.3, onAwsSeconds: 14.3 },
        ]);
    });

    it("measure the median of the instances of all waves", () => {
        const measured = measuredOf(rollout(
            wave(10, instance("i-1", 10, { ...first, ApplicationStart: 9 }), instance("i-2", 10, first)), wave(20, instance("i-3", 20, { ...first, ApplicationStart: 3 })),
        ));
        assert.deepEqual([measured["start"], measured["drain"]], [3, 2]);
    });

    it("count what lies between the events from the beginning of the instance's own wave", () => {
        assert.equal(measuredOf(rollout(wave(10, instance("i-1", 10, first)), wave(20, instance("i-2", 20, first)), wave(30, instance("i-3", 30, first))))["gaps"], 1.3);
    });

    it("add up to the time from the wave's beginning to the instance's last event", () => {
        fc.assert(fc.property(fc.array(fc.nat(1000), { minLength: 13, maxLength: 13 }), ms => {
            const events = instance("i-1", 10, Object.fromEntries(lifecycleEvents.map((event, index) => [event, (ms[index] ?? 0) / 1000])));
            const total = Object.values(measuredOf(rollout(wave(10, events)))).reduce<number>((sum, each) => sum + (each ?? NaN), 0);
            const last = (events.at(-1)?.atMs ?? NaN) / 1000;
            assert.ok(Math.abs(total - (last - 10)) < 0.01, `${total} instead of ${last - 10}`);
        }));
    });

    it("count every event to its phase", () => {
        for (const event of lifecycleEvents) {
            const quick = measuredOf(rollout(wave(10, instance("i-1", 10, {}))));
            const measured = measuredOf(rollout(wave(10, instance("i-1", 10, { [event]: 1.5 }))));
            const longer = Object.keys(measured).filter(phase => (measured[phase] ?? 0) > (quick[phase] ?? 0) + 1);
            assert.deepEqual(longer, [phaseOfEvent[event] satisfies Phase]);
        }
    });

    it("leave out who failed, who was only launched, the rollback, and what was before the rollout", () => {
        const whole = instance("i-1", 10, first);
        const failed = instance("i-2", 10, { ...first, ApplicationStart: 7 }).slice(0, -1).concat(at(25, "AfterAllowTraffic", { instance: "i-2", status: "failed" }));
        const launched = instance("i-3", 10, { ...first, ApplicationStart: 7 }, eventsOf("launch", true));
        assert.equal(measuredOf(rollout(wave(10, whole, failed, launched)))["start"], 1);
        assert.ok(Object.values(measuredOf(rollout(wave(10, launched)))).every(each => each === null));

        const back = rollout(wave(10, instance("i-1", 10, first)), [at(18, "RollbackStarted")], wave(18, instance("i-2", 18, { ...first, ApplicationStart: 7 })));
        assert.equal(measuredOf(back)["start"], 1);
        const early = goodRehearsal({ events: [...wave(0, instance("i-1", 0, first)), at(10, "RolloutStarted"), at(30, "RolloutEnded")] });
        assert.equal(measuredOf(early)["start"], null);
    });

    it("are where nobody went all the way of those that ended, failed ones left out", () => {
        const failing = (name: string, stop: number) => instance(name, 10, { ...first, ApplicationStop: stop }).filter(({ event }) => lifecycleEvents.indexOf(event as LifecycleEvent) < 9)
            .concat(at(20, "ValidateService", { instance: name, status: "started" }), at(29, "ValidateService", { instance: name, status: "failed" }));
        const back = rollout(wave(10, failing("i-1", 0.3), failing("i-2", 0.1), failing("i-3", 0.2)), [at(30, "RollbackStarted")], wave(30, instance("i-1", 30, { ...first, BlockTraffic: 9 })));
        assert.deepEqual(measuredOf(back), { pull: 0.5, drain: 2, download: 0.1, install: 0.05, start: 1.2, validate: null, healthy: null, gaps: null });

        const untilStart = instance("i-1", 10, first).filter(({ event }) => lifecycleEvents.indexOf(event as LifecycleEvent) <= 8);
        const crashed = [...untilStart.slice(0, -1), at(19, "ApplicationStart", { instance: "i-1", status: "failed" })];
        assert.equal(measuredOf(rollout(wave(10, untilStart)))["start"], 1);
        assert.equal(measuredOf(rollout(wave(10, crashed)))["start"], null);
    });

    it("know a deployment without traffic control by its seven events", () => {
        const measured = measuredOf(rollout(wave(10, instance("i-1", 10, first, eventsWithoutLoadBalancer))));
        assert.deepEqual([measured["drain"], measured["start"], measured["gaps"]], [0, 1, 0.7]);
    });

    it("are with blue/green the steps of the first roll's way forward, of those that are repeated the median", () => {
        const bakes = [3, 9, 4].map((took, index) => stepFrom(20 + index * 10, 20 + index * 10 + took, { name: "bake", percent: 50 }));
        const others = [
            stepFrom(60, 68, { name: "bake", percent: 100 }, { phase: "back" }), stepFrom(70, 78, { name: "bake", percent: 100 }, { roll: "bg-2" }),
            stepFrom(80, 88, { name: "boot" }, { problem: "it took too long" }),
        ];
        assert.deepEqual(makeReport(colourRehearsal({ colours: goodColours({ steps: [...bakes, ...others] }) })).phases, [
            { name: "boot", forecastSeconds: 1.4, measuredSeconds: null, onAwsSeconds: 125 },
            { name: "install", forecastSeconds: 2, measuredSeconds: null, onAwsSeconds: 65 },
            { name: "shift", forecastSeconds: 0.1, measuredSeconds: null, onAwsSeconds: 1 },
            { name: "bake", forecastSeconds: 3, measuredSeconds: 4, onAwsSeconds: 30 },
        ]);
    });
});

describe("The lower bound of a report", () => {
    it("takes the waits as they are set, and change of container and health check as fast as the fastest instance had them, in each wave", () => {
        const { lowerBoundSeconds } = makeReport(rollout(
            wave(10, instance("i-1", 10, { ...first, BlockTraffic: 4, ApplicationStart: 1.2 }), instance("i-2", 10, { ...first, AllowTraffic: 0.7 })),
        ));
        assert.ok(Math.abs(lowerBoundSeconds - 2 * (2 + 1.4 + 1 + 0.6)) < 1e-6, `${lowerBoundSeconds}`);
    });

    it("is the forecast's where no instance went all the way, and with blue/green", () => {
        assert.equal(makeReport(goodRehearsal()).lowerBoundSeconds, 6);
        assert.equal(makeReport(colourRehearsal()).lowerBoundSeconds, 3);
    });
});
