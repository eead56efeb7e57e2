import assert from "node:assert/strict";
import { destroyCommand } from "../../../cli/commands/destroy";
import { exitCodeOf } from "../../../cli/failure";
import { group, whole } from "../../support/engine-events";
import { openSite, type Site } from "./site";

const asked = "destroy --yes --skip-preview --color never --suppress-progress --event-log <events> --exec-kind auto.local --stack dev";
const gone = { events: whole({ op: "delete", ...group, before: {} }) };
const bucket = "arn:aws:s3:::releases-1";
const instance = "arn:aws:ec2:eu-central-1:123456789012:instance/i-1";
const kept = "Settings and history of dev are kept by Pulumi: pulumi stack rm dev removes them.";
const texts = (site: Site): readonly string[] => site.context.printed.map(({ text }) => text);

function protectedState(site: Site): void {
    site.pulumi.answer("stack export --show-secrets --stack dev", JSON.stringify({
        version: 3, deployment: { resources: [{ urn: "urn:pulumi:dev::gapless::aws:ec2/vpc:Vpc::network", protect: true }] },
    }));
}

const lockOf = (about: { readonly expires: string }): string => JSON.stringify({
    schemaVersion: 1, holder: { command: "roll", who: "bob", host: "laptop", pid: 7, since: "2025-12-31T00:00:00.000Z", token: "t", ...about },
});

