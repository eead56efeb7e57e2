import assert from "node:assert/strict";
import { PutScheduledUpdateGroupActionCommand } from "@aws-sdk/client-auto-scaling";
import { DeregisterTargetsCommand, RegisterTargetsCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { abortRoll } from "../../../../release/aws/blue-green/abort-roll";
import { flipColours } from "../../../../release/aws/blue-green/flip-colours";
import { type Choice, goBack } from "../../../../release/aws/blue-green/go-back";
import { rollColours } from "../../../../release/aws/blue-green/roll-colours";
import { callsAsText, type ColourSite, openColours, versions } from "./colour-site";

const before: Choice = { choose: () => Promise.resolve(versions.a), isSame: () => true };

async function rolled(site: ColourSite) {
    const driver = site.driver({ bakeSeconds: 0 });
    const end = await rollColours(driver.clients, site.stage, versions.b, driver.options);
    assert.equal(end?.result, "succeeded", end?.reason);
    return { ...driver, end };
}

/** A roll that succeeds and cannot give an end to what served before. */
async function leftWithoutEnd(site: ColourSite): Promise<void> {
    const { stage: { blueGreen: { blue } } } = site;
    const driver = site.driver({ bakeSeconds: 0 });
    driver.clients.autoScaling.middlewareStack.add(next => args => {
        if ((args.input as { AutoScalingGroupName?: string }).AutoScalingGroupName === blue.autoScalingGroup && ("StartTime" in args.input || "MinSize" in args.input)) {
            throw new Error("AWS does not want to");
        }
        return next(args);
    }, { step: "initialize" });
    const end = await rollColours(driver.clients, site.stage, versions.b, driver.options);
    assert.deepEqual([end?.result, end?.left.length], ["succeeded", 1]);
}

async function aborted(site: ColourSite) {
    const driver = site.driver();
    return { end: await abortRoll(driver.clients, site.stage, driver.options), calls: callsAsText(site, driver.calls) };
}

describe("way back to a warm colour", () => {
    it("is taken at once by a rollback, without a watch, also when what serves has grown", async () => {
        await using site = await openColours({ bakeSeconds: 60, shiftPercents: [10, 100] });
        await rolled(site);
        await site.resize(site.stage.blueGreen.green.autoScalingGroup, 4);
        const { clients, options, calls } = site.driver({ by: "rollback" });
        const waited = site.clock.waited;
        const end = await goBack(clients, site.stage, before, options);
        assert.deepEqual([end?.result, end?.roll.urgent, end?.roll.bakeSeconds, end?.roll.shiftPercents, end?.roll.kind], ["succeeded", true, 0, [100], "flip"]);
        assert.deepEqual(callsAsText(site, calls).filter(call => /^(Modify|Update)/.test(call)), [
            "UpdateAutoScalingGroup GREEN 4", "UpdateAutoScalingGroup BLUE 4 4", "ModifyListener WEIGHTS forward BLUE-TARGETS 100 GREEN-TARGETS 0 false",
        ]);
        assert.equal(site.clock.waited, waited);
    });

    it("is watched as always by a flip, whose sizes are matched first", async () => {
        await using site = await openColours({ bakeSeconds: 60 });
        await rolled(site);
        const { clients, options } = site.driver({ by: "flip" });
        const end = await flipColours(clients, site.stage, options);
        assert.deepEqual([end.result, end.roll.urgent, end.roll.bakeSeconds, end.roll.shiftPercents], ["succeeded", undefined, 60, [100]]);
    });

    it("is a release as any other where nothing is warm", async () => {
        await using site = await openColours({ bakeSeconds: 20, warmSeconds: 0 });
        await rolled(site);
        const { clients, options } = site.driver({ by: "rollback" });
        const end = await goBack(clients, site.stage, before, options);
        assert.deepEqual([end?.result, end?.roll.kind, end?.roll.urgent, end?.roll.bakeSeconds], ["succeeded", "deploy", undefined, 20]);
    });
});

describe("abort when no roll is under way", () => {
    it("gives an end to what a roll has left without, once", async () => {
        await using site = await openColours();
        await leftWithoutEnd(site);
        const { autoScalingGroup } = site.stage.blueGreen.blue;
        const { end, calls } = await aborted(site);
        const endsAt = new Date(site.clock.now().getTime() + 1800_000).toISOString();
        assert.deepEqual([end, calls], [
            { result: "endArmed", colour: "blue", autoScalingGroup, instances: 2, endsAt },
            [`PutScheduledUpdateGroupAction BLUE gapless-end ${endsAt} 0 0`],
        ]);
        assert.deepEqual(await aborted(site), { end: undefined, calls: [] });
    });

    it("takes it away where nothing is kept warm", async () => {
        await using site = await openColours({ warmSeconds: 0 });
        await leftWithoutEnd(site);
        const { end, calls } = await aborted(site);
        assert.deepEqual([end?.result, calls], ["endArmed", ["UpdateAutoScalingGroup BLUE 0 0"]]);
        assert.deepEqual(await aborted(site), { end: undefined, calls: [] });
    });

    it("leaves alone what has an end", async () => {
        await using site = await openColours();
        await leftWithoutEnd(site);
        const { autoScaling } = site.clients;
        await autoScaling.send(new PutScheduledUpdateGroupActionCommand({
            AutoScalingGroupName: site.stage.blueGreen.blue.autoScalingGroup, ScheduledActionName: "gapless-end", StartTime: new Date("2026-01-01T09:00:00Z"), MinSize: 0, DesiredCapacity: 0,
        }));
        assert.deepEqual(await aborted(site), { end: undefined, calls: [] });
    });
});

describe("deployment of a roll", () => {
    it("is all at once without CodeDeploy's own way back, and bears it that instances leave their target group meanwhile", async () => {
        await using site = await openColours();
        const { loadBalancing } = site.clients;
        const { targetGroupArn: TargetGroupArn } = site.stage.blueGreen.green;
        let away: { Id: string }[] | undefined;
        let looks = 0;
        site.clock.meanwhile(async () => {
            const deployment = site.demo.codeDeploy.deployments[1];
            if (deployment === undefined) return;
            if (away === undefined) {
                away = deployment.instances.map(({ id }) => ({ Id: id }));
                if (away.length === 0) { away = undefined; return; }
                await loadBalancing.send(new DeregisterTargetsCommand({ TargetGroupArn, Targets: away }));
            } else if (!["Created", "InProgress"].includes(deployment.status) && (looks += 1) === 3) {
                await loadBalancing.send(new RegisterTargetsCommand({ TargetGroupArn, Targets: away }));
            }
        });
        const { calls, end, told } = await rolled(site);
        assert.equal(away?.length, 2, "the instances never left");
        assert.equal(end.roll.to, "green");
        const created = calls.find(({ name }) => name === "CreateDeployment")?.input;
        assert.deepEqual([created?.["deploymentConfigName"], created?.["autoRollbackConfiguration"]], ["CodeDeployDefault.AllAtOnce", { enabled: false }]);
        assert.ok(told.some(line => /^waiting: i-\w+ is (no target|unused)/.test(line)), told.join("\n"));
    });
});
