import assert from "node:assert/strict";
import { agentCrashes } from "../../../rehearsal/faults/agent-crashes";
import { alarmBlocks } from "../../../rehearsal/faults/alarm-blocks";
import { instanceDies } from "../../../rehearsal/faults/instance-dies";
import { operatorStops } from "../../../rehearsal/faults/operator-stops";
import { registryDown } from "../../../rehearsal/faults/registry-down";
import { registrySlow } from "../../../rehearsal/faults/registry-slow";
import { scaleInFleet } from "../../../rehearsal/faults/scale-in-fleet";
import { scaleOutFleet } from "../../../rehearsal/faults/scale-out-fleet";
import { ServiceStage } from "./service-stage";

describe("A fault that did not happen as it should proves nothing, and says so", () => {
    for (const fault of [instanceDies, scaleInFleet]) {
        it(`where no deployment came to a host: ${fault.name}`, async () => {
            // As many as there may be, so that none is launched, again and again, while the alarm fires.
            const service = await ServiceStage.serving(6);
            service.fireAlarm();
            assert.match(await service.brokenBy(fault), /(a death|a scale-in) never happened, so nothing was tried/);
        });
    }

    it("where the group cannot grow: scale-out", async () => {
        const service = await ServiceStage.serving(6);
        assert.equal(await service.brokenBy(scaleOutFleet), "0 instances came instead of one");
    });

    it("where nobody gave an instance up, and it serves: alarm-blocks", async () => {
        const service = await ServiceStage.serving(4, { launchHook: false });
        assert.match(await service.brokenBy(alarmBlocks), /^no launched instance was given up; i-5 came into service while the alarm fired/);
    });

    it("where nobody waited for the registry, and an instance had left: registry-slow", async () => {
        const service = await ServiceStage.serving(4);
        service.stage.deploy = () => {
            service.timeline.add({ instance: "i-1", event: "BlockTraffic", status: "started" });
            return Promise.resolve({ outcome: "succeeded", told: "took over", problems: () => Promise.resolve([]) });
        };
        assert.equal(await service.brokenBy(registrySlow), "nobody waited for the registry, so nothing was tried; i-1 left the load balancer before its image had come");
    });
});

describe("What comes after a fault is part of its promise", () => {
    it("such as the same release once more: agent-crashes", async () => {
        const service = await ServiceStage.serving(4);
        service.meanwhile = (event, release) =>
            (event === "ValidateService" && release.startsWith("stays") && release === service.group.lastDeployed ? { status: "failed", message: "exit 1" } : undefined);
        assert.match(await service.brokenBy(agentCrashes), /^in BeforeInstall: the deployment (failed|rolled back) .* instead of having taken over/s);
    });

    it("such as a registry that is there again: registry-down", async () => {
        const service = await ServiceStage.serving(4, { registryRecovers: false });
        assert.match(await service.brokenBy(registryDown), /^the deployment rolled back .* instead of having taken over$/s);
    });

    it("such as the wave after the one in which a deployment was stopped: operator-stops", async () => {
        const service = await ServiceStage.serving(4);
        const { happened, broken } = await operatorStops.happen(service.ground());
        assert.deepEqual(broken, []);
        assert.equal(happened, "2 deployments were stopped, each in another wave");
    });
});