describe("destroy", () => {
    it("removes the stack when its name is typed once more, and says that nothing is left", async () => {
        await using site = await openSite();
        site.pulumi.next("destroy", gone);
        assert.equal(await destroyCommand("dev", { yes: "dev", wait: 0 }, site.context, site.tools), 0);
        assert.deepEqual(site.pulumi.operations, [asked]);
        assert.deepEqual(texts(site), [`destroy dev: 1 deleted (0 s)\nNothing with its tags is left on AWS. ${kept}`]);
        assert.deepEqual((site.context.printed[0]?.result as { leftovers: object }).leftovers, []);
    });

    it("asks at a terminal for the stack's name", async () => {
        await using site = await openSite();
        const tools = site.answering("dev");
        site.pulumi.next("destroy", gone);
        assert.equal(await destroyCommand("dev", { wait: 0 }, site.context, tools), 0);
        assert.deepEqual(tools.questions, ["This removes 1 resources of dev of gapless in eu-central-1, its releases, images and logs too, for ever.\nType the stack's name to go on: "]);
    });

    for (const [what, words, answer, message, exit] of [
        ["another answer than its name", {}, "yes", 'Nothing was done: the answer was "yes", not dev.', 4],
        ["no answer", {}, "", "Nothing was done: the answer was empty, not dev.", 4],
        ["another name after --yes", { yes: "prod" }, undefined, "--yes names prod, and the stack to destroy is dev: nothing was removed.", 2],
        ["nobody to ask", {}, undefined, "There is nobody to ask whether to destroy dev: say --yes dev.", 2],
    ] as const) {
        it(`removes nothing with ${what}`, async () => {
            await using site = await openSite();
            await assert.rejects(destroyCommand("dev", { wait: 0, ...words }, site.context, answer === undefined ? site.tools : site.answering(answer)), error => {
                assert.equal((error as Error).message, message);
                assert.equal(exitCodeOf(error, site.context.signal), exit);
                return true;
            });
            assert.deepEqual(site.pulumi.operations, []);
        });
    }

    for (const [what, config, next] of [
        ["settings", '  gapless:deletionProtection: true\n', "If it is to go: set gapless:deletionProtection to false in Pulumi.dev.yaml, ./gapless up dev, and repeat the command."],
        ["state alone", '  gapless:deletionProtection: false\n', "Its file says deletionProtection: false, and that is not on AWS yet: ./gapless up dev, and repeat the command."],
    ] as const) {
        it(`removes nothing that is protected by its ${what}, and says what that means`, async () => {
            await using site = await openSite({ config });
            protectedState(site);
            await assert.rejects(destroyCommand("dev", { yes: "dev", wait: 0 }, site.context, site.tools), {
                message: `dev is protected: AWS and Pulumi refuse to delete its load balancer, hosts and network (network), and its releases, images and logs are never emptied.\n${next}`,
            });
            assert.deepEqual(site.pulumi.operations, []);
        });
    }

    it("is refused for a stack that Pulumi does not know, which is not made, naming those that it knows", async () => {
        await using site = await openSite();
        site.pulumi.fail("stack select --stack dev", "error: no stack named 'dev' found");
        site.pulumi.answer("stack ls --json", JSON.stringify([{ name: "stg" }, { name: "prod" }]));
        await assert.rejects(destroyCommand("dev", { yes: "dev", wait: 0 }, site.context, site.tools), {
            message: "Pulumi has no stack dev in file:///state: there are prod, stg. Make it with ./gapless up dev, or name the backend that has it with --backend.",
        });
    });

    it("lists what is left with its tags, with what to do, and ends with 4 when a person must", async () => {
        await using site = await openSite();
        site.cloud.tagged = { "eu-central-1": [instance, bucket], "us-east-1": ["arn:aws:cloudfront::123456789012:distribution/E1"] };
        site.pulumi.next("destroy", gone);
        assert.equal(await destroyCommand("dev", { yes: "dev", wait: 0 }, site.context, site.tools), 4);
        assert.deepEqual(texts(site)[0]?.split("\n").slice(1), [
            "Still listed with its tags:",
            "    CloudFront distribution: takes minutes to switch off before it can be deleted. Look at E1 in the console",
            "        arn:aws:cloudfront::123456789012:distribution/E1",
            "    bucket: holds what nobody said may go. Look at it, empty it with all versions in the console, then: aws s3 rb s3://releases-1",
            `        ${bucket}`,
            "    EC2 instance: a terminated one is listed for up to an hour",
            `        ${instance}`,
            kept,
        ]);
    });

    it("ends with 0 when AWS only still lists what is gone", async () => {
        await using site = await openSite();
        site.cloud.tagged = { "eu-central-1": [instance] };
        site.pulumi.next("destroy", gone);
        assert.equal(await destroyCommand("dev", { yes: "dev", wait: 0 }, site.context, site.tools), 0);
    });

    it("does not say that nothing is left when AWS does not tell", async () => {
        await using site = await openSite();
        site.cloud.taggingFails = true;
        site.pulumi.next("destroy", gone);
        await assert.rejects(destroyCommand("dev", { yes: "dev", wait: 0 }, site.context, site.tools), error => {
            assert.equal((error as Error).message, "dev is destroyed, but AWS did not say what is left with its tags: not allowed");
            assert.equal(exitCodeOf(error, site.context.signal), 1);
            return true;
        });
    });

    it("fails with what the engine says, and lists nothing", async () => {
        await using site = await openSite();
        site.cloud.tagged = { "eu-central-1": [bucket] };
        site.pulumi.next("destroy", { error: "error: deleting failed" });
        await assert.rejects(destroyCommand("dev", { yes: "dev", wait: 0 }, site.context, site.tools), { message: "destroy dev failed:\n    deleting failed" });
        assert.deepEqual(texts(site), ["destroy dev, as far as it came: no changes (0 s)"]);
    });

    it("holds the deployment lock meanwhile, and goes on when the lock goes with its bucket", async () => {
        await using site = await openSite();
        site.cloud.stageIsThere = true;
        let holder: unknown;
        site.pulumi.next("destroy", {
            ...gone, meanwhile: () => {
                holder = (JSON.parse(site.cloud.objects.get("/releases-1/lock.json") ?? "") as { holder: { command: string } }).holder.command;
                site.cloud.bucketIsGone = true;
            },
        });
        assert.equal(await destroyCommand("dev", { yes: "dev", wait: 0 }, site.context, site.tools), 0);
        assert.equal(holder, "destroy");
        assert.deepEqual(site.context.told.filter(line => line.startsWith("warning")), []);
    });

    it("says when it takes over a lock of somebody who may still be at work", async () => {
        await using site = await openSite();
        site.cloud.stageIsThere = true;
        site.cloud.put("/releases-1/lock.json", lockOf({ expires: "2025-12-31T00:05:00.000Z" }));
        site.pulumi.next("destroy", gone);
        assert.equal(await destroyCommand("dev", { yes: "dev", wait: 0 }, site.context, site.tools), 0);
        assert.match(site.context.told.filter(line => line.startsWith("warning")).join("\n"), /^warning: took over the lock of roll of bob \(process 7 on laptop\)[^\n]*$/);
    });

    it("waits as long as it is told for somebody else's lock", async () => {
        await using site = await openSite();
        site.cloud.stageIsThere = true;
        site.cloud.put("/releases-1/lock.json", lockOf({ expires: "2026-01-01T01:00:00.000Z" }));
        await assert.rejects(destroyCommand("dev", { yes: "dev", wait: 2 }, site.context, site.tools), error => exitCodeOf(error, site.context.signal) === 4);
        assert.equal(site.context.clock.waited, 120);
        assert.deepEqual(site.pulumi.operations, []);
    });

    it("removes nothing while a deployment runs, with exit code 4", async () => {
        await using site = await openSite();
        site.cloud.stageIsThere = true;
        site.cloud.deployments = ["d-1"];
        await assert.rejects(destroyCommand("dev", { yes: "dev", wait: 0 }, site.context, site.tools), error => exitCodeOf(error, site.context.signal) === 4);
        assert.deepEqual(site.pulumi.operations, []);
    });
});
