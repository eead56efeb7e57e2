import assert from "node:assert/strict";
import { CloudFrontClient } from "@aws-sdk/client-cloudfront";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { flipColours } from "../../../../release/aws/blue-green/flip-colours";
import { followRoll } from "../../../../release/aws/blue-green/follow-roll";
import { coloursOf } from "../../../../release/aws/colour-document";
import { rollColours } from "../../../../release/aws/blue-green/roll-colours";
import { readLock, StageLock } from "../../../../release/aws/stage-lock";
import { RollTakenOver } from "../../../../release/blue-green/drive";
import { rollUnderWay } from "../../../../release/roll-history";
import { coloursKey } from "../../../../release/store-keys";
import { callsAsText, type ColourSite, isNote, openColours, versions } from "./colour-site";

const full = { minSize: 2, maxSize: 4, desired: 2, instances: 2, hooked: true };
const none = { minSize: 0, maxSize: 4, desired: 0, instances: 0, hooked: true, ends: false };

async function rolled(site: ColourSite, version: string) {
    const driver = site.driver();
    const end = await rollColours(driver.clients, site.stage, version, driver.options);
    assert.equal(end?.result, "succeeded", end?.reason);
    return { ...driver, end };
}

/** A flip that a person ends once all requests go back to blue, `laterSeconds` after. */
async function flippedBack(site: ColourSite, laterSeconds: number) {
    const stop = new AbortController();
    const flip = site.driver({ by: "flip", bakeSeconds: 60, stop: stop.signal });
    let over = false;
    site.clock.meanwhile(async () => {
        if (over || (await site.state()).weights.blue !== 100) return;
        over = true;
        site.clock.pass(laterSeconds);
        stop.abort(new Error("Ctrl-C"));
    });
    return { ...flip, end: await flipColours(flip.clients, site.stage, flip.options) };
}

