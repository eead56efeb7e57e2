import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import { halfAtATime, oneAtATime } from "../../../release/minimum-healthy-hosts";
import { agentCrashes } from "../../../rehearsal/faults/agent-crashes";
import { alarmBlocks } from "../../../rehearsal/faults/alarm-blocks";
import { alarmFires } from "../../../rehearsal/faults/alarm-fires";
import type { Fault, RollingGround } from "../../../rehearsal/faults/fault";
import { instanceDies, instanceDiesServing } from "../../../rehearsal/faults/instance-dies";
import { operatorStops } from "../../../rehearsal/faults/operator-stops";
import { registryDown } from "../../../rehearsal/faults/registry-down";
import { rollbackImageGone } from "../../../rehearsal/faults/rollback-image-gone";
import { registrySlow } from "../../../rehearsal/faults/registry-slow";
import { scaleInFleet } from "../../../rehearsal/faults/scale-in-fleet";
import { scaleOutFleet } from "../../../rehearsal/faults/scale-out-fleet";
import { scaleSteady } from "../../../rehearsal/faults/scale-steady";
import { strayRequests } from "../../../rehearsal/faults/stray-requests";
import { twoDeploys } from "../../../rehearsal/faults/two-deploys";
import { type Protections, ServiceStage } from "./service-stage";

/** Has the alarm fire when the first instance serves a release that fails. */
function watched(service: ServiceStage): void {
    let fired = false;
    service.meanwhile = (event, release) => {
        if (fired || event !== "AfterAllowTraffic" || release !== "failing") return undefined;
        fired = true;
        service.fireAlarm();
        return undefined;
    };
}

async function brokenBy(fault: Fault<RollingGround>, protections: Protections = {}): Promise<string> {
    const service = await ServiceStage.serving(4, protections);
    if (fault === alarmFires) watched(service);
    return service.brokenBy(fault);
}

describe("A fault around a rolling release whose protection is there", () => {
    for (const fault of [
        registryDown, rollbackImageGone, agentCrashes, instanceDies, instanceDiesServing, scaleOutFleet, scaleInFleet, scaleSteady, alarmFires, alarmBlocks, twoDeploys,
        operatorStops, strayRequests,
    ]) {
        it(`keeps its promise: ${fault.name}`, async () => { assert.equal(await brokenBy(fault), ""); });
    }
});

describe("A fault around a rolling release whose protection is taken away", () => {
    for (const [fault, without, problem] of [
        [registryDown, { pullFirst: false }, /the container of i-\d was replaced although its image had not come/],
        [registryDown, { rollBack: false }, /instead of having rolled back/],
        [rollbackImageGone, { keepsImages: false }, /the deployment failed .* instead of having rolled back/],
        [agentCrashes, { tellsCrash: false }, /in BeforeInstall: no event whose script ran failed with code 7, so nothing was tried/],
        [agentCrashes, { blocksTraffic: false }, /in ApplicationStart: i-\d is healthy in the target group with half of a release/],
        [scaleInFleet, { leaves: false }, /i-5 had not left 900 s after the scale-in/],
        [instanceDies, { launchHook: false }, /i-5 is unhealthy/],
        [scaleInFleet, { launchHook: false }, /i-5 is unhealthy/],
        [scaleOutFleet, { updatesOutdated: false }, /i-5 has release v1 instead of v2/],
        [scaleSteady, { launchHook: false }, /i-5 is unhealthy/],
        [instanceDiesServing, { launchHook: false }, /i-5 is unhealthy/],
        [strayRequests, { launchHook: false }, /i-5 is unhealthy/],
        [alarmFires, { alarm: false }, /the deployment took over .* instead of having rolled back/],
        [alarmFires, { rollBack: false }, /the deployment failed .* instead of having rolled back/],
        [alarmBlocks, { alarm: false }, /the deployment took over .* instead of having failed/],
        [twoDeploys, { limit: false }, /the second deployment was not refused: it took over/],
        [operatorStops, { rollBack: false }, /stopped in wave 1: the deployment failed .* instead of having rolled back/],
    ] as const satisfies readonly (readonly [Fault<RollingGround>, Protections, RegExp])[]) {
        it(`tells so: ${fault.name} without ${Object.keys(without).join(", ")}`, async () => { assert.match(await brokenBy(fault, without), problem); });
    }
});

