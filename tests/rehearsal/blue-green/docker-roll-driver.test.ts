import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Pace } from "../../../release/blue-green/drive";
import type { ActiveRoll } from "../../../release/blue-green/machine";
import type { Roll } from "../../../release/blue-green/roll";
import type { Step } from "../../../release/blue-green/step";
import type { ColourGroup } from "../../../rehearsal/blue-green/colour-group";
import { DockerRollDriver } from "../../../rehearsal/blue-green/docker-roll-driver";
import { Service } from "../load/service";
import { FakeSite } from "./fake-site";

const roll: Roll = {
    id: "bg-00000001", kind: "deploy", version: "v2", from: "blue", to: "green", shiftPercents: [100], bakeSeconds: 60, warmSeconds: 1800, minSize: 2,
    begun: "2026-01-01T00:00:00.000Z",
};

describe("driver of a roll on local Docker", () => {
    let folder: string;
    let fake: FakeSite;
    let blue: ColourGroup;
    let green: ColourGroup;
    beforeEach(async () => {
        folder = await mkdtemp(join(tmpdir(), "colours-"));
        fake = await FakeSite.open(join(folder, "colours.json"));
        ({ blue, green } = fake.site.groups);
    });
    afterEach(() => rm(folder, { recursive: true }));

    /** Carries out steps; a rest is time that passes, at most an hour of it. */
    async function carryOut(step: Step, of: Roll = roll): Promise<string | undefined> {
        const { signal } = new AbortController();
        const limit = fake.clock.now().getTime() + 3600_000;
        const pace: Pace = {
            signal,
            async rest(seconds) {
                if (fake.clock.now().getTime() > limit) throw new Error("not done");
                // While time passes, what is under way on hosts comes to its end.
                await fake.hosts.idle();
                await fake.clock.wait(seconds, signal);
            },
        };
        const state: ActiveRoll = { roll: of, phase: "forward", at: 0, left: [] };
        return (await new DockerRollDriver(fake.site).carryOut(step, state, pace)).deploymentId;
    }
    async function carryOutAll(...names: Exclude<Step["name"], "shift" | "bake">[]): Promise<void> {
        for (const name of names) await carryOut({ name });
    }
    const filled = () => carryOutAll("detach", "grow", "boot", "attach", "install", "healthy");

    it("gives the idle colour as many instances as the other has, none of them with an old release, and arms their end before", async () => {
        green.lastDeployed = "v0";
        blue.resize({ desired: 3 });
        await blue.idle();
        await carryOutAll("detach", "grow");
        assert.ok(green.endsAt);
        assert.equal((green.endsAt.getTime() - fake.clock.now().getTime()) / 1000, 2 * 3600);
        await carryOutAll("boot", "attach");
        assert.deepEqual([green.size, green.inService.length, green.inDeploymentGroup], [{ min: 3, desired: 3 }, 3, true]);
        assert.ok(!fake.log.some(line => line.includes("gets v0")));
    });

    it("gives it the fewest instances of a stage when nothing serves yet", async () => {
        blue.resize({ min: 0, desired: 0 });
        await blue.idle();
        await carryOutAll("grow", "boot");
        assert.equal(green.inService.length, 2);
    });

    it("installs once, however often the step is carried out", async () => {
        await carryOutAll("detach", "grow", "boot", "attach");
        const id = await carryOut({ name: "install" });
        assert.equal(await carryOut({ name: "install" }), id);
        assert.deepEqual(fake.hosts.deployed, ["v1 on blue-1, blue-2", "v2 on green-1, green-2"]);
    });

    it("installs again after a deployment that was stopped or went wrong", async () => {
        await carryOutAll("detach", "grow", "boot", "attach");
        fake.hosts.bad.add("v2");
        await assert.rejects(carryOut({ name: "install" }), /v2 is no good \(and 1 more failed\)$/);
        fake.hosts.bad.delete("v2");
        await carryOut({ name: "install" });
        assert.equal(fake.hosts.deployed.length, 3);
    });

    it("installs again after a deployment that somebody stopped", async () => {
        await carryOutAll("detach", "grow", "boot", "attach");
        const deployment = green.deploy("v2");
        deployment.stop();
        await deployment.ended;
        await carryOut({ name: "install" });
        assert.equal(fake.hosts.deployed.length, 3);
    });

    it("installs again on instances that came after those that have the release", async () => {
        await filled();
        await carryOutAll("shrink");
        await filled();
        assert.deepEqual(fake.hosts.deployed.slice(1), ["v2 on green-1, green-2", "v2 on green-3, green-4"]);
    });

    it("does not take a release for installed that one instance lacks, though CodeDeploy calls that a success", async () => {
        await carryOutAll("detach", "grow", "boot", "attach");
        fake.hosts.failing.add("green-2");
        await assert.rejects(carryOut({ name: "install" }), /ApplicationStart failed on green-2: v2 is no good$/);
    });

    it("waits until every target is healthy", async () => {
        await carryOutAll("detach", "grow", "boot", "attach", "install");
        fake.unhealthy.green = 1;
        const before = fake.clock.waited;
        fake.clock.meanwhile(() => { if (fake.clock.waited - before > 20) fake.unhealthy.green = 0; });
        await carryOut({ name: "healthy" });
        assert.ok(fake.clock.waited - before > 20);
    });

    it("matches a colour that has grown meanwhile and keeps it from shrinking, with the new release on the instance that is added", async () => {
        await filled();
        blue.resize({ desired: 3 });
        await blue.idle();
        await carryOut({ name: "match" });
        assert.deepEqual([blue.size.min, green.size, green.inService.length], [3, { min: 3, desired: 3 }, 3]);
        assert.ok(fake.log.includes("green-3 gets v2"));
    });

    it("waits in an urgent roll for the instances that the colour had, and only asks for more", async () => {
        await filled();
        blue.resize({ desired: 4 });
        await blue.idle();
        fake.unhealthy.green = 1;
        const before = fake.clock.waited;
        // Those that it asks for are never healthy here.
        fake.clock.meanwhile(() => { fake.unhealthy.green = green.inService.length - (fake.clock.waited - before > 20 ? 2 : 1); });
        await carryOut({ name: "match" }, { ...roll, urgent: true });
        assert.ok(fake.clock.waited - before > 20);
        assert.deepEqual([blue.size.min, green.size], [4, { min: 4, desired: 4 }]);
    });

    it("sends so much of the requests to the new colour, and all of them back", async () => {
        await carryOut({ name: "shift", percent: 10 });
        await carryOut({ name: "restore" });
        assert.deepEqual(fake.log.slice(-2), ["green gets 10", "blue gets 100"]);
    });

    describe("probe", () => {
        const probed = async (version: string, status = 200): Promise<{ readonly header: unknown }> => {
            await using service = await Service.serve((_, response) => response.writeHead(status, { "X-Release": version }).end());
            Object.assign(fake.site.balancer, { url: service.url });
            await carryOut({ name: "probe" });
            return { header: service.requests[0]?.headers["x-gapless-colour"] };
        };

        it("asks the new colour by its header", async () => {
            assert.equal((await probed("v2")).header, "green-0123456789abcdef");
        });

        it("fails when a real route does", async () => {
            await assert.rejects(probed("v2", 500), { message: "GET / on green answered 500" });
        });

        it("fails when another release answers", async () => {
            await assert.rejects(probed("v1"), { message: "GET / on green was answered by release v1 instead of v2" });
        });
    });

    it("lets the parameter say who serves, and takes that back", async () => {
        await carryOut({ name: "commit" });
        assert.equal(fake.site.activeColour, "green");
        await carryOut({ name: "uncommit" });
        assert.equal(fake.site.activeColour, "blue");
    });

    it("lets the new colour shrink again, and arms the end of the old one, which is warm until then", async () => {
        await filled();
        blue.resize({ min: 2 });
        green.resize({ min: 3 });
        await carryOutAll("disarm", "settle");
        assert.deepEqual([green.size.min, green.endsAt], [2, undefined]);
        await carryOut({ name: "retire" });
        assert.equal(blue.endsAt?.getTime(), fake.clock.now().getTime() + 1800_000);
        fake.reachEnds();
        await blue.idle();
        assert.equal(blue.members.length, 0);
    });

    it("keeps the end that a driver has armed that did not live to write it down", async () => {
        await carryOut({ name: "retire" });
        const { endsAt } = blue;
        fake.clock.pass(600);
        await carryOut({ name: "retire" });
        assert.deepEqual([blue.endsAt, blue.size.desired], [endsAt, 2]);
    });

    it("has no end on what serves, also where a person gave it the requests by hand", async () => {
        for (const name of ["detach", "disarm"] as const) {
            blue.scheduleEnd(new Date(fake.clock.now().getTime() + 600_000));
            await carryOut({ name });
            assert.equal(blue.endsAt, undefined, name);
        }
    });

    it("keeps nothing warm of a colour that has no instance", async () => {
        blue.resize({ min: 0, desired: 0 });
        await blue.idle();
        blue.scheduleEnd(new Date(fake.clock.now().getTime() + 600_000));
        await carryOut({ name: "retire" });
        assert.equal(blue.endsAt, undefined);
    });

    it("keeps nothing warm when it shall not", async () => {
        await carryOut({ name: "retire" }, { ...roll, warmSeconds: 0 });
        await blue.idle();
        assert.deepEqual([blue.members.length, blue.endsAt], [0, undefined]);
    });

    it("stops what is deployed, takes the new colour away and puts its group back, on the way back", async () => {
        await carryOutAll("detach", "grow", "boot", "attach");
        let open = (): void => undefined;
        fake.hosts.gate = new Promise(resolve => { open = resolve; });
        const deployment = green.deploy("v2");
        const stopped = carryOut({ name: "stop" });
        open();
        await stopped;
        assert.equal(deployment.end?.outcome, "stopped");
        await carryOutAll("shrink", "attach", "release");
        assert.deepEqual([green.members.length, green.endsAt, green.inDeploymentGroup, blue.size], [0, undefined, true, { min: 2, desired: 2 }]);
        await green.idle();
    });

    it("lets a colour that had no instance keep none", async () => {
        blue.resize({ min: 0, desired: 0 });
        await blue.idle();
        await carryOut({ name: "release" });
        assert.deepEqual(blue.size, { min: 0, desired: 0 });
    });

    it("arms the end of a warm colour again as it was", async () => {
        const warmUntil = new Date(fake.clock.now().getTime() + 600_000).toISOString();
        await carryOut({ name: "rearm" }, { ...roll, kind: "flip", warmUntil });
        assert.equal(green.endsAt?.toISOString(), warmUntil);
    });
});
