import assert from "node:assert/strict";
import { agentCrashes } from "../../../rehearsal/faults/agent-crashes";
import { alarmBlocks } from "../../../rehearsal/faults/alarm-blocks";
import { alarmFires } from "../../../rehearsal/faults/alarm-fires";
import type { Fault, RollingGround } from "../../../rehearsal/faults/fault";
import { instanceDies, instanceDiesServing } from "../../../rehearsal/faults/instance-dies";
import { operatorStops } from "../../../rehearsal/faults/operator-stops";
import { registryDown } from "../../../rehearsal/faults/registry-down";
import { rollbackImageGone } from "../../../rehearsal/faults/rollback-image-gone";
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
        if (fired || event !== "AfterAllowTraffic" || release !== "failing") return;
        fired = true;
        service.fireAlarm();
    };
}

async function brokenBy(fault: Fault<RollingGround>, protections: Protections = {}): Promise<string> {
    const service = await ServiceStage.serving(4, protections);
    if (fault === alarmFires) watched(service);
    // Longer than it takes until an agent crashes.
    if (fault === agentCrashes) service.startMs = 250;
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
        [agentCrashes, { tellsCrash: false }, /in BeforeInstall: no event failed with code 7, so nothing was tried/],
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
});
