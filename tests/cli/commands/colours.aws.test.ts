import assert from "node:assert/strict";
import { ElasticLoadBalancingV2Client, ModifyListenerCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { abortCommand } from "../../../cli/commands/abort";
import { flipCommand } from "../../../cli/commands/flip";
import { historyCommand } from "../../../cli/commands/history";
import { rollbackCommand } from "../../../cli/commands/rollback";
import { statusCommand } from "../../../cli/commands/status";
import { findStage } from "../../../release/aws/find-stage";
import { readLock, StageLock, thisOwner, withLock } from "../../../release/aws/stage-lock";
import { gatherStatus, makeStatusClients } from "../../../release/aws/status";
import type { Status } from "../../../release/status";
import { inSeconds } from "../../../release/time-text";
import { scripts } from "../../support/aws/code-deploy-double";
import { Gate } from "../../release/aws/gate";
import { openStored, versions } from "../../support/aws/stored-releases";
import { open, run, roll, journalOf } from "./coloured";

describe("commands of a stack with two colours", () => {
    it("roll a release to the idle colour, and say which one serves and how long the way back is one call", async () => {
        await using site = await open();
        const { code, text, result } = await roll(site, versions.b);
        const [entry = assert.fail("nothing is written down"), ...others] = await journalOf(site);
        assert.deepEqual([code, others, entry.by, entry.colour, entry.result, entry.version], [0, [], "roll", "green", "succeeded", versions.b]);
        const { seconds, secondsToCall, warmUntil, ...more } = result["roll"] as { readonly seconds: number; readonly secondsToCall: number; readonly warmUntil: string };
        assert.equal(text, `Release ${versions.b} serves in dev: ${site.demo.stage.url}\ngreen serves; blue stays warm until ${inSeconds(warmUntil)}, until when ./gapless rollback dev goes back by one call.`);
        assert.ok(secondsToCall > 0 && secondsToCall <= seconds);
        assert.ok(seconds > 0);
        assert.deepEqual({ ...result, roll: more }, {
            stack: "dev", version: versions.b, deploymentId: entry.deploymentId, result: "succeeded", failedInstances: [],
            roll: { kind: "deploy", from: "blue", to: "green", left: [], codeDeployId: entry.codeDeployId, bakeSeconds: 0, callMs: 0 },
        });
    });

    it("promise no way back by one call after a first release, whatever the warm time", async () => {
        await using site = await openStored({ blueGreen: { warmSeconds: 1800 } });
        const { code, text, result } = await roll(site, versions.b);
        assert.deepEqual([code, text.split("\n")[1]], [0, "green serves; no release waits on blue, so there is no way back by one call."]);
        assert.equal((result["roll"] as { readonly warmUntil?: string }).warmUntil, undefined);
    });

    it("tell of a flip that the new colour was watched after its call", async () => {
        await using site = await openStored({ blueGreen: { warmSeconds: 1800, bakeSeconds: 60 }, serves: versions.a });
        await roll(site, versions.b);
        const { text, result } = await run(site, context => flipCommand("dev", { wait: 5 }, context));
        const [, seconds] = /^blue serves by one call of 0 ms, which ended (\d+\.\d) s after this was asked for, and was watched for 60 s after it; /m.exec(text) ?? assert.fail(text);
        const told = result["roll"] as { readonly seconds: number; readonly secondsToCall: number };
        assert.ok(Number(seconds) < 60 && told.seconds >= told.secondsToCall + 60, JSON.stringify(told));
    });

    it("say that there is nothing new when the release serves", async () => {
        await using site = await open();
        const { code, text } = await roll(site, versions.a);
        assert.deepEqual([code, text, await journalOf(site)], [0, `Nothing new: release ${versions.a} serves in dev already: ${site.demo.stage.url}`, []]);
    });

    it("flip back and forth by one call each, and say so before", async () => {
        await using site = await open();
        await roll(site, versions.b);
        for (const [version, colour, other] of [[versions.a, "blue", "green"], [versions.b, "green", "blue"]] as const) {
            const { code, text, told, result } = await run(site, context => flipCommand("dev", { wait: 5 }, context));
            assert.match(told[0] ?? "", new RegExp(`^${colour} is warm with release ${version} until 2026-\\S+Z: it takes all requests by one call$`));
            assert.match(text, new RegExp(`^Release ${version} serves in dev: \\S+\n${colour} serves by one call of 0 ms, which ended \\d+\\.\\d s after this was asked for; ${other} stays warm until \\S+Z, until when \\./gapless flip dev goes back by one call\\.$`));
            assert.deepEqual([code, result["result"], (result["roll"] as { kind: string }).kind], [0, "succeeded", "flip"]);
        }
        assert.deepEqual((await journalOf(site)).map(({ by, version }) => [by, version]), [["roll", versions.b], ["flip", versions.a], ["flip", versions.b]]);
    });

    it("say before a flip that nothing is warm, and deploy what serves", async () => {
        await using site = await open();
        await roll(site, versions.b);
        site.clock.pass(3600);
        const { code, told, text } = await run(site, context => flipCommand("dev", { wait: 5 }, context));
        assert.equal(told[0], `blue is not warm: release ${versions.b}, which serves, is deployed to it first, which takes as long as any deployment`);
        assert.deepEqual([code, text.split("\n")[0]], [0, `Release ${versions.b} serves in dev: ${site.demo.stage.url}`]);
    });

    it("exit 3 with the page of the failure when what was new went back", async () => {
        await using site = await open();
        site.demo.codeDeploy.next(scripts.fails());
        const { code, text } = await roll(site, versions.b);
        assert.equal(code, 3);
        const [entry] = await journalOf(site);
        const lines = text.split("\n");
        assert.equal(lines[0], `Roll ${entry?.deploymentId} of release ${versions.b} from blue to green failed and was taken back.`);
        assert.match(text, /^i-\S+ {2}ValidateService, scripts\/validate_service\.sh, exit code 1, the script failed$/m);
        assert.match(text, new RegExp(`^serves {5}release ${versions.a}$`, "m"));
        assert.match(text, /^next {7}\.\/gapless logs dev --since 1h --instance i-\S+, mend it, then \.\/gapless deploy dev$/m);
        assert.doesNotMatch(text, /not known/);
        const shown = await run(site, context => historyCommand("dev", { limit: 20, show: entry?.n ?? 0 }, context));
        assert.deepEqual(shown.text.split("\n").slice(0, 4), lines.slice(0, 4), "the same page again");
    });

    it("turn back on the first Ctrl-C, and exit 130", async () => {
        await using site = await open();
        site.demo.codeDeploy.next(scripts.stuck());
        const { code, text, told } = await roll(site, versions.b, {}, context => {
            site.clock.meanwhile(waits => { if (waits === 6) context.interrupt(); });
        });
        assert.deepEqual([code, (await journalOf(site)).map(({ result }) => result)], [130, ["stopped"]]);
        assert.match(text, /^Roll bg-\S+ of release bbbbbbbbbbbb from blue to green was stopped and taken back\.$/m);
        const heard = told.indexOf("interrupted: looking where the roll stands. Once more leaves it there");
        const goes = told.findIndex(line => line.startsWith("warning: going back, which takes a while. Once more leaves the roll where it is"));
        assert.ok(heard >= 0 && goes > heard, told.join("\n"));
    });

    it("leave a roll where it is on the second Ctrl-C; status says so, and abort takes it back", async () => {
        await using site = await open();
        site.demo.codeDeploy.next(scripts.stuck());
        const told: string[] = [];
        await assert.rejects(roll(site, versions.b, {}, context => {
            site.clock.meanwhile(waits => {
                if (waits !== 6) return;
                context.interrupt();
                context.interrupt();
                told.push(...context.told);
            });
            const { tell } = context;
            const warn = tell.warn.bind(tell);
            tell.warn = line => { told.push(line); warn(line); };
        }), { name: "AbortError" });
        await new Promise(resolve => setImmediate(resolve));
        assert.ok(told.some(line => line.startsWith("interrupted: ")), told.join("\n"));
        assert.ok(!told.some(line => line.includes("going back")), told.join("\n"));
        const { text, result } = await run(site, context => statusCommand("dev", context));
        assert.match(text, /^on its way {2}roll bg-\S+ of release bbbbbbbbbbbb from blue to green, since \S+: .*; nobody drives it$/m);
        assert.equal((result as unknown as Status).problems[0]?.next, "./gapless abort dev");
        await assert.rejects(run(site, context => rollbackCommand("dev", { wait: 5 }, context)), {
            kind: "needsPerson", message: new RegExp(`Go back to what served: \\./gapless abort dev\\. Go on with it: \\./gapless roll dev ${versions.b}\\.$`),
        });

        const aborted = await run(site, context => abortCommand("dev", { wait: 5 }, context));
        assert.equal(aborted.code, 0);
        assert.match(aborted.text, /^Roll bg-\S+ of release bbbbbbbbbbbb was stopped and was taken back: blue serves in dev as before\.$/);
        assert.deepEqual((await journalOf(site)).map(each => each.result), ["stopped"]);
    });

    it("say that nothing serves yet when a first roll was taken back", async () => {
        await using site = await openStored({ blueGreen: { warmSeconds: 1800 } });
        site.demo.codeDeploy.next(scripts.stuck());
        await assert.rejects(roll(site, versions.b, {}, context => {
            site.clock.meanwhile(waits => {
                if (waits !== 6) return;
                context.interrupt();
                context.interrupt();
            });
        }), { name: "AbortError" });
        const { code, text } = await run(site, context => abortCommand("dev", { wait: 5 }, context));
        assert.equal(code, 0);
        assert.match(text, /was taken back: nothing serves in dev yet, and the load balancer answers every request with 503\. Mend it, then: \.\/gapless deploy dev$/);
    });

    it("stop nothing when nothing is under way", async () => {
        await using site = await open();
        const { code, text } = await run(site, context => abortCommand("dev", { wait: 5 }, context));
        assert.deepEqual([code, text], [0, "Nothing is being deployed to dev, so nothing was stopped."]);
    });

    it("stop nothing of weights that somebody has split, and say so", async () => {
        await using site = await open();
        const { blueGreen = assert.fail("no colours") } = site.demo.stage;
        const groups = (["blue", "green"] as const).map(colour => ({ TargetGroupArn: blueGreen[colour].targetGroupArn, Weight: 50 }));
        await new ElasticLoadBalancingV2Client(site.demo.access).send(new ModifyListenerCommand({
            ListenerArn: "listenerArn" in blueGreen.weights ? blueGreen.weights.listenerArn : "", DefaultActions: [{ Type: "forward", ForwardConfig: { TargetGroups: groups } }],
        }));
        const { code, text } = await run(site, context => abortCommand("dev", { wait: 5 }, context));
        assert.equal(code, 4);
        assert.match(text, /^Nothing was stopped\.\nThe load balancer sends 50 % of the requests to blue and 50 % to green, .*: \.\/gapless status dev$/);
    });

    it("show both colours, with nothing unknown and nothing wrong", async () => {
        await using site = await open();
        await roll(site, versions.b);
        const { text, result } = await run(site, context => statusCommand("dev", context));
        const { unknown, colours, serves } = result as unknown as Status;
        assert.deepEqual([unknown, colours?.serving, serves?.version, serves?.n], [[], "green", versions.b, 1]);
        assert.match(text, /^colours {5}blue {3}warm {4}(?:release unknown|release aaaaaaaaaaaa) {4,}0 % {2}2 of 2 healthy, until /m);
        assert.match(text, /^ {12}green {2}serves {2}release bbbbbbbbbbbb {2}100 % {2}2 of 2 healthy$/m);
    });

    it("ask for both colours in the one round trip in which status asks for everything", async () => {
        await using site = await open();
        await using gate = await Gate.open(site.demo.door.url, [1, 18]);
        const access = { ...site.demo.access, endpoint: gate.url };
        const stage = await findStage("gapless", "dev", access);
        const { unknown, colours } = await gatherStatus(makeStatusClients(access, stage), stage, thisOwner({}), site.clock.now(), site.context().signal);
        assert.deepEqual([unknown, colours?.serving, gate.late], [[], "blue", 0]);
    });

    it("say that a flip has become another one when others were at work until the lock was free", async () => {
        await using site = await open();
        await roll(site, versions.b);
        const free = new AbortController();
        const lock = new StageLock(site.s3, site.demo.stage.releaseBucket, { who: "bob", host: "elsewhere", pid: 7 }, site.clock);
        await new Promise<void>((begun, fail) => {
            const wish = { ...site.context(), stack: "dev", command: "up", waitMinutes: 0 };
            withLock(lock, wish, () => { begun(); return new Promise<void>(done => { free.signal.addEventListener("abort", () => { done(); }); }); }).catch(fail);
        });
        site.clock.meanwhile(async () => {
            if (free.signal.aborted) return;
            free.abort();
            while ((await readLock(lock)).holder !== null) await new Promise(resolve => setImmediate(resolve));
            await roll(site, versions.c);
        });
        const { code, text, told, result } = await run(site, context => flipCommand("dev", { wait: 5 }, context));
        assert.match(told[0] ?? "", /^blue is warm with release aaaaaaaaaaaa until /);
        assert.ok(told.includes(`warning: others were at work meanwhile, so this was another flip than announced: release ${versions.b} was led to green by one call, since that was warm`), told.join("\n"));
        assert.deepEqual([code, result["version"], text.split("\n")[0]], [0, versions.b, `Release ${versions.b} serves in dev: ${site.demo.stage.url}`]);
    });

    it("say nothing of others when a flip is what was announced", async () => {
        await using site = await open();
        await roll(site, versions.b);
        for (const passed of [0, 3600]) {
            site.clock.pass(passed);
            const { told } = await run(site, context => flipCommand("dev", { wait: 5 }, context));
            assert.ok(!told.some(line => line.includes("others were at work")), told.join("\n"));
        }
    });

    it("refuse for a stack that is rolled host by host what has colours alone", async () => {
        await using site = await openStored();
        await assert.rejects(run(site, context => flipCommand("dev", { wait: 5 }, context)), {
            name: "DeliveryError", kind: "usage", message: "flip: for blue/green stacks alone, and dev is rolled host by host. To go back: ./gapless rollback dev",
        });
        await assert.rejects(roll(site, versions.a, { shift: [10, 100], bake: 60 }), {
            name: "DeliveryError", kind: "usage", message: "--shift and --bake: for blue/green stacks alone, and dev is rolled host by host. Take the option away, or see docs/changing-strategy.md.",
        });
        await assert.rejects(roll(site, versions.a, { execution: "e-1" }), {
            name: "DeliveryError", kind: "usage", message: "--execution: for blue/green stacks alone, and dev is rolled host by host: its pipeline deploys by CodeDeploy.",
        });
    });
});
