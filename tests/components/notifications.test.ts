import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { Notifications } from "../../components";
import { accountId, region } from "../../rehearsal/program/stand-ins";
import { allows, denies } from "../support/iam";
import { registered, type Registered } from "../support/registered";

const build = (email?: string): Promise<Registered> =>
    registered(() => { new Notifications("notices", email === undefined ? {} : { email }); });

describe("Notifications", () => {
    let made: Registered;
    before(async () => { made = await build(); });

    it("are a topic without a key, which alarms could not use, and nobody is subscribed unasked", () => {
        assert.deepEqual(made.names(), ["notices", "notices-policy", "notices-topic"]);
        assert.deepEqual(made.named("notices-topic").inputs, {});
    });

    it("reach an address by e-mail", async () => {
        const all = await build("ops@example.com");
        assert.deepEqual(all.named("notices-email").inputs, {
            topic: all.named("notices-topic").outputs["arn"], protocol: "email", endpoint: "ops@example.com",
        });
    });

    it("refuse what is no address", async () => {
        await assert.rejects(build("ops"), /Notifications 'notices': email must be an address such as ops@example\.com, got 'ops'/);
    });

    it("are named to others only once others may use them", async () => {
        const all = await registered(() => {
            const { topicArn } = new Notifications("notices");
            new aws.cloudwatch.EventTarget("notice", { rule: "failures", arn: topicArn });
        });
        assert.ok(all.comesAfter("notice", "notices-policy"));
        assert.deepEqual(all.named("notices").outputs, { topicArn: all.named("notices-topic").outputs["arn"] });
    });

    describe("the topic's policy", () => {
        const publish = { action: "sns:Publish" };
        const topic = () => ({ resource: String(made.named("notices-topic").outputs["arn"]) });
        const policy = () => made.named("notices-policy").inputs["policy"];
        const alarm = (account = accountId, arn = `arn:aws:cloudwatch:${region}:${account}:alarm:web-disk`) => ({
            service: "cloudwatch.amazonaws.com", context: { "aws:SourceAccount": account, "aws:SourceArn": arn, "aws:SecureTransport": "true" },
        });
        /** Without a source: EventBridge does not tell SNS which rule it acts for. */
        const rule = { service: "events.amazonaws.com", context: { "aws:SecureTransport": "true" } };

        it("is that of the topic", () => {
            assert.equal(made.named("notices-policy").inputs["arn"], made.named("notices-topic").outputs["arn"]);
        });

        it("lets alarms of the account publish, by CloudWatch alone", () => {
            assert.equal(allows(policy(), { ...publish, ...topic(), ...alarm() }), true);
            assert.equal(allows(policy(), { ...publish, ...topic(), ...alarm(), service: "codestar-notifications.amazonaws.com" }), false);
        });

        it("lets no alarm of another account or region, and nothing else of CloudWatch's", () => {
            assert.equal(allows(policy(), { ...publish, ...topic(), ...alarm("999999999999") }), false);
            assert.equal(allows(policy(), { ...publish, ...topic(), ...alarm(accountId, `arn:aws:cloudwatch:us-east-1:${accountId}:alarm:web-disk`) }), false);
            assert.equal(allows(policy(), { ...publish, ...topic(), ...alarm(accountId, `arn:aws:cloudwatch:${region}:${accountId}:insight-rule/web`) }), false);
            assert.equal(allows(policy(), { ...publish, ...topic(), service: "cloudwatch.amazonaws.com", context: {
                "aws:SourceArn": `arn:aws:cloudwatch:${region}:${accountId}:alarm:web-disk`,
            } }), false);
        });

        it("lets rules of EventBridge publish, though they tell nothing of themselves, and no other service", () => {
            assert.equal(allows(policy(), { ...publish, ...topic(), ...rule }), true);
            assert.equal(allows(policy(), { ...publish, ...topic(), ...rule, service: "codestar-notifications.amazonaws.com" }), false);
        });

        it("lets nobody do more than publish, nor to another topic", () => {
            for (const who of [alarm(), rule]) {
                assert.equal(allows(policy(), { ...topic(), ...who, action: "sns:Subscribe" }), false);
                assert.equal(allows(policy(), { ...publish, ...who, resource: `${topic().resource}-other` }), false);
            }
        });

        it("takes nothing that did not come encrypted, from anybody", () => {
            const context = { "aws:SecureTransport": "false" };
            assert.equal(denies(policy(), { ...publish, ...topic(), context }), true);
            assert.equal(allows(policy(), { ...publish, ...topic(), ...rule, context }), false);
            assert.equal(denies(policy(), { ...publish, ...topic(), context: { "aws:SecureTransport": "true" } }), false);
        });
    });
});
