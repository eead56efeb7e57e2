import assert from "node:assert/strict";
import { BalancerError } from "../../../rehearsal/balancer/runtime-socket";
import { UnhealthyError } from "../../../rehearsal/balancer/target-group";
import type { Conditions, Target } from "../../../rehearsal/codedeploy/deployment";
import { roll } from "../../../rehearsal/codedeploy/roll";
import type { EventOutcome } from "../../../rehearsal/agent/host-agent";
import { Timeline } from "../../../rehearsal/timeline";
import { halfAtATime } from "../../../release/minimum-healthy-hosts";
import type { RollingPlan } from "../../../release/rolling";

const succeeded: EventOutcome = { status: "succeeded" };

/** A fleet without Docker: every agent does what `outcome` says, and the log tells what happened in which order. */
function makeFleet(hosts: number, outcome: (host: string, event: string, key: string) => EventOutcome = () => succeeded) {
    const log: string[] = [];
    const target = (id: string): Target => ({
        id,
        agent: {
            run: (event, { bundle }) => {
                log.push(`${id} ${event} ${bundle.key}`);
                return Promise.resolve(outcome(id, event, bundle.key));
            },
        },
        address: () => Promise.resolve({ host: id, port: 8080 }),
    });
    const ids = Array.from({ length: hosts }, (_, index) => `i-${index + 1}`);
    const told = (what: string) => (id: string): Promise<void> => {
        log.push(`${id} ${what}`);
        return Promise.resolve();
    };
    const conditions: Conditions = {
        instances: new Map(ids.map(id => [id, target(id)])),
        balancer: { register: told("registered"), deregister: told("deregistered"), readdress: told("readdressed") },
        trafficControl: true, eventGapMs: 0, drainMs: 0, timeline: new Timeline(), signal: new AbortController().signal,
    };
    const plan: RollingPlan = {
        hosts: ids.map(id => ({ id, healthy: true, revision: "old" })),
        minimumHealthyHosts: halfAtATime, target: "v2", previous: "v1", rollBackOnFailure: true,
    };
    return { log, plan, conditions };
}

const bundleOf = (release: string) => ({ bucket: "b", key: release });
const withoutBundle = (line: string) => line.split(" ").slice(0, 2).join(" ");

