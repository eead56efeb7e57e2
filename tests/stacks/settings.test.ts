import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import { parse } from "yaml";
import { readSettings, type SettingsSource } from "../../stacks/settings";
import { SettingsError } from "../../stacks/settings-error";
import { settings as schema } from "../../stacks/settings-schema";
import { renderSettingsDocs } from "../../stacks/settings-docs";

const root = join(import.meta.dirname, "../..");

function read(config: Record<string, unknown>, source: Partial<SettingsSource> = {}) {
    const own = Object.fromEntries(Object.entries(config).map(([key, value]) => [`gapless:${key}`, value]));
    return readSettings({ project: "gapless", stack: "dev", config: { "aws:region": "eu-central-1", ...own }, ...source });
}

function problemsOf(config: Record<string, unknown>, source: Partial<SettingsSource> = {}): string {
    try {
        read(config, source);
    } catch (error) {
        assert.ok(error instanceof SettingsError);
        return error.message;
    }
    throw new assert.AssertionError({ message: "the settings were accepted" });
}

describe("settings", () => {
    it("are all there without a stack file but for the region", () => {
        const { settings, warnings } = read({});
        for (const [name, { default: value }] of schema) {
            if (name !== "stage") assert.deepEqual(settings[name as keyof typeof settings], value, name);
        }
        assert.equal(settings.region, "eu-central-1");
        assert.deepEqual(warnings, []);
    });

    it("take the stack's name for the stage, and a stage of another name from the stack file", () => {
        assert.equal(read({ httpOnly: "true", natGateways: "single" }, { stack: "prod" }).settings.stage, "prod");
        assert.equal(read({ stage: "stg", natGateways: "single" }, { stack: "feature-1" }).settings.stage, "stg");
        assert.equal(
            problemsOf({}, { stack: "feature-1" }),
            "1 setting is wrong in Pulumi.feature-1.yaml:\n"
            + "  gapless:stage must be one of: dev, stg, prod; received \"feature-1\"\n"
            + "      Fix: in Pulumi.feature-1.yaml write such as gapless:stage: \"dev\"",
        );
    });

    it("understand text, as Pulumi hands it over, and plain values alike", () => {
        const text = { minSize: "6", maxSize: "8", deletionProtection: "true", buildArgs: '{"NODE":22}', healthPath: "/2" };
        const plain = { minSize: 6, maxSize: 8, deletionProtection: true, buildArgs: { NODE: 22 }, healthPath: "/2" };
        assert.deepEqual(read(text).settings, read(plain).settings);
        assert.equal(read(text).settings.minSize, 6);
        assert.deepEqual(read(text).settings.buildArgs, { NODE: "22" });
    });

    it("take lists and schedules as text, as Pulumi hands them over, and as plain values", () => {
        const plain = { schedules: { day: { recurrence: "0 7 * * MON-FRI", minSize: 4, maxSize: 8 } }, alternativeInstanceTypes: ["t3a.small"] };
        const text = { schedules: JSON.stringify(plain.schedules), alternativeInstanceTypes: JSON.stringify(plain.alternativeInstanceTypes) };
        assert.deepEqual(read(text).settings, read(plain).settings);
        assert.deepEqual(read(text).settings.schedules, plain.schedules);
        assert.deepEqual(read(text).settings.alternativeInstanceTypes, plain.alternativeInstanceTypes);
    });

    it("know the accounts that Pulumi's provider allows, written as text or as numbers", () => {
        const of = (ids: unknown) => read({}, { config: { "aws:region": "eu-central-1", "aws:allowedAccountIds": ids } }).settings.allowedAccountIds;
        assert.deepEqual(read({}).settings.allowedAccountIds, []);
        assert.deepEqual(of('["111122223333","012345678901"]'), ["111122223333", "012345678901"]);
        assert.deepEqual(of("[111122223333]"), ["111122223333"]);
    });

    it("take an empty slow path, which means none", () => {
        assert.equal(read({ slowPath: "" }).settings.slowPath, "");
    });

    it("are reported all at once: wrong values, unknown keys, relations and the missing region", () => {
        const message = problemsOf({}, {
            config: { "gapless:minsize": "3", "gapless:minSize": "1", "gapless:imageContxt": "x", "gapless:swapGiB": "-1", "gapless:drainSeconds": "5" },
        });
        assert.match(message, /^6 settings are wrong in Pulumi\.dev\.yaml:\n/);
        assert.match(message, /gapless:minsize is no setting; received "3"\n {6}Fix: did you mean gapless:minSize\?/);
        assert.match(message, /gapless:imageContxt is no setting; .*\n {6}Fix: did you mean gapless:imageContext\?/);
        assert.match(message, /gapless:swapGiB must be an integer from 0 to 64; received "-1"\n {6}Fix: in Pulumi\.dev\.yaml write such as gapless:swapGiB: 1/);
        assert.match(message, /gapless:minSize must exceed the 1 that has to stay healthy/);
        assert.match(message, /gapless:drainSeconds must be at least longestRequestSeconds \(10\)/);
        assert.match(message, /aws:region must be the AWS region of the stack; received nothing/);
    });

    it("name a remedy for an unknown key that is like none", () => {
        assert.match(problemsOf({ zzzzzzzzzzzz: "1" }), /zzzzzzzzzzzz is no setting; received "1"\n {6}Fix: remove it from Pulumi\.dev\.yaml; docs\/settings\.md lists all/);
    });

    it("leave keys of other namespaces to their owners", () => {
        assert.doesNotThrow(() => read({}, { config: { "aws:region": "eu-central-1", "aws:profile": "me", "gaplessly:x": "1" } }));
    });

    it("are not compared with a value that is wrong itself", () => {
        const message = problemsOf({ longestRequestSeconds: "long", drainSeconds: "5" });
        assert.match(message, /^1 setting is wrong/);
        assert.match(message, /longestRequestSeconds must be an integer/);
        // In the place of the wrong network stands none, for which subnets would be a mistake.
        const subnets = ["subnet-0000000a", "subnet-0000000b"];
        assert.match(problemsOf({ vpcId: "default", publicSubnetIds: subnets, hostSubnetIds: subnets }), /^1 setting is wrong in Pulumi\.dev\.yaml:\n {2}gapless:vpcId must be vpc-/);
    });

    it("never show a secret, neither whole nor in part", () => {
        const secretKeys = new Set(["gapless:certificateArn", "gapless:typo", "gapless:environment"]);
        const message = problemsOf({ certificateArn: "hunter2", typo: "hunter2", environment: '{"KEY":"hunter2\\n"}' }, { secretKeys });
        assert.match(message, /^3 settings are wrong/);
        assert.doesNotMatch(message, /hunter2/);
        assert.match(message, /certificateArn must be .*; received a secret value/);
    });

    it("show no value of the environment even when it is no secret", () => {
        assert.doesNotMatch(problemsOf({ environment: '{"KEY":"hunter2\\n"}' }), /hunter2/);
    });

    it("remember that the environment is secret", () => {
        assert.equal(read({ environment: '{"A":"1"}' }).settings.secretEnvironment, false);
        assert.equal(read({ environment: '{"A":"1"}' }, { secretKeys: new Set(["gapless:environment"]) }).settings.secretEnvironment, true);
    });

    it("warn of an odd number of hosts and of what prod lacks, and go on", () => {
        const { settings, warnings } = read({ minSize: "3", httpOnly: "true", natGateways: "single" }, { stack: "prod" });
        assert.equal(settings.minSize, 3);
        assert.deepEqual(warnings.map(({ severity, key }) => [severity, key]), [
            ["warning", "gapless:minSize"], ["warning", "gapless:certificateArn"], ["warning", "aws:allowedAccountIds"],
        ]);
    });

    it("are compared with each other where the compared ones are sound, whatever else is wrong", () => {
        const message = problemsOf({ source: "github", amiId: "ami-xyz", spot: "maybe", fleet: "tagged", cpuPercent: "50" });
        assert.match(message, /^4 settings are wrong/);
        for (const key of ["githubRepository must be set", "amiId must be", "spot must be", "cpuPercent has no effect"]) assert.ok(message.includes(key), key);
    });

    it("show no secret in what is found between settings", () => {
        const secrets = { zoneName: "secret-zone.example.com", domainName: "secret-name.example.org" };
        const secretKeys = new Set(["gapless:zoneName", "gapless:domainName"]);
        assert.equal(problemsOf(secrets, { secretKeys }), "1 setting is wrong in Pulumi.dev.yaml:\n"
            + "  gapless:domainName must lie in zoneName ([a secret value]); received a secret value\n"
            + "      Fix: set domainName to [a secret value] or a name below it, or zoneName to the zone that holds [a secret value]");
    });

    it("show no entry of a secret list or object either", () => {
        const given = { alternativeInstanceTypes: '["t4g.small"]', schedules: '{"off":{"recurrence":"0 19 * * *","minSize":0,"maxSize":0}}' };
        const message = problemsOf(given, { secretKeys: new Set(["gapless:alternativeInstanceTypes", "gapless:schedules"]) });
        assert.match(message, /alternativeInstanceTypes must have .*; received a secret value\n/);
        assert.match(message, /schedules must turn .*; received a secret value\n/);
        assert.doesNotMatch(message, /t4g|0 19/);
    });

    it("with a default of text, number, true/false or a list are declared in Pulumi.yaml, and no others", () => {
        const declared = (parse(readFileSync(join(root, "Pulumi.yaml"), "utf8")) as { config: unknown }).config;
        const expected = [...schema]
            .filter(([, setting]) => setting.default !== undefined && setting.type !== "object")
            .map(([name, { type, entries = "string", default: value, text: description }]) =>
                [name, { type, ...(type === "array" && { items: { type: entries } }), default: value, description }]);
        assert.deepEqual(declared, Object.fromEntries(expected));
    });

    it("are documented as the schema says", () => {
        assert.equal(
            readFileSync(join(root, "docs/settings.md"), "utf8"),
            renderSettingsDocs(),
            "run: node --import tsx stacks/write-settings-docs.ts",
        );
    });
});
