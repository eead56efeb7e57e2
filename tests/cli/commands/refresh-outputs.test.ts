import assert from "node:assert/strict";
import { outputsCommand } from "../../../cli/commands/outputs";
import { refreshCommand } from "../../../cli/commands/refresh";
import { exitCodeOf } from "../../../cli/failure";
import { alb, begin, end, group, urn, whole } from "../../support/engine-events";
import { openSite } from "../automation/site";

const asked = "refresh --skip-preview --yes --color never --suppress-progress --event-log <events> --exec-kind auto.local --stack dev";

describe("refresh", () => {
    it("tells what is otherwise on AWS, which the engine says only at the end of each", async () => {
        await using site = await openSite();
        site.pulumi.next("refresh", {
            events: [
                begin({ op: "refresh", ...group, before: { maxSize: 2 } }), end({ op: "update", ...group, before: { maxSize: 2 }, after: { maxSize: 9 }, detailedDiff: { maxSize: { diffKind: "update", inputDiff: true } } }),
                begin({ op: "refresh", ...alb, before: {} }), end({ op: "delete", ...alb, before: {} }),
                ...whole({ op: "refresh", type: "aws:ec2/vpc:Vpc", name: "network", before: {}, after: {} }),
            ],
        });
        assert.equal(await refreshCommand("dev", { yes: true, wait: 0 }, site.context, site.tools), 0);
        assert.deepEqual(site.pulumi.operations, [asked]);
        assert.deepEqual((site.context.printed[0]?.result as { changes: object }).changes, { delete: 1, update: 1 });
        assert.equal(site.context.printed[0]?.text, "refresh dev: 1 found gone, 1 found changed (0 s)");
        assert.ok(site.context.told.includes("found changed web-group (aws:autoscaling:Group) in 0 s (1 of 1 resources)"));
    });

    it("asks first, and is refused where nobody can answer", async () => {
        await using site = await openSite();
        const tools = site.answering("");
        await assert.rejects(refreshCommand("dev", { wait: 0 }, site.context, tools), { message: "Nothing was done: the answer was empty, not yes." });
        assert.deepEqual(tools.questions, ["Read 1 resources of dev from AWS into Pulumi's state? yes or no: "]);
        await assert.rejects(refreshCommand("dev", { wait: 0 }, site.context, site.tools), error => exitCodeOf(error, site.context.signal) === 2);
    });

    it("ends what a killed Pulumi has left pending, which Pulumi would ask about", async () => {
        await using site = await openSite();
        site.pulumi.answer("stack export --show-secrets --stack dev", JSON.stringify({
            version: 3, deployment: { resources: [], pending_operations: [{ type: "creating", resource: { urn: urn(alb.type, alb.name) } }] },
        }));
        site.pulumi.next("refresh", {});
        assert.equal(await refreshCommand("dev", { yes: true, wait: 0 }, site.context, site.tools), 0);
        assert.deepEqual(site.pulumi.operations, [asked.replace("--yes", "--yes --clear-pending-creates")]);
    });

    it("holds the deployment lock meanwhile, and frees it", async () => {
        await using site = await openSite();
        site.cloud.stageIsThere = true;
        const lock = (): unknown => (JSON.parse(site.cloud.objects.get("/releases-1/lock.json") ?? "") as { holder: { command: string } | null }).holder?.command;
        let holder: unknown;
        site.pulumi.next("refresh", { meanwhile: () => { holder = lock(); } });
        assert.equal(await refreshCommand("dev", { yes: true, wait: 0 }, site.context, site.tools), 0);
        assert.deepEqual([holder, lock()], ["refresh", undefined]);
    });

    it("reads nothing in the midst of a deployment, with exit code 4 when the wait is over", async () => {
        await using site = await openSite();
        site.cloud.stageIsThere = true;
        site.cloud.deployments = ["d-1"];
        await assert.rejects(refreshCommand("dev", { yes: true, wait: 1 }, site.context, site.tools), error => {
            assert.match((error as Error).message, /d-1/);
            assert.equal(exitCodeOf(error, site.context.signal), 4);
            return true;
        });
        assert.ok(site.context.clock.waited >= 60);
        assert.deepEqual(site.pulumi.operations, []);
    });

    it("fails with what the engine says", async () => {
        await using site = await openSite();
        site.pulumi.next("refresh", { error: "error: NoCredentialProviders: No valid credential sources found" });
        await assert.rejects(refreshCommand("dev", { yes: true, wait: 0 }, site.context, site.tools), {
            message: "AWS does not accept the credentials, or there are none:\n    NoCredentialProviders: No valid credential sources found\nLog in (aws sso login, or AWS_PROFILE, or the role of CI) and repeat the command. ./gapless doctor dev says whose they are.",
        });
    });
});

