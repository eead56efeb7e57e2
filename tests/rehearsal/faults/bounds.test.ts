import assert from "node:assert/strict";
import { alarmFires } from "../../../rehearsal/faults/alarm-fires";
import { failsUnprobed } from "../../../rehearsal/faults/fails-unprobed";
import type { Fault } from "../../../rehearsal/faults/fault";
import { greenDies } from "../../../rehearsal/faults/green-dies";
import { instanceDiesServing } from "../../../rehearsal/faults/instance-dies";
import { ColourMemory } from "./colour-memory";
import { HandTime } from "./hand-time";
import { ServiceStage } from "./service-stage";

// Ten requests a second, each open for half a second; checks notice within 1.5 s, and a tenth of the service's waits.
describe("Requests that may be lost", () => {
    it("are those of one instance in four, in flight and until the checks have seen that it died", async () => {
        using time = new HandTime();
        const service = await ServiceStage.serving(4);
        service.dying = () => { time.pass(4); };
        const { mayLose } = await instanceDiesServing.happen(service.ground());
        // 10 / 4 × (0.5 + 4 + 1.5)
        assert.equal(mayLose?.requests, 15);
    });

    it("are those of instances with a release that fails, for as long as they are in rotation", async () => {
        using time = new HandTime();
        const service = await ServiceStage.serving(4);
        failOn("i-1", 6, service, time);
        const { mayLose, broken } = await alarmFires.happen(service.ground());
        assert.deepEqual(broken, []);
        // 10 / 3 × (6 + 0.5) = 21.7
        assert.equal(mayLose?.requests, 22);
    });

    it("are no excuse for an alarm that is late, whatever its share", async () => {
        using time = new HandTime();
        const service = await ServiceStage.serving(4);
        failOn("i-2", 12.5, service, time);
        const { mayLose, broken } = await alarmFires.happen(service.ground());
        assert.deepEqual(broken, ["the rollback began 12.5 s after the release had its first request, and 12.0 s is the longest that it may take"]);
        // 10 / 3 × (2 × 12.5 + 0.5)
        assert.equal(mayLose?.requests, 85);
    });

    it("are all, in flight and until checks and driver have seen that a colour died", async () => {
        using time = new HandTime();
        const memory = new ColourMemory([], "bake", {});
        memory.dying = () => {
            time.pass(4);
            return "";
        };
        const { mayLose } = await greenDies.happen(memory.ground());
        // 10 × (0.5 + 4 + 1.5 + 1)
        assert.equal(mayLose?.requests, 70);
    });

    it("are a tenth, for two looks of whoever drives, beside those without which a share of errors says nothing", async () => {
        const { mayLose } = await failsUnprobed.happen(new ColourMemory([], "bake", {}).ground());
        // 2 + 1 × (2 × 1 + 1)
        assert.equal(mayLose?.requests, 5);
    });
});

describe("A fault of one strategy", () => {
    it("is none for both", () => {
        // @ts-expect-error It asks for what blue/green does not have.
        const forBoth: Fault = alarmFires;
        assert.equal(forBoth.name, "alarm-fires");
    });
});

/** Time passes when an instance has the release that fails in rotation, and then the alarm fires. */
function failOn(instance: string, seconds: number, service: ServiceStage, time: HandTime): void {
    service.stage.interception.add((event, host, run) => {
        if (event === "AfterAllowTraffic" && host === instance && service.alarmIsOver && service.group.deployment?.version === "failing") {
            time.pass(seconds);
            service.fireAlarm();
        }
        return run();
    });
}
