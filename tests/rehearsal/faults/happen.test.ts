import assert from "node:assert/strict";
import type { StepName } from "../../../release/blue-green/step";
import type { ColourGround, Fault } from "../../../rehearsal/faults/fault";
import { failsUnprobed } from "../../../rehearsal/faults/fails-unprobed";
import { greenDies } from "../../../rehearsal/faults/green-dies";
import { hookFailsOnce } from "../../../rehearsal/faults/hook-fails-once";
import { lateProblems, operatorAborts } from "../../../rehearsal/faults/operator-aborts";
import { previousImageGone } from "../../../rehearsal/faults/previous-image-gone";
import { scaleInColours } from "../../../rehearsal/faults/scale-in-colours";
import { scaleOut } from "../../../rehearsal/faults/scale-out";
import { ColourMemory, type Wrong } from "./colour-memory";

async function brokenBy(fault: Fault<ColourGround>, leftOut: readonly StepName[], failing?: StepName, wrong: Wrong = {}): Promise<string> {
    return (await fault.happen(new ColourMemory(leftOut, failing, wrong).ground())).broken.join("; ");
}

describe("A fault whose protection is there", () => {
    for (const [fault, failing] of [[previousImageGone, undefined], [scaleOut, undefined], [hookFailsOnce, "install"], [greenDies, "bake"], [operatorAborts, undefined], [scaleInColours, undefined], [failsUnprobed, "bake"]] as const) {
        it(`keeps its promise: ${fault.name}`, async () => { assert.equal(await brokenBy(fault, [], failing), ""); });
    }
});

describe("A fault whose protection is taken away", () => {
    for (const [fault, leftOut, failing, problem] of [
        [previousImageGone, ["detach"], undefined, /^green-1 was brought the old release: BeforeInstall failed \(no image\)$/],
        [previousImageGone, ["attach"], undefined, /green serves and is not in its deployment group/],
        [previousImageGone, ["disarm"], undefined, /green serves, and its end is scheduled/],
        [scaleOut, ["match"], undefined, /green got 100 % of the requests with 2 healthy targets, and blue has 3/],
        [scaleOut, ["commit"], undefined, /the parameter says blue, and green serves/],
        [scaleOut, ["retire"], undefined, /blue should be gone, and has 3 instances/],
        [scaleOut, [], "settle", /something was left untidy: settle fails/],
        [operatorAborts, ["stop"], "stop", /the roll did not end: stuck on the way back \(stop fails\)/],
        [greenDies, [], undefined, /the roll took over, instead of having rolled back/],
        [scaleInColours, ["match"], undefined, /green shrank from 3 instances to 2 while it had half of the requests/],
        [scaleInColours, ["retire"], undefined, /blue should be gone, and has 2 instances/],
        [failsUnprobed, [], undefined, /the roll took over, instead of having rolled back/],
        [failsUnprobed, [], "probe", /the roll took over, instead of having rolled back/],
        [failsUnprobed, ["restore"], "bake", /blue gets 90 % of the requests instead of all/],
        [hookFailsOnce, [], undefined, /the roll took over, instead of having rolled back/],
        [hookFailsOnce, ["shrink"], "install", /green should be gone, and has 2 instances/],
        [operatorAborts, ["restore"], undefined, /deploy aborted at shift: blue gets 50 % of the requests instead of all/],
        [operatorAborts, ["rearm"], undefined, /flip aborted at \w+: .* is warm, and nothing ends it/],
    ] as const satisfies readonly (readonly [Fault<ColourGround>, readonly StepName[], StepName | undefined, RegExp])[]) {
        it(`tells so: ${fault.name} without ${leftOut.join(", ") || "what finds it"}`, async () => {
            assert.match(await brokenBy(fault, leftOut, failing), problem);
        });
    }

    it("tells so: operator-aborts where nobody hears the wish", async () => {
        assert.match(await brokenBy(operatorAborts, [], undefined, { deaf: true }), /^deploy aborted at detach: the roll took over, instead of having stopped/);
    });

    it("tells so: operator-aborts whose roll never comes to a step", async () => {
        const broken = await brokenBy(operatorAborts, [], "detach", { failsFor: 3 });
        assert.match(broken, /^deploy aborted at boot: it was never reached; deploy aborted at boot: the roll rolled back/);
    });

    it("tells so: operator-aborts where the requests take their time", async () => {
        assert.equal(await brokenBy(operatorAborts, [], undefined, { restoreSeconds: 40 }), "");
        assert.match(await brokenBy(operatorAborts, [], undefined, { restoreSeconds: 41 }), /^deploy aborted at detach: the requests were back after 41 s, and 40 s is the longest/);
    });

    it("tells so: operator-aborts where anything comes before the requests", () => {
        assert.deepEqual(lateProblems({ name: "stop" }, 1), ["the way back began with stop, and not with the requests"]);
        assert.deepEqual(lateProblems({ name: "restore" }, 1), []);
    });

    it("tells so: scale-out where the colour that serves cannot grow", async () => {
        assert.equal(await brokenBy(scaleOut, [], undefined, { full: true }), "the colour that serves did not grow, so nothing was tried");
    });
});
