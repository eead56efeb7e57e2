import assert from "node:assert/strict";
import { badImage } from "../../../rehearsal/faults/bad-image";
import { corruptBundle, cutOffBundle } from "../../../rehearsal/faults/corrupt-bundle";
import { crashLoop } from "../../../rehearsal/faults/crash-loop";
import type { Fault, FaultOutcome, RollingGround } from "../../../rehearsal/faults/fault";
import { fullDisk } from "../../../rehearsal/faults/full-disk";
import { halfOfAWaveFails } from "../../../rehearsal/faults/half-of-a-wave-fails";
import { hookFails } from "../../../rehearsal/faults/hook-fails";
import { hookFailsOnce, hookFailsOnceInAWave } from "../../../rehearsal/faults/hook-fails-once";
import { hookHangs } from "../../../rehearsal/faults/hook-hangs";
import { ignoresSigterm } from "../../../rehearsal/faults/ignores-sigterm";
import { neverHealthy } from "../../../rehearsal/faults/never-healthy";
import { probeFails, probeFailsOnHost } from "../../../rehearsal/faults/probe-fails";
import { slowBoot } from "../../../rehearsal/faults/slow-boot";
import { stopScriptFails } from "../../../rehearsal/faults/stop-script-fails";
import { type Going, ReleaseStage } from "./release-stage";

/** What came of a fault on a stage where releases go as they are said to. */
function happen(fault: Fault<RollingGround>, goings: Readonly<Record<string, Going>>, strategy: "rolling" | "blueGreen" = "rolling"): Promise<FaultOutcome> {
    return fault.happen(new ReleaseStage(strategy, goings).ground);
}

const back = (reason: string): Going => ({ outcome: "rolledBack", told: `rolled back: ${reason}` });
const hung = (seconds: number): Going["events"] => [
    { atMs: -60_000, instance: "i-1", event: "ValidateService", status: "started" }, { atMs: -59_000, instance: "i-1", event: "ValidateService", status: "succeeded" },
    { atMs: 0, instance: "i-1", event: "ValidateService", status: "started" }, { atMs: 1000 * seconds, instance: "i-1", event: "ValidateService", status: "failed" },
    // The rollback's own.
    { atMs: 20_000, instance: "i-1", event: "ValidateService", status: "started" }, { atMs: 20_100, instance: "i-1", event: "ValidateService", status: "succeeded" },
];

/** Each fault, the release that it deploys, and how that goes where all is well. */
const goingBack: readonly (readonly [Fault<RollingGround>, string, Going])[] = [
    [badImage, "imageGone", back("BeforeInstall failed on i-1: Cannot pull it")],
    [fullDisk, "tooLarge", back("BeforeInstall failed on i-1: Too little disk")],
    [corruptBundle, "overwritten", back("DownloadBundle failed on i-1: Expected deployment artifact bundle etag a but was actually b")],
    [cutOffBundle, "cutOff", back("DownloadBundle failed on i-1: Zip end of central directory signature not found")],
    [hookFails, "hookFails", back("ApplicationStart failed on i-1: run.sh failed with exit code 1")],
    [hookHangs, "hookHangs", { ...back("ValidateService failed on i-1: validate.sh failed to complete in 2 seconds"), events: hung(6) ?? [] }],
    [hookFailsOnce, "hookFailsOnce", back("ValidateService failed on i-1: exit code 1: the rehearsal makes this hook fail")],
    [neverHealthy, "neverHealthy", back("ValidateService failed on i-1: /health answered 503 instead of 200 for 60 s")],
    [probeFails, "failingUntried", back("GET / on green answered 500")],
    [probeFailsOnHost, "failing", back("ValidateService failed on i-1: / answered 500")],
    [crashLoop, "crashing", back("ValidateService failed on i-1: The container died")],
];

