import assert from "node:assert/strict";
import { once, type Abortable } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import timers from "node:timers/promises";
import type { TargetHealth } from "../../../rehearsal/balancer/balancer";
import { planRehearsal } from "../../../rehearsal/plan";
import { BundleStore } from "../../../rehearsal/release/bundle-store";
import { milestones, type RollingSeen } from "../../../rehearsal/report/report-input";
import { performRolling } from "../../../rehearsal/rolling/perform-rolling";
import { RollingGroup } from "../../../rehearsal/rolling/rolling-group";
import type { RollingSite } from "../../../rehearsal/rolling/rolling-site";
import type { Host } from "../../../rehearsal/scaling/scaling-group";
import { Timeline } from "../../../rehearsal/timeline";
import type { View } from "../../../rehearsal/view";
import { makeRelease, readReleaseScripts } from "../../../release/bundle";
import { halfAtATime } from "../../../release/minimum-healthy-hosts";
import { FakeClock } from "../../support/aws/fake-clock";
import { Service } from "../load/service";
import { sampleFacts, sampleOptions } from "../sample-facts";

const scripts = readReleaseScripts("app-scripts");
const releaseOf = (digit: string) =>
    makeRelease(scripts, { ...sampleFacts().release, image: `registry.example.com/shop@sha256:${digit.repeat(64)}` });
const [first, next] = [releaseOf("1"), releaseOf("2")];
const facts = sampleFacts({ slowPath: "/slow" });
const never = new AbortController().signal;
const silent: View = { step() {}, note() {}, warn() {}, event() {}, result() {} };

describe("performance of a rollout", () => {
    let folder: string;
    let service: Service;
    let pictures: (readonly string[])[];
    const installed = new Set<string>();
    let seen: RollingSeen;
    const { setTimeout: sleep } = timers;

    before(async () => {
        folder = await mkdtemp(join(tmpdir(), "perform-"));
        // A Docker to which nothing happens.
        await writeFile(join(folder, "docker"), "#!/bin/sh\nexec /bin/sleep 60\n", { mode: 0o755 });
        service = await Service.serve((_, response) => response.setHeader("X-Release", first.version).end());
        // The clock of this test is the service: a second is over when fifteen more requests have come.
        timers.setTimeout = async <T>(ms = 0, value?: T, { signal = never }: Abortable = {}): Promise<T> => {
            const over = new AbortController();
            const stopped = once(signal, "abort", { signal: over.signal }).then(() => { signal.throwIfAborted(); });
            await Promise.race([service.asked(service.requests.length + ms * 0.015), stopped]).finally(() => { over.abort(); });
            return value as T;
        };
        syncBuiltinESMExports();

        pictures = [];
        const site = await openSite(2);
        seen = await performRolling({
            plan: planRehearsal(facts, sampleOptions({ instances: 2, budget: 3, seed: 5 })), site, releases: { first, next }, slowestRequestMs: 20, signal: never,
        }, { ...silent, live: lines => void pictures.push(lines) });
    });
    after(async () => {
        timers.setTimeout = sleep;
        syncBuiltinESMExports();
        await service[Symbol.asyncDispose]();
        await rm(folder, { recursive: true });
    });

    const host = (id: string): Host => ({
        id,
        agent: {
            run: (_, { bundle }) => {
                installed.add(bundle.key);
                return Promise.resolve({ status: "succeeded" });
            },
        },
        address: () => Promise.resolve({ host: id, port: 3000 }),
        begin: () => Promise.resolve(), enter: () => Promise.resolve(), leave: () => Promise.resolve(), remove: () => Promise.resolve(),
        die: () => Promise.resolve(), crashAgent: () => undefined,
    });
    const openSite = async (instances: number): Promise<RollingSite> => {
        const timeline = new Timeline();
        const bundles = new BundleStore(join(folder, "s3"));
        for (const release of [first, next]) await bundles.put(release);
        const balancer = {
            url: service.url, health: (): Promise<ReadonlyMap<string, TargetHealth>> => Promise.resolve(new Map(group.inService.map(({ id }) => [id, "healthy" as const]))),
            register: () => Promise.resolve(), deregister: () => Promise.resolve(), readdress: () => Promise.resolve(),
        };
        const group: RollingGroup = new RollingGroup({
            name: "i", maxSize: 4, bootSeconds: () => 0, clock: new FakeClock(), signal: never, launchHook: true,
            minimumHealthyHosts: halfAtATime, rollBackOnFailure: true, hostNamed: host, bundleOf: release => bundles.bundleOf(release), terminationHook: false, updatesOutdated: true,
            conditions: () => ({ balancer, timeline, signal: never, trafficControl: true, eventGapMs: 0, drainMs: 0 }),
        });
        group.resize({ min: instances, desired: instances });
        await group.idle();
        await group.deploy(first.version).ended;
        await group.idle();
        installed.clear();
        return { bundles, balancer, group, timeline, releases: { docker: { environment: { PATH: folder } }, run: "run" } } as unknown as RollingSite;
    };

    const atMs = (event: string): number =>
        seen.events.find(each => each.event === event)?.atMs ?? assert.fail(`no ${event} in the timeline`);

    it("shows what is normal before the rollout, and that it is so again after it", () => {
        const before = seen.records.filter(({ dueMs }) => dueMs < atMs(milestones.rolloutStarted));
        const after = seen.records.filter(({ dueMs }) => dueMs > atMs(milestones.rolloutEnded));
        assert.ok(before.length >= 10 && after.length >= 10, `${before.length} requests before, ${after.length} after`);
    });

    it("counts every request that was sent", () => {
        assert.equal(seen.records.length, service.requests.length);
    });

    it("asks for the slow path now and then, for else a missing drain would not be seen", () => {
        const slow = seen.records.filter(record => record.slow).length;
        assert.equal(service.requests.filter(({ url }) => url === "/slow").length, slow);
        assert.ok(slow > 0 && slow < seen.records.length / 2, `${slow} of ${seen.records.length} are slow`);
        assert.equal(service.requests.filter(({ url }) => url === "/").length, seen.records.length - slow);
    });

    it("keeps connections open, as clients do", () => {
        assert.ok(seen.records.some(record => record.reusedConnection));
    });

    it("rolls the next release over the first on every instance", () => {
        assert.equal(seen.end.outcome, "succeeded");
        assert.deepEqual([...installed], [`releases/${next.version}.zip`]);
        assert.deepEqual(seen.versions, { before: first.version, after: next.version });
        assert.deepEqual(seen.events.filter(({ event, status }) => event === "AfterAllowTraffic" && status === "succeeded")
            .map(({ instance }) => instance).sort(), ["i-1", "i-2"]);
    });

    it("keeps what the report needs to know of the question", () => {
        const { stage, strategy, timeScale, seed, instances, budget } = seen;
        assert.deepEqual(
            { stage, strategy, timeScale, seed, instances, budget },
            { stage: "dev", strategy: "rolling", timeScale: 0.1, seed: 5, instances: 2, budget: 3 },
        );
    });

    it("shows a moving picture of load and fleet, and ends it", () => {
        assert.match(pictures[0]?.join("\n") ?? "", /requests\/s[\s\S]*i-1 {2}healthy[\s\S]*i-2 {2}healthy/);
        assert.ok(pictures.length > 2);
        assert.deepEqual(pictures.findIndex(lines => lines.length === 0), pictures.length - 1);
    });
});