describe("Between two faults of a rolling release", () => {
    it("the alarm is over, for while it fires nothing can be deployed", async () => {
        const service = await ServiceStage.serving(2);
        const firing = service.fireAlarm();
        let waits = 0;
        service.clock.meanwhile(() => { if (++waits === 3) firing[Symbol.dispose](); });
        assert.deepEqual(await service.stage.takeUp(), []);
        assert.equal(waits, 3);
    });

    it("nobody waits for ever for an alarm that is not over, and it is told", async () => {
        const service = await ServiceStage.serving(2);
        service.fireAlarm();
        const before = service.clock.waited;
        assert.deepEqual(await service.stage.takeUp(), ["it left an alarm that still fires after 100 s, while which nothing can be deployed: too many errors"]);
        assert.equal(service.clock.waited - before, 100);
    });

    it("what went wrong where nobody waits is told, and once", async () => {
        const service = await ServiceStage.serving(2);
        service.group.troubles.push("there is no room");
        assert.deepEqual(await service.stage.problems(), ["there is no room"]);
        assert.deepEqual(await service.stage.problems(), []);
        service.group.troubles.push("there is no room");
        assert.deepEqual(await service.stage.problems(), ["there is no room"]);
    });
});

describe("A scale-in of two instances in a deployment", () => {
    for (const [minimum, outcomes] of [[halfAtATime, ["succeeded"]], [{ type: "HOST_COUNT", value: 4 }, ["succeeded", "rolledBack"]], [oneAtATime, ["succeeded", "rolledBack"]]] as const) {
        it(`may end as ${outcomes.join(" or ")} where of six instances ${minimum.value} (${minimum.type}) is the rule`, async () => {
            const service = await ServiceStage.serving(4, {}, minimum);
            let promised: readonly string[] = [];
            service.stage.deploy = () => Promise.resolve({ outcome: "rolledBack", told: "rolled back", problems: each => Promise.resolve(promised = each).then(() => []) });
            await scaleInFleet.happen(service.ground());
            assert.deepEqual(promised, outcomes);
        });
    }
});

describe("A fault whose deployment ends before its time", () => {
    /** Where the signal can be aborted, and a deployment is what one makes of it. */
    async function where(deploy: (service: ServiceStage, stop: AbortController) => Promise<never>): Promise<RollingGround> {
        const service = await ServiceStage.serving(2);
        const stop = new AbortController();
        service.stage.deploy = () => deploy(service, stop);
        return { ...service.ground(), signal: stop.signal };
    }

    it("leaves no registry that answers nobody, though no host was reached", async () => {
        const ground = await where(() => Promise.reject(new Error("there is no room")));
        let hangs = false;
        const registry = { forgetOnHosts: () => Promise.resolve(), hang: () => Promise.resolve({ [Symbol.asyncDispose]: () => Promise.resolve(void (hangs = false)) }) };
        hangs = true;
        await assert.rejects(registrySlow.happen({ ...ground, registry } as unknown as RollingGround), { message: "there is no room" });
        assert.equal(hangs, false);
    });

    it("has the registry answer at once when a person ends it all, and leaves nothing that fails unheard", async () => {
        let answers = 0;
        let answersByThen = 0;
        let left: readonly unknown[] = [];
        const registry = { forgetOnHosts: () => Promise.resolve(), hang: () => Promise.resolve({ [Symbol.asyncDispose]: () => Promise.resolve().then(() => { answers++; }) }) };
        const ground = await where(async (service, stop) => {
            await service.interception.run("BeforeBlockTraffic", "i-1", () => Promise.resolve({ status: "succeeded" }));
            stop.abort();
            left = await unheard();
            answersByThen = answers;
            throw new Error("there is no room");
        });
        await assert.rejects(registrySlow.happen({ ...ground, registry } as unknown as RollingGround), { name: "AbortError" });
        assert.deepEqual([answersByThen, answers], [1, 1]);
        assert.deepEqual(left, []);
    });

    it("leaves no death behind that fails unheard", async () => {
        let left: readonly unknown[] = [];
        const ground = await where(async (service, stop) => {
            const waiting = new Promise<void>(resolve => { service.clock.meanwhile(() => { stop.abort(); resolve(); }); });
            await service.interception.run("Install", "i-1", () => Promise.resolve({ status: "succeeded" }));
            await waiting;
            left = await unheard();
            throw new Error("there is no room");
        });
        await assert.rejects(instanceDies.happen(ground), { message: "there is no room" });
        assert.deepEqual(left, []);
    });

    it("leaves no death behind that Auto Scaling has not heard of", async () => {
        const replaced: string[] = [];
        const ground = await where(async service => {
            service.stage.replace = id => { replaced.push(id); };
            await service.interception.run("Install", "i-1", () => Promise.resolve({ status: "succeeded" }));
            throw new Error("there is no room");
        });
        await assert.rejects(instanceDies.happen(ground), { message: "there is no room" });
        assert.deepEqual(replaced, ["i-1"]);
    });
});

/** Lets what is rejected be seen to be nobody's, and tells it. */
async function unheard(): Promise<readonly unknown[]> {
    const heard: unknown[] = [];
    const hear = (reason: unknown): void => { heard.push(reason); };
    process.on("unhandledRejection", hear);
    for (let turns = 0; turns < 5; turns++) await turn();
    process.off("unhandledRejection", hear);
    return heard;
}