describe("A release that must go back", () => {
    for (const [fault, version, going] of goingBack) {
        it(`keeps its promise when it does, unseen: ${fault.name} (${version})`, async () => {
            assert.deepEqual(await happen(fault, { [version]: going }), { happened: going.told, broken: [], unseen: version });
        });

        it(`is told when it serves instead: ${fault.name} (${version})`, async () => {
            const { broken } = await happen(fault, { [version]: { ...going, outcome: "succeeded", told: "took over" } });
            assert.equal(broken[0], "it succeeded");
        });

        it(`is told when it goes back for another reason, which proves nothing: ${fault.name} (${version})`, async () => {
            const { broken } = await happen(fault, { [version]: { ...going, ...back("AllowTraffic failed on i-1") } });
            assert.match(broken.join(), /^it rolled back: AllowTraffic failed on i-1; wanted: /);
        });

        it(`is told when it leaves a stage that does not stand: ${fault.name} (${version})`, async () => {
            assert.deepEqual((await happen(fault, { [version]: { ...going, left: ["i-1 is unhealthy"] } })).broken, ["i-1 is unhealthy"]);
        });
    }

    it("is told when it is pulled to a disk that can be seen to be full", async () => {
        const { broken } = await happen(fullDisk, { tooLarge: back("BeforeInstall failed on i-1: Cannot pull it") });
        assert.deepEqual(broken, ['it rolled back: BeforeInstall failed on i-1: Cannot pull it; wanted: BeforeInstall with "Too little disk"']);
    });

    for (const [what, fault, version, told] of [
        ["by the right event with the wrong words", badImage, "imageGone", "BeforeInstall failed on i-1: no space left"],
        ["by the wrong event with the right words", badImage, "imageGone", "ApplicationStart failed on i-1: Cannot pull it"],
        ["by words that were said before the event", badImage, "imageGone", "Cannot pull it; BeforeInstall failed on i-1: exit code 1"],
        ["by an ETag where the bundle was cut off", cutOffBundle, "cutOff", "DownloadBundle failed on i-1: Expected deployment artifact bundle etag a but was actually b"],
        ["by no answer instead of a bad one", neverHealthy, "neverHealthy", "ValidateService failed on i-1: The container died"],
        ["by a hook that fails by itself", hookFailsOnce, "hookFailsOnce", "ValidateService failed on i-1: exit code 1: curl is missing"],
        ["on a host, where no hook must have tried it", probeFails, "failingUntried", "ValidateService failed on i-1: / answered 500"],
    ] as const) {
        it(`is told when it goes back ${what}`, async () => {
            assert.match((await happen(fault, { [version]: back(told) })).broken.join(), /; wanted: /);
        });
    }

    it("says that a full disk was not tried where no script sees Docker's disk, as with Docker Desktop", async () => {
        const stage = new ReleaseStage("rolling", { tooLarge: back("BeforeInstall failed on i-1: Cannot pull it") });
        stage.docker.run = () => Promise.resolve("/nobody/sees/this");
        const { happened, broken } = await fullDisk.happen(stage.ground);
        assert.match(happened, /^not tried here, for \/nobody\/sees\/this, Docker's disk, cannot be seen/);
        assert.deepEqual(broken, []);
    });

    it("proves nothing about a boot that nobody waited for", async () => {
        assert.deepEqual((await happen(slowBoot, {})).broken, ["ValidateService took 0.0 s at most, and the boot 3 s, so nothing was tried"]);
    });

    it("is told when nobody waits for its hook", async () => {
        const [, , going] = goingBack.find(([fault]) => fault === hookHangs) ?? assert.fail();
        assert.deepEqual((await happen(hookHangs, { hookHangs: { ...going, events: hung(5.9) ?? [] } })).broken, ["the hook was given up on i-1 while it still ran"]);
    });
});

const killed: Going = { outcome: "succeeded", told: "took over", started: { status: "succeeded", logTail: "Warning: app did not end within 2 s of SIGTERM and was killed" } };

const booted: Going = {
    outcome: "succeeded", told: "took over",
    events: [{ atMs: 0, instance: "i-1", event: "ValidateService", status: "started" }, { atMs: 2900, instance: "i-1", event: "ValidateService", status: "succeeded" }],
};

describe("A release that must serve and be replaced", () => {
    for (const [fault, strategy, goings, order] of [
        [slowBoot, "rolling", { slowBoot: booted }, ["slowBoot", "good"]],
        [slowBoot, "blueGreen", { slowBoot: booted }, ["slowBoot", "good"]],
        [stopScriptFails, "rolling", {}, ["stopScriptFails", "good"]],
        [stopScriptFails, "blueGreen", {}, ["stopScriptFails", "good", "better"]],
        [ignoresSigterm, "rolling", { impatient: killed }, ["ignoresStop", "impatient"]],
        [ignoresSigterm, "blueGreen", { impatient: killed }, ["ignoresStop", "good", "impatient"]],
    ] as const) {
        it(`keeps its promise when all that come after it serve, too: ${fault.name}, ${strategy}`, async () => {
            const stage = new ReleaseStage(strategy, goings);
            assert.deepEqual((await fault.happen(stage.ground)).broken, []);
            assert.deepEqual(stage.deployed, order);
            assert.deepEqual(stage.keptWarm, fault === slowBoot ? [] : order.slice(0, -1), "what is replaced is replaced where it runs");
        });

        for (const version of order) {
            it(`is told when ${version} does not come to serve, and what would come next stays away: ${fault.name}, ${strategy}`, async () => {
                const stage = new ReleaseStage(strategy, { ...goings, [version]: { outcome: "failed", told: "failed: it is blocked" } });
                const { broken, happened } = await fault.happen(stage.ground);
                assert.equal(broken[0], "it failed");
                assert.match(happened, /failed: it is blocked$/);
                assert.deepEqual(stage.deployed, order.slice(0, order.indexOf(version as never) + 1));
            });
        }
    }

    it("proves nothing about SIGTERM where every container has heard it", async () => {
        for (const started of [undefined, { status: "succeeded", logTail: "Stopped app (exit code 0)" }] as const) {
            const { broken } = await happen(ignoresSigterm, { impatient: { outcome: "succeeded", told: "took over", ...(started && { started }) } });
            assert.deepEqual(broken, ["no container had to be killed, so nothing was tried"]);
        }
    });
});

describe("A release that fails on some instances", () => {
    const told = "took over: 3 of 4 hosts run it; i-1: ValidateService failed on i-1: exit code 1: the rehearsal makes this hook fail";
    const partly: Going = { outcome: "succeeded", told, failed: new Map([["i-1", undefined]]) };

    for (const [fault, version] of [[hookFailsOnceInAWave, "hookFailsOnce"], [halfOfAWaveFails, "hookFailsOnHalf"]] as const) {
        it(`keeps its promise when they are out, named, and repaired by the next release: ${version}`, async () => {
            const stage = new ReleaseStage("rolling", { [version]: partly });
            assert.deepEqual((await fault.happen(stage.ground)).broken, []);
            assert.deepEqual(stage.deployed, [version, "good"]);
        });

        it(`keeps its promise when it goes back, with nothing to repair: ${version}`, async () => {
            const stage = new ReleaseStage("rolling", { [version]: back("ValidateService failed on i-1: exit code 1: the rehearsal makes this hook fail") });
            assert.deepEqual((await fault.happen(stage.ground)).broken, []);
            assert.deepEqual(stage.deployed, [version]);
        });

        const cases: readonly (readonly [string, Readonly<Record<string, Going>>, string])[] = [
            ["one of them gets requests", { [version]: { ...partly, failed: new Map([["i-1", "healthy"]]) } }, "i-1 failed and is healthy in the target group"],
            ["nobody is told of one", { [version]: { ...partly, failed: new Map([["i-1", undefined], ["i-4", "unused"]]) } }, "i-4 failed, and nobody was told"],
            ["the next release does not come", { [version]: partly, good: { outcome: "failed", told: "failed" } }, "it failed"],
            ["the next release leaves it out", { [version]: partly, good: { outcome: "succeeded", told: "took over", left: ["i-1 is not in the target group"] } }, "i-1 is not in the target group"],
            ["none fails", { [version]: { outcome: "succeeded", told: "took over: 4 of 4 hosts run it" } }, "no instance failed, so nothing was tried"],
            ["it goes back for another reason", { [version]: back("AllowTraffic failed on i-1") }, "no instance failed, so nothing was tried"],
            ["it fails by the right event for another reason", { [version]: back("ValidateService failed on i-1: curl is missing") }, "no instance failed, so nothing was tried"],
            ["it goes back and the stage does not stand", { [version]: { ...back("ValidateService failed on i-1: the rehearsal makes this hook fail"), left: ["i-4 is unhealthy"] } }, "i-4 is unhealthy"],
            ["it neither takes over nor goes back", { [version]: { outcome: "failed", told: "failed: ValidateService failed on i-1: the rehearsal makes this hook fail" } }, "it failed"],
        ];
        for (const [what, goings, broken] of cases) {
            it(`is told when ${what}: ${version}`, async () => { assert.deepEqual((await happen(fault, goings)).broken, [broken]); });
        }
    }
});