describe("outputs", () => {
    it("are printed without what is secret", async () => {
        await using site = await openSite();
        assert.equal(await outputsCommand("dev", {}, site.context, site.tools), 0);
        assert.deepEqual(site.context.printed, [{ result: { url: "http://a", key: "[secret]" }, text: "key  [secret]\nurl  http://a" }]);
    });

    it("are printed whole on demand", async () => {
        await using site = await openSite();
        await outputsCommand("dev", { showSecrets: true }, site.context, site.tools);
        assert.deepEqual(site.context.printed[0]?.result, { url: "http://a", key: "s3cr3t" });
    });

    for (const words of ["whoami --json", "stack select --stack dev", "stack output --json --stack dev"]) {
        it(`are given up with exit code 130 when Pulumi hangs in ${words} and the command is interrupted`, async () => {
            await using site = await openSite();
            site.pulumi.hang(words, () => { site.context.interrupt(); });
            await assert.rejects(outputsCommand("dev", {}, site.context, site.tools), error => {
                assert.equal((error as Error).message, "Interrupted.");
                assert.equal(exitCodeOf(error, site.context.signal), 130);
                return true;
            });
        });
    }

    it("of a stack that is empty yet are none, and that is said", async () => {
        await using site = await openSite();
        site.pulumi.answer("stack output --json --stack dev", "{}");
        site.pulumi.answer("stack output --json --show-secrets --stack dev", "{}");
        assert.equal(await outputsCommand("dev", {}, site.context, site.tools), 0);
        assert.deepEqual(site.context.printed, [{ result: {}, text: "dev tells nothing of itself yet: run ./gapless up dev" }]);
    });

    it("of an unknown stack are refused with exit code 2", async () => {
        await using site = await openSite();
        site.pulumi.fail("stack select --stack dev", "error: no stack named 'dev' found");
        site.pulumi.answer("stack ls --json", "[]");
        await assert.rejects(outputsCommand("dev", {}, site.context, site.tools), error => {
            assert.match((error as Error).message, /^Pulumi has no stack dev in file:\/\/\/state: there is none\./);
            assert.equal(exitCodeOf(error, site.context.signal), 2);
            return true;
        });
    });

    for (const [stderr, message, exit] of [
        ["error: constructing secrets manager of type \"passphrase\": incorrect passphrase", /^The secrets of dev cannot be decrypted: the passphrase is missing or wrong/, 2],
        ["error: PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions", /^Pulumi is not logged in to where the state of dev lies/, 2],
        ["error: [409] Conflict: Another update is currently in progress.", /^Somebody else changes dev right now/, 4],
        ["error: could not install plugin aws: 403", /^A plugin of Pulumi could not be loaded:\n {4}could not install plugin aws: 403\n/, 1],
        ["error: unreadable", /^Pulumi failed for dev:\n {4}unreadable$/, 1],
    ] as const) {
        it(`fail with what to do about: ${stderr}`, async () => {
            await using site = await openSite();
            site.pulumi.fail("stack output --json --stack dev", stderr);
            await assert.rejects(outputsCommand("dev", {}, site.context, site.tools), error => {
                assert.match((error as Error).message, message);
                assert.equal(exitCodeOf(error, site.context.signal), exit);
                return true;
            });
        });
    }
});
