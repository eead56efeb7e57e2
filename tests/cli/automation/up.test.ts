import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { up } from "../../../cli/automation/up";
import { upCommand } from "../../../cli/commands/up";
import { renewSeconds } from "../../../release/lock";
import { exitCodeOf } from "../../../cli/failure";
import { alb, begin, diagnostic, end, fail, group, nothingChanges, someChanges, stackStep, urn, whole } from "../../support/engine-events";
import { openSite } from "./site";

const asked = {
    preview: "preview --color never --suppress-progress --exec-kind auto.local --event-log <events> --stack dev",
    up: "up --yes --skip-preview --color never --suppress-progress --exec-kind auto.local --event-log <events> --stack dev",
};
const words = { wait: 0, yes: true };
const lockKey = "/releases-1/lock.json";

describe("up", () => {
    it("previews, asks, changes, and tells how far it is and what came of it", async () => {
        await using site = await openSite();
        const tools = site.answering("yes");
        site.pulumi.next("preview", { events: someChanges });
        site.pulumi.next("up", { events: someChanges });
        assert.equal(await upCommand("dev", { wait: 0 }, site.context, tools), 0);
        assert.deepEqual(site.pulumi.operations, [asked.preview, asked.up]);
        assert.deepEqual(tools.questions, ["Change dev of gapless in eu-central-1 (1 to replace, 1 to delete, 1 to update)? yes or no: "]);
        assert.ok(site.context.told.includes("± replace web-alb (aws:lb:LoadBalancer)"), "shows what is agreed to");
        assert.ok(site.context.told.includes("updated web-group (aws:autoscaling:Group) in 0 s (2 of 5 resources)"));
        assert.deepEqual(site.context.told.filter(line => line.startsWith("warning")), [], "that a new stack is not on AWS yet is no news");
        assert.deepEqual(site.context.printed.map(({ text }) => text), ["up dev: 1 replaced, 1 deleted, 1 updated (0 s)"]);
        assert.deepEqual((site.context.printed[0]?.result as { outputs: object }).outputs, { url: "http://a", key: "[secret]" });
    });

    it("changes nothing without a yes, with exit code 4", async () => {
        await using site = await openSite();
        site.pulumi.next("preview", { events: someChanges });
        await assert.rejects(upCommand("dev", { wait: 0 }, site.context, site.answering("no")), error => {
            assert.equal((error as Error).message, 'Nothing was done: the answer was "no", not yes.');
            assert.equal(exitCodeOf(error, site.context.signal), 4);
            return true;
        });
        assert.deepEqual(site.pulumi.operations, [asked.preview]);
    });

    it("is refused with exit code 2 where nobody can answer, before Pulumi is asked anything", async () => {
        await using site = await openSite();
        await assert.rejects(upCommand("dev", { wait: 0 }, site.context, site.tools), error => {
            assert.equal((error as Error).message, "There is nobody to ask whether to change dev: look with ./gapless preview dev, and say --yes.");
            assert.equal(exitCodeOf(error, site.context.signal), 2);
            return true;
        });
        assert.deepEqual(site.pulumi.calls, []);
    });

    it("asks nobody when nothing changes on AWS, and still lets Pulumi record what changes in its state", async () => {
        await using site = await openSite();
        const tools = site.answering("no");
        site.pulumi.next("preview", { events: nothingChanges });
        site.pulumi.next("up", { events: [...nothingChanges, stackStep({ url: "http://a" }, { url: "http://b" })] });
        assert.deepEqual(await up("dev", { wait: 0 }, site.context, tools), { outputs: { url: { value: "http://a", secret: false }, key: { value: "s3cr3t", secret: true } } });
        assert.deepEqual(tools.questions, []);
    });

    it("changes nothing when the preview fails", async () => {
        await using site = await openSite();
        site.pulumi.next("preview", { error: "error: no such setting" });
        await assert.rejects(upCommand("dev", words, site.context, site.tools), { message: "preview dev failed:\n    no such setting" });
        assert.deepEqual(site.pulumi.operations, [asked.preview]);
    });

    it("tells which resource failed, what is kept, and what to type next, with the summary for machines", async () => {
        await using site = await openSite();
        site.pulumi.next("preview", { events: someChanges });
        site.pulumi.next("up", {
            error: "error: update failed",
            events: [...whole({ op: "update", ...group, before: {}, after: {} }), begin({ op: "create", ...alb, after: {} }), diagnostic("error", "too many load balancers", urn(alb.type, alb.name)), fail({ op: "create", ...alb })],
        });
        const message = "up dev failed:\n    web-alb: too many load balancers\nWhat was done before is kept in Pulumi's state. Mend the cause and repeat ./gapless up dev.";
        await assert.rejects(upCommand("dev", words, site.context, site.tools), { message });
        const result = site.context.printed[0]?.result as { result: string; error: string; changes: object };
        assert.deepEqual([result.result, result.error, result.changes], ["failed", message, { update: 1 }]);
    });

    it("names the project's own setting where a protected resource stands in the way", async () => {
        await using site = await openSite();
        writeFileSync(join(site.folder, "Pulumi.yaml"), readFileSync(join(site.folder, "Pulumi.yaml"), "utf8").replace("name: gapless", "name: shop"));
        site.pulumi.next("preview", { error: "error: Preview failed: resource \"web-alb\" cannot be deleted\nbecause it is protected" });
        await assert.rejects(upCommand("dev", words, site.context, site.tools),
            /\nIf it is to go: set shop:deletionProtection to false in Pulumi\.dev\.yaml, \.\/gapless up dev, and repeat the command\.$/);
    });

    it("says of what Pulumi was working at when it died", async () => {
        await using site = await openSite();
        site.pulumi.next("preview", { events: someChanges });
        site.pulumi.next("up", { error: "panic: out of memory", events: [begin({ op: "create", ...alb, after: {} })] });
        await assert.rejects(upCommand("dev", words, site.context, site.tools), {
            message: "up dev failed:\n    panic: out of memory\nPulumi ended while it worked at web-alb, and did not say what became of that: ./gapless refresh dev reads it from AWS.",
        });
    });

    it("lets Pulumi end what it has begun when it is interrupted, with exit code 130 and nothing left half made", async () => {
        await using site = await openSite();
        site.pulumi.next("preview", { events: someChanges });
        site.pulumi.next("up", { events: [begin({ op: "create", ...alb, after: {} })], meanwhile: () => { site.context.interrupt(); }, hangUntilCancelled: [end({ op: "create", ...alb, after: {} })] });
        await assert.rejects(upCommand("dev", words, site.context, site.tools), error => {
            assert.equal((error as Error).message, "Interrupted: 1 of 5 resources were done. Nothing is left half made. Go on with ./gapless up dev.");
            assert.equal(exitCodeOf(error, site.context.signal), 130);
            return true;
        });
    });

    it("does not say so of a Pulumi that was made to drop what it was doing", async () => {
        await using site = await openSite();
        site.pulumi.next("preview", { events: someChanges });
        site.pulumi.next("up", { events: [begin({ op: "create", ...alb, after: {} })], meanwhile: () => { site.context.interrupt(); }, hangUntilCancelled: [] });
        await assert.rejects(upCommand("dev", words, site.context, site.tools), {
            message: "Interrupted: 0 of 5 resources were done. Pulumi did not say what became of web-alb: ./gapless refresh dev reads it from AWS.",
        });
    });

    it("warns first of what a killed Pulumi has left", async () => {
        await using site = await openSite();
        site.pulumi.answer("stack export --show-secrets --stack dev", JSON.stringify({
            version: 3, deployment: { resources: [], pending_operations: [{ type: "creating", resource: { urn: urn(alb.type, alb.name) } }] },
        }));
        site.pulumi.next("preview", { events: nothingChanges });
        site.pulumi.next("up", { events: nothingChanges });
        await upCommand("dev", words, site.context, site.tools);
        assert.equal(site.context.told[0], [
            "warning: Pulumi was killed while it worked at a resource of dev, and does not know what became of it:",
            "    web-alb, while creating",
            "What was being created may be there on AWS without Pulumi knowing it: look, and delete it by hand or import it.",
            "./gapless refresh dev reads the others from AWS and ends this.",
        ].join("\n"));
    });

    it("says who holds Pulumi's lock, since when, and how to remove it, with exit code 4", async () => {
        await using site = await openSite();
        site.pulumi.next("preview", { events: someChanges });
        site.pulumi.next("up", { error: "error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with `pulumi cancel`.\n  s3://a/.pulumi/locks/organization/gapless/dev/1.json: created by bob@laptop (pid 77) at 2026-01-01T00:00:00Z" });
        await assert.rejects(upCommand("dev", words, site.context, site.tools), error => {
            assert.equal((error as Error).message, "Pulumi's state of dev is locked by bob (process 77 on laptop) since 2026-01-01T00:00:00Z. Wait for the end of it. If it was killed: ./gapless unlock dev");
            assert.equal(exitCodeOf(error, site.context.signal), 4);
            return true;
        });
    });

    describe("of a stage that is on AWS", () => {
        it("holds the deployment lock while it changes, and frees it", async () => {
            await using site = await openSite();
            site.cloud.stageIsThere = true;
            const holders: unknown[] = [];
            const look = (): void => { holders.push((JSON.parse(site.cloud.objects.get(lockKey) ?? '{"holder":null}') as { holder: { command: string } | null }).holder?.command); };
            site.pulumi.next("preview", { events: someChanges, meanwhile: look });
            site.pulumi.next("up", { events: someChanges, meanwhile: look });
            await upCommand("dev", words, site.context, site.tools);
            look();
            assert.deepEqual(holders, [undefined, "up", undefined]);
        });

        it("frees the lock after a failure, too", async () => {
            await using site = await openSite();
            site.cloud.stageIsThere = true;
            site.pulumi.next("preview", { events: someChanges });
            site.pulumi.next("up", { error: "error: no" });
            await assert.rejects(upCommand("dev", words, site.context, site.tools), /up dev failed/);
            assert.deepEqual(JSON.parse(site.cloud.objects.get(lockKey) ?? ""), { schemaVersion: 1, holder: null });
        });

        it("has Pulumi stop when the lock is lost, and says that, with exit code 4", async () => {
            await using site = await openSite();
            site.cloud.stageIsThere = true;
            const holder = { command: "roll", who: "bob", host: "laptop", pid: 7, since: "2026-01-01T00:00:00.000Z", expires: "2026-01-01T01:00:00.000Z", token: "t" };
            site.pulumi.next("preview", { events: someChanges });
            site.pulumi.next("up", {
                hangUntilCancelled: [], meanwhile: () => {
                    site.cloud.put(lockKey, JSON.stringify({ schemaVersion: 1, holder }));
                    assert.equal(site.timer.tick(renewSeconds), 1);
                },
            });
            await assert.rejects(upCommand("dev", words, site.context, site.tools), error => {
                assert.match((error as Error).message, /^The lock of dev was lost to roll of bob \(process 7 on laptop\) since [^,]*, so this begins nothing more\./);
                assert.equal(exitCodeOf(error, site.context.signal), 4);
                return true;
            });
            assert.equal((site.context.printed[0]?.result as { result: string }).result, "failed");
            assert.deepEqual((JSON.parse(site.cloud.objects.get(lockKey) ?? "") as { holder: object }).holder, holder);
        });

        it("changes nothing while somebody else holds the lock, with exit code 4 when the wait is over", async () => {
            await using site = await openSite();
            site.cloud.stageIsThere = true;
            const holder = { command: "roll", who: "bob", host: "laptop", pid: 7, since: "2026-01-01T00:00:00.000Z", expires: "2026-01-01T01:00:00.000Z", token: "t" };
            site.cloud.put(lockKey, JSON.stringify({ schemaVersion: 1, holder }));
            site.pulumi.next("preview", { events: someChanges });
            await assert.rejects(upCommand("dev", words, site.context, site.tools), error => {
                assert.match((error as Error).message, /^dev is locked: roll of bob \(process 7 on laptop\) since /);
                assert.equal(exitCodeOf(error, site.context.signal), 4);
                return true;
            });
            assert.deepEqual(site.pulumi.operations, [asked.preview]);
        });

        it("changes nothing while a deployment runs, with exit code 4, and leaves no lock", async () => {
            await using site = await openSite();
            site.cloud.stageIsThere = true;
            site.cloud.deployments = ["d-1"];
            site.pulumi.next("preview", { events: someChanges });
            await assert.rejects(upCommand("dev", words, site.context, site.tools), error => {
                assert.match((error as Error).message, /d-1/);
                assert.equal(exitCodeOf(error, site.context.signal), 4);
                return true;
            });
            assert.deepEqual(site.pulumi.operations, [asked.preview]);
            assert.deepEqual(JSON.parse(site.cloud.objects.get(lockKey) ?? ""), { schemaVersion: 1, holder: null });
        });

        it("changes nothing when it cannot be seen whether the stage is there", async () => {
            await using site = await openSite();
            site.cloud.stageIsSecret = true;
            site.pulumi.next("preview", { events: someChanges });
            await assert.rejects(upCommand("dev", words, site.context, site.tools), { name: "AccessDeniedException" });
            assert.deepEqual(site.pulumi.operations, [asked.preview]);
        });

        it("goes on where another version of Gapless has written the stage, and says that nobody is kept out", async () => {
            await using site = await openSite();
            site.cloud.stageIsThere = true;
            site.cloud.stageText = "{}";
            site.pulumi.next("preview", { events: nothingChanges });
            site.pulumi.next("up", { events: nothingChanges });
            assert.equal(await upCommand("dev", words, site.context, site.tools), 0);
            assert.match(site.context.told.find(line => line.startsWith("warning: /gapless/gapless/dev/stage is not what")) ?? "", /It is not known whether somebody deploys to dev right now\.$/);
        });
    });
});