describe("roll at the edges of AWS", () => {
    it("arms the end of the warm colour again when a flip goes back, for the time that it had", async () => {
        await using site = await openColours();
        await rolled(site, versions.b);
        const until = (await site.document()).warm?.until;
        const { end, calls } = await flippedBack(site, 0);
        assert.deepEqual([end.result, end.reason], ["stopped", "Ctrl-C"]);
        assert.deepEqual(callsAsText(site, calls).slice(-2), [
            "ModifyListener WEIGHTS forward BLUE-TARGETS 0 GREEN-TARGETS 100 false", `PutScheduledUpdateGroupAction BLUE gapless-end ${until ?? ""} 0 0`,
        ]);
        assert.deepEqual(await site.state(), { weights: { blue: 0, green: 100 }, active: "green", groups: { blue: { ...full, ends: true }, green: { ...full, ends: false } } });
        assert.deepEqual((await site.document()).warm, { colour: "blue", until });
    });

    it("ends the warm colour at once when a flip goes back after its time", async () => {
        await using site = await openColours();
        await rolled(site, versions.b);
        const { calls } = await flippedBack(site, 3600);
        assert.equal(callsAsText(site, calls).at(-1), "UpdateAutoScalingGroup BLUE 0 0");
        assert.deepEqual(await site.state(), { weights: { blue: 0, green: 100 }, active: "green", groups: { blue: none, green: { ...full, ends: false } } });
        assert.equal((await site.document()).warm, null);
    });

    it("deploys once more to what came after its deployment had begun", async () => {
        await using site = await openColours();
        let grown = false;
        site.clock.meanwhile(async () => {
            if (grown || site.demo.codeDeploy.deployments.length !== 2) return;
            grown = true;
            await site.resize(site.stage.blueGreen.green.autoScalingGroup, 3);
        });
        const { told, end } = await rolled(site, versions.b);
        const [, first, second, ...others] = site.demo.codeDeploy.deployments;
        assert.deepEqual([first?.instances.length, second?.instances.length, others.length], [2, 3, 0]);
        assert.equal(end.codeDeployId, second?.args.id);
        assert.ok(told.some(line => /^i-\w+ came after deployment d-\w+ had begun, so there is another one$/.test(line)), told.join("\n"));
    });

    it("gives up when instances come after every deployment", async () => {
        await using site = await openColours();
        let seen = 1;
        site.clock.meanwhile(async () => {
            if (site.demo.codeDeploy.deployments.length === seen) return;
            seen = site.demo.codeDeploy.deployments.length;
            await site.limit(site.stage.blueGreen.green.autoScalingGroup, 9);
            await site.resize(site.stage.blueGreen.green.autoScalingGroup, seen + 1);
        });
        const driver = site.driver();
        const end = await rollColours(driver.clients, site.stage, versions.b, driver.options);
        assert.equal(end?.result, "rolledBack");
        assert.match(end.reason ?? "", /^i-\w+ came after deployment d-TEST00004 had begun, as others did 3 times before$/);
    });

    it("asks again when AWS is asked too often in the middle of a step", async () => {
        await using site = await openColours();
        const driver = site.driver();
        site.demo.codeDeploy.faults.throttle(2, "UpdateDeploymentGroup");
        const end = await rollColours(driver.clients, site.stage, versions.b, driver.options);
        assert.equal(end?.result, "succeeded", end?.reason);
        assert.deepEqual(driver.told.filter(line => line.startsWith("warning: ")), [
            "warning: AWS cannot be asked now, and is asked again for 10 minutes: ThrottlingException: Rate exceeded", "warning: AWS answers again.",
        ]);
    });

    it("goes back when AWS refuses a step for good", async () => {
        await using site = await openColours();
        const driver = site.driver();
        site.demo.codeDeploy.faults.deny("CreateDeployment");
        const end = await rollColours(driver.clients, site.stage, versions.b, driver.options);
        assert.equal(end?.result, "rolledBack");
        assert.match(end.reason ?? "", /CreateDeployment/);
        assert.deepEqual((await site.state()).groups["green"], none);
    });

    for (const [title, fails] of [["empties CloudFront's cache once it serves", false], ["serves all the same when CloudFront's cache cannot be emptied, and says what empties it", true]] as const) {
        it(title, async () => {
            await using site = await openColours();
            const driver = site.driver();
            const emptied: unknown[] = [];
            const cloudFront = new CloudFrontClient(site.demo.access);
            cloudFront.middlewareStack.add(() => ({ input }) => {
                emptied.push(input);
                return fails ? Promise.reject(new Error("too many of them")) : Promise.resolve({ output: { $metadata: {} }, response: {} });
            }, { step: "initialize" });
            const end = await rollColours({ ...driver.clients, cloudFront }, { ...site.stage, distribution: "E1" }, versions.b, driver.options);
            assert.equal(end?.result, "succeeded");
            assert.deepEqual(emptied, [{ DistributionId: "E1", InvalidationBatch: { CallerReference: `${end.roll.id}-succeeded`, Paths: { Quantity: 1, Items: ["/*"] } } }]);
            const [said] = driver.told.filter(line => line.includes("CloudFront"));
            assert.equal(said, fails
                ? "warning: CloudFront's cache could not be emptied, so old pages may be seen: too many of them. aws cloudfront create-invalidation --distribution-id E1 --paths '/*' does it"
                : "CloudFront E1 asks for everything anew");
        });
    }

    it("is told to need a person when it is followed and its driver is dead", async () => {
        await using site = await openColours();
        let notes = 0;
        const dead = site.driver({ killAt: call => (isNote(call) && notes++ === 3 ? "after" : undefined) });
        await assert.rejects(rollColours(dead.clients, site.stage, versions.b, dead.options), /killed/);
        const id = rollUnderWay(await site.document())?.roll.id ?? "";
        const follower = site.driver();
        await assert.rejects(followRoll(follower.clients.s3, site.stage, id, follower.options), {
            kind: "needsPerson",
            message: new RegExp(`^Nobody drives roll ${id} of dev any more .*\\. Go back to what served: \\./gapless abort dev\\. Go on with it: \\./gapless roll dev ${versions.b}\\.$`),
        });
    });

    it("begins nothing more once somebody else has gone on with it", async () => {
        await using site = await openColours({ bakeSeconds: 60 });
        const driver = site.driver();
        let taken = false;
        site.clock.meanwhile(async () => {
            const { roll } = await site.document();
            if (taken || roll === null || roll.phase !== "forward" || (await site.state()).weights.green !== 100) return;
            taken = true;
            await site.s3.send(new PutObjectCommand({
                Bucket: site.stage.releaseBucket, Key: coloursKey, Body: JSON.stringify({ ...await site.document(), roll: { ...roll, at: roll.at - 1 } }),
            }));
        });
        await assert.rejects(rollColours(driver.clients, site.stage, versions.b, driver.options), (error: unknown) => error instanceof RollTakenOver);
        // Not even back: that is for whoever drives now.
        assert.equal((await site.state()).weights.green, 100);
        const { holder } = await readLock(new StageLock(site.s3, site.stage.releaseBucket, driver.options.owner, site.clock));
        assert.equal(holder, null);
    });

    it("forgets a wish to stop that came too late", async () => {
        await using site = await openColours();
        const driver = site.driver();
        let wished = false;
        driver.clients.ssm.middlewareStack.add((next, context) => async args => {
            const answer = await next(args);
            if (!wished && (context as { commandName?: string }).commandName === "PutParameterCommand") {
                wished = true;
                await coloursOf(site.s3, site.stage.releaseBucket, site.clock).change(document => ({ ...document, stopRequested: "too late" }));
            }
            return answer;
        }, { step: "initialize" });
        const end = await rollColours(driver.clients, site.stage, versions.b, driver.options);
        assert.deepEqual([wished, end?.result, (await site.document()).stopRequested], [true, "succeeded", null]);
    });
});
