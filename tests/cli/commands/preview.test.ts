import assert from "node:assert/strict";
import { mkdtempSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { previewCommand } from "../../../cli/commands/preview";
import { exitCodeOf } from "../../../cli/failure";
import { alb, begin, diagnostic, fail, group, nothingChanges, policy, someChanges, stackStep, urn, whole } from "../../support/engine-events";
import { openSite } from "../automation/site";

const asked = "preview --color never --suppress-progress --exec-kind auto.local --event-log <events> --stack dev";

describe("preview", () => {
    it("asks Pulumi for the stack in the program's folder, and tells what up would change, what hurts first", async () => {
        await using site = await openSite();
        site.pulumi.next("preview", { events: someChanges });
        assert.equal(await previewCommand("dev", {}, site.context, site.tools), 0);
        assert.deepEqual(site.pulumi.words, ["whoami --json", "stack select --stack dev", "stack export --show-secrets --stack dev", asked]);
        for (const call of site.pulumi.calls) {
            assert.equal(call.folder, site.folder);
            assert.equal(call.env["PULUMI_SKIP_UPDATE_CHECK"], "true");
            assert.equal(call.env["PULUMI_BACKEND_URL"], undefined);
        }
        assert.deepEqual(site.context.printed.map(({ text }) => text.split("\n")), [[
            "± replace web-alb (aws:lb:LoadBalancer)",
            "      ~ internal: false → true (why it is replaced)",
            "- delete old-host (aws:ec2:Instance)",
            "~ update web-group (aws:autoscaling:Group)",
            "      ~ maxSize: 2 → 4",
            "      - tags.a: \"b\"",
            "preview dev: 1 to replace, 1 to delete, 1 to update (0 s)",
        ]]);
    });

    it("prints one object for machines", async () => {
        await using site = await openSite();
        site.pulumi.next("preview", { events: [...whole({ op: "create", ...group, after: { maxSize: 2 } }), diagnostic("warning", "<{%fg 3%}>old AMI<{%reset%}>\n", urn(group.type, group.name)), stackStep({}, { url: "http://a" })] });
        await previewCommand("dev", { json: true }, site.context, site.tools);
        assert.deepEqual(site.context.printed[0]?.result, {
            schemaVersion: 1, stack: "dev", operation: "preview", result: "succeeded", changes: { create: 1 }, outputsChange: true,
            resources: [{ urn: urn(group.type, group.name), type: group.type, name: "web-group", op: "create", properties: [] }],
            diagnostics: [{ severity: "warning", message: "old AMI", resource: "web-group" }], policyViolations: [], durationSeconds: 0,
        });
    });

    it("makes the empty state of a stack that has a file and no state", async () => {
        await using site = await openSite();
        site.pulumi.fail("stack select --stack dev", "error: no stack named 'dev' found");
        site.pulumi.answer("stack init dev", "");
        site.pulumi.answer("stack export --show-secrets --stack dev", JSON.stringify({ version: 3, deployment: null }));
        site.pulumi.next("preview", { events: nothingChanges });
        assert.equal(await previewCommand("dev", {}, site.context, site.tools), 0);
        assert.ok(site.pulumi.words.includes("stack init dev"));
        assert.ok(site.context.told.includes("dev is new in file:///state: making its empty state"));
    });

    it("hands on the backend of the command line, and asks nobody where Pulumi is logged in", async () => {
        await using site = await openSite();
        site.pulumi.next("preview", { events: nothingChanges });
        await previewCommand("dev", { backend: "s3://states" }, site.context, site.tools);
        assert.deepEqual(site.pulumi.calls.map(({ env }) => env["PULUMI_BACKEND_URL"]), ["s3://states", "s3://states", "s3://states"]);
    });

    it("is refused for a stack without a file, before Pulumi is asked anything", async () => {
        await using site = await openSite();
        await assert.rejects(previewCommand("live", {}, site.context, site.tools), { name: "StackFileError", message: 'There is no stack live: there are dev. To make it, write Pulumi.live.yaml (docs/settings.md), then see ./gapless preview live.' });
        assert.deepEqual(site.pulumi.calls, []);
    });

    for (const [what, about, refused] of [
        ["without a passphrase", { env: {} }, true],
        ["with an empty passphrase", { env: { PULUMI_CONFIG_PASSPHRASE: "" } }, false],
        ["with a passphrase in a file", { env: { PULUMI_CONFIG_PASSPHRASE_FILE: "/a" } }, false],
        ["with a key of KMS", { env: {}, file: "secretsprovider: awskms://alias/a\n" }, false],
    ] as const) {
        it(`is ${refused ? "refused" : "made"} ${what} where state lies in files`, async () => {
            await using site = await openSite(about);
            if (!refused) site.pulumi.next("preview", { events: nothingChanges });
            const made = previewCommand("dev", {}, site.context, site.tools);
            if (refused) {
                await assert.rejects(made, { message: "The secrets of dev in file:///state are encrypted by a passphrase, and there is none. Set PULUMI_CONFIG_PASSPHRASE, or PULUMI_CONFIG_PASSPHRASE_FILE to a file that holds it, and repeat the command." });
                assert.deepEqual(site.pulumi.words, ["whoami --json"]);
            } else assert.equal(await made, 0);
        });
    }

    it("needs no passphrase where Pulumi's service keeps the secrets", async () => {
        await using site = await openSite({ env: {} });
        site.pulumi.answer("whoami --json", JSON.stringify({ user: "alice", url: "https://app.pulumi.com/alice" }));
        site.pulumi.next("preview", { events: nothingChanges });
        assert.equal(await previewCommand("dev", {}, site.context, site.tools), 0);
    });

    it("fails with exit code 1 and all changes when none were expected, and not when there are none", async () => {
        await using site = await openSite();
        site.pulumi.next("preview", { events: someChanges });
        site.pulumi.next("preview", { events: nothingChanges });
        await assert.rejects(previewCommand("dev", { expectNoChanges: true }, site.context, site.tools), error => {
            assert.equal((error as Error).message, "No changes of dev were expected, and there are: 1 to replace, 1 to delete, 1 to update. They are web-alb, old-host, web-group.");
            assert.equal(exitCodeOf(error, site.context.signal), 1);
            return true;
        });
        assert.equal(await previewCommand("dev", { expectNoChanges: true }, site.context, site.tools), 0);
    });

    it("tells a failing resource, what its provider says, and what to do, and prints and writes the same", async () => {
        await using site = await openSite();
        const error = "  sdk-v2/provider2.go:572: sdk.helper_schema: creating ELBv2: 1 error occurred:\n\t* ValidationError: at least two subnets\n\n: provider=aws@7.48.0";
        site.pulumi.next("preview", { error: "error: preview failed", events: [begin({ op: "create", ...alb, after: {} }), diagnostic("error", error, urn(alb.type, alb.name)), diagnostic("error", "preview failed", "urn:pulumi:dev::gapless::pulumi:pulumi:Stack::gapless-dev"), fail({ op: "create", ...alb })] });
        const file = join(site.folder, "summary.md");
        const message = "preview dev failed:\n    web-alb: creating ELBv2: ValidationError: at least two subnets\nMend the cause and repeat the command.";
        await assert.rejects(previewCommand("dev", { markdown: file }, site.context, site.tools), { message });
        assert.deepEqual([(site.context.printed[0]?.result as { result: string }).result, (site.context.printed[0]?.result as { error: string }).error], ["failed", message]);
        assert.equal(readFileSync(file, "utf8"), `<!-- gapless preview gapless/dev -->\n\n### ❌ Preview of dev failed\n\n\`\`\`\n${message}\n\`\`\`\n`);
    });

    it("writes its summary where the user is, who need not be in the program's folder", async () => {
        await using site = await openSite();
        const callerFolder = mkdtempSync(join(site.folder, "caller-"));
        site.pulumi.next("preview", { events: nothingChanges });
        await previewCommand("dev", { markdown: "summary.md" }, { ...site.context, callerFolder }, site.tools);
        assert.match(readFileSync(join(callerFolder, "summary.md"), "utf8"), /^<!-- gapless preview gapless\/dev -->/);
    });

    it("tells the policies that refuse it", async () => {
        await using site = await openSite();
        site.pulumi.next("preview", { error: "error: preview failed", events: [policy("mandatory", "port 22 is open", urn(alb.type, alb.name)), policy("warning", "no owner", urn(alb.type, alb.name))] });
        await assert.rejects(previewCommand("dev", {}, site.context, site.tools), {
            message: "A policy refuses dev:\n    web-alb: port 22 is open (no-open-ports)\nChange the settings or the program, and look with ./gapless preview dev.",
        });
        assert.ok(site.context.told.includes("warning: web-alb: no owner (policy no-open-ports)"));
    });

    it("ends with exit code 130 when it is interrupted, which changes nothing", async () => {
        await using site = await openSite();
        site.pulumi.next("preview", { hangUntilCancelled: [], meanwhile: () => { site.context.interrupt(); } });
        await assert.rejects(previewCommand("dev", {}, site.context, site.tools), error => {
            assert.equal((error as Error).message, "Interrupted. A preview changes nothing.");
            assert.equal(exitCodeOf(error, site.context.signal), 130);
            return true;
        });
    });
});