describe("rollout on a fleet", () => {
    it("takes an instance through 13 events, off the balancer before anything stops and on again after it was tried", async () => {
        const { log, plan, conditions } = makeFleet(2);
        assert.equal((await roll(plan, bundleOf, conditions)).outcome, "succeeded");
        assert.deepEqual(log.filter(line => line.startsWith("i-1 ")), [
            "i-1 BeforeBlockTraffic v2", "i-1 deregistered", "i-1 AfterBlockTraffic v2", "i-1 ApplicationStop v2",
            "i-1 DownloadBundle v2", "i-1 BeforeInstall v2", "i-1 Install v2", "i-1 AfterInstall v2", "i-1 ApplicationStart v2",
            "i-1 ValidateService v2", "i-1 BeforeAllowTraffic v2", "i-1 registered", "i-1 AfterAllowTraffic v2",
        ]);
    });

    it("begins the second wave when the first is in rotation again", async () => {
        const { log, plan, conditions } = makeFleet(4);
        await roll(plan, bundleOf, conditions);
        const first = Math.max(log.indexOf("i-1 AfterAllowTraffic v2"), log.indexOf("i-2 AfterAllowTraffic v2"));
        const second = Math.min(log.indexOf("i-3 BeforeBlockTraffic v2"), log.indexOf("i-4 BeforeBlockTraffic v2"));
        assert.ok(first < second, log.join("\n"));
    });

    it("leaves every instance in rotation when the group has no traffic control, and follows its address", async () => {
        const { log, plan, conditions } = makeFleet(2);
        await roll(plan, bundleOf, { ...conditions, trafficControl: false });
        assert.deepEqual(log.filter(line => line.startsWith("i-1 ")).map(withoutBundle), [
            "i-1 ApplicationStop", "i-1 DownloadBundle", "i-1 BeforeInstall", "i-1 Install", "i-1 AfterInstall",
            "i-1 ApplicationStart", "i-1 readdressed", "i-1 ValidateService",
        ]);
    });

    it("rolls all instances back when a wave fails, the failed ones first, and never registers the failed release", async () => {
        const refuse = (_: string, event: string, key: string): EventOutcome =>
            key === "v2" && event === "ValidateService"
                ? { status: "failed", errorCode: 4, message: "validate.sh failed with exit code 1", logTail: "Script - validate.sh\n[stdout]/ answered 500\n" }
                : succeeded;
        const { log, plan, conditions } = makeFleet(4, refuse);
        const end = await roll(plan, bundleOf, conditions);
        assert.equal(end.outcome, "rolledBack");
        assert.match(end.reason, /ValidateService failed on i-1: validate\.sh failed with exit code 1: \/ answered 500/);
        assert.ok(!log.includes("i-3 ApplicationStart v2") && !log.includes("i-4 ApplicationStart v2"), "the second wave began");
        const back = log.filter(line => line.endsWith("DownloadBundle v1")).map(line => line.slice(0, 3));
        assert.deepEqual(back.slice(0, 2).sort(), ["i-1", "i-2"]);
        assert.deepEqual([...back].sort(), ["i-1", "i-2", "i-3", "i-4"]);
        assert.equal(log.filter(line => line.endsWith(" registered")).length, 4);
    });

    it("keeps a timeline of waves, events and their reasons", async () => {
        const { plan, conditions } = makeFleet(2, (host, event) =>
            host === "i-2" && event === "Install" ? { status: "failed", message: "disk full" } : succeeded);
        await roll({ ...plan, rollBackOnFailure: false }, bundleOf, conditions);
        const told = conditions.timeline.events.map(({ instance = "", event, status = "", detail = "" }) => [instance, event, status, detail].join(" "));
        assert.ok(told.includes(" WaveStarted  1: i-1"), told.join("\n"));
        assert.ok(told.includes("i-2 Install failed disk full"), told.join("\n"));
    });

    describe("whose balancer", () => {
        const rolled = (error: Error) => {
            const { plan, conditions } = makeFleet(2);
            const { timeline } = conditions;
            return { timeline, end: roll({ ...plan, rollBackOnFailure: false }, bundleOf, { ...conditions, balancer: { ...conditions.balancer, register: () => Promise.reject(error) } }) };
        };

        it("does not find an instance healthy fails on it", async () => {
            const { outcome, reason } = await rolled(new UnhealthyError("i-1 did not become healthy within 9 ms")).end;
            assert.equal(outcome, "failed");
            assert.match(reason, /AllowTraffic failed on i-1: i-1 did not become healthy within 9 ms/);
        });

        it("does not do its part is no failure of the release: it is thrown, and in the timeline", async () => {
            const { timeline, end } = rolled(new BalancerError("HAProxy did not take it"));
            await assert.rejects(end, { name: "BalancerError", message: "HAProxy did not take it" });
            assert.deepEqual(timeline.events.filter(({ status }) => status === "failed").map(({ event, detail }) => [event, detail]), [["AllowTraffic", "HAProxy did not take it"]]);
        });
    });

    it("lets the scripts under way end before it tells that it was stopped", async () => {
        const stop = new AbortController();
        let ended = false;
        const { plan, conditions } = makeFleet(2);
        const agent: Target["agent"] = {
            run: async () => {
                stop.abort();
                await new Promise(resolve => setImmediate(resolve));
                ended = true;
                throw new Error("killed");
            },
        };
        const instances = new Map([...conditions.instances].map(([id, target]) => [id, { ...target, agent }]));
        await assert.rejects(roll(plan, bundleOf, { ...conditions, instances, signal: stop.signal }), { name: "AbortError" });
        assert.ok(ended);
    });
});
