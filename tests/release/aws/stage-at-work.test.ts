import assert from "node:assert/strict";
import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { awaitNobodyAtWork } from "../../../release/aws/stage-at-work";
import type { Stage } from "../../../release/stage";
import { AutoScalingDouble, refreshId, type RefreshStep } from "../../support/aws/auto-scaling-double";
import { scripts } from "../../support/aws/code-deploy-double";
import { openFleet, stage } from "../../support/aws/deploying";

async function openWork(...steps: readonly RefreshStep[]) {
    const fleet = await openFleet();
    const refreshes = await AutoScalingDouble.start({ steps });
    if (steps.length > 0) refreshes.begin();
    const clients = { codeDeploy: fleet.codeDeploy, autoScaling: new AutoScalingClient(refreshes.access) };
    return {
        fleet, refreshes, clients,
        [Symbol.asyncDispose]: async () => {
            await refreshes[Symbol.asyncDispose]();
            await fleet[Symbol.asyncDispose]();
        },
    };
}

describe("who works on a stage", () => {
    it("is nobody when neither deploys or refreshes", async () => {
        await using work = await openWork({ Status: "Successful" });
        await awaitNobodyAtWork(work.clients, stage, work.fleet.options);
        assert.deepEqual([work.fleet.told, work.fleet.clock.waits], [[], []]);
    });

    it("is an instance refresh that has outlived its command: it is waited for, told once", async () => {
        await using work = await openWork({ Status: "InProgress", PercentageComplete: 50 }, { Status: "InProgress", PercentageComplete: 60 }, { Status: "Successful" });
        await awaitNobodyAtWork(work.clients, stage, work.fleet.options);
        assert.deepEqual(work.fleet.told, [`waiting for instance refresh ${refreshId} of asg (replacing: 50 %)`]);
        assert.deepEqual(work.fleet.clock.waits, [2, 3]);
    });

    it("is named, with how to stop it, when it takes longer than one may wait", async () => {
        await using work = await openWork({ Status: "InProgress", PercentageComplete: 50 });
        await assert.rejects(awaitNobodyAtWork(work.clients, stage, work.fleet.options), {
            name: "DeliveryError", kind: "needsPerson",
            message: `There is instance refresh ${refreshId} of asg (replacing: 50 %), and nothing else may change its instances meanwhile. Wait for its end with --wait MINUTES, `
                + "watch it with ./gapless refresh-instances dev, or stop it: aws autoscaling cancel-instance-refresh --auto-scaling-group-name asg --region eu-central-1.",
        });
    });

    for (const [what, blueGreen, stop] of [
        ["abort, where CodeDeploy rolls", undefined, () => "./gapless abort dev"],
        ["AWS's own call, where abort knows rolls of colours alone", {} as NonNullable<Stage["blueGreen"]>, (id: string) => `aws deploy stop-deployment --deployment-id ${id} --region eu-central-1`],
    ] as const) {
        it(`is a deployment, which is stopped by ${what}`, async () => {
            await using work = await openWork();
            work.fleet.double.next(scripts.stuck());
            const id = work.fleet.create();
            await assert.rejects(awaitNobodyAtWork({ codeDeploy: work.fleet.codeDeploy }, { ...stage, ...(blueGreen && { blueGreen }) }, work.fleet.options), (error: Error) => {
                assert.ok(error.message.endsWith(`or stop it: ${stop(id)}.`), error.message);
                return true;
            });
        });
    }

    it("is looked for again after each wait: a deployment may begin while a refresh goes on", async () => {
        await using work = await openWork({ Status: "InProgress" }, { Status: "InProgress" }, { Status: "Successful" });
        let id = "";
        work.fleet.clock.meanwhile(waits => {
            if (waits === 1) id = work.fleet.create();
            if (waits === 4) work.fleet.double.advance(id);
        });
        await awaitNobodyAtWork(work.clients, stage, work.fleet.options);
        assert.deepEqual(work.fleet.told.map(line => line.split(" ")[2]), ["instance", "deployment"]);
        assert.equal(work.fleet.clock.waits.length, 4);
    });

    it("is no refresh in a fleet that is tagged", async () => {
        await using work = await openWork({ Status: "InProgress" });
        await awaitNobodyAtWork(work.clients, { ...stage, fleet: { instanceIds: ["i-1"] } }, work.fleet.options);
        assert.deepEqual(work.refreshes.calls, []);
    });
});
