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
        assert.equal(read({}, { stack: "prod" }).settings.stage, "prod");
        assert.equal(read({ stage: "stg" }, { stack: "feature-1" }).settings.stage, "stg");
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

    const refused: readonly [string, unknown, RegExp][] = [
        ["minSize", "two", /minSize must be an integer from 1 to 1000; received "two"/],
        ["minSize", "2.5", /minSize must be an integer from 1 to 1000; received "2.5"/],
        ["minSize", "", /minSize must be an integer from 1 to 1000; received ""/],
        ["minSize", "null", /minSize must be an integer/],
        ["deletionProtection", "yes", /deletionProtection must be true or false; received "yes"/],
        ["deletionProtection", "1", /deletionProtection must be true or false/],
        ["buildArgs", "A=1", /buildArgs must be an object of .*; received "A=1"/],
        ["buildArgs", '["A"]', /buildArgs must be an object/],
        ["buildArgs", '{"A B":"1"}', /received an entry "A B"/],
        ["environment", '{"VERSION":"1"}', /environment must be .*; received an entry "VERSION"/],
        ["environment", '{"KEY":"a\\nb"}', /received an entry "KEY"/],
        ["environment", '{"KEY":{"deep":1}}', /received an entry "KEY"/],
        ["imageContext", "/etc", /imageContext must be a folder, relative to the project's folder; received "\/etc"/],
        ["dockerfile", "my Dockerfile", /dockerfile must be a file, relative/],
        ["imageDigest", "nginx:latest", /imageDigest must be repository@sha256:/],
        ["containerPort", "0", /containerPort must be an integer from 1 to 65535/],
        ["healthPath", "health", /healthPath must be a path that begins with \//],
        ["healthPath", "/a b", /healthPath must be a path/],
        ["probePath", "/$(reboot)", /probePath must be a path/],
        ["slowPath", "slow", /slowPath must be a path that begins with \/, or nothing/],
        ["instanceType", "big", /instanceType must be an EC2 instance type such as t3.small; received "big"/],
        ["amiId", "ami-xyz", /amiId must be ami- and/],
        ["vpcCidr", "10.0.0.0/8", /vpcCidr must be an IPv4 range/],
        ["vpcCidr", "10.0.300.0/16", /vpcCidr must be an IPv4 range/],
        ["availabilityZones", "1", /availabilityZones must be an integer from 2 to 4/],
        ["natGateways", "two", /natGateways must be one of: none, single, onePerAz/],
        ["certificateArn", "arn:aws:iam::1:x", /certificateArn must be the ARN of an ACM certificate/],
        ["domainName", "https://shop.example.com", /domainName must be a host name such as shop\.example\.com; received "https:/],
        ["domainName", "*.example.com", /domainName must be a host name/],
        ["domainName", "localhost", /domainName must be a host name/],
        ["logRetentionDays", "8", /logRetentionDays must be one of: 1, 3, 5, 7/],
        ["strategy", "blueGreen", /strategy must be one of: rolling/],
    ];
    for (const [key, value, message] of refused) {
        it(`refuse ${key} ${JSON.stringify(value)}`, () => {
            assert.match(problemsOf({ [key]: value }), message);
        });
    }

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

    it("warn of an odd number of hosts and of a prod without a certificate, and go on", () => {
        const { settings, warnings } = read({ minSize: "3" }, { stack: "prod" });
        assert.equal(settings.minSize, 3);
        assert.deepEqual(warnings.map(({ severity, key }) => [severity, key]), [["warning", "gapless:minSize"], ["warning", "gapless:certificateArn"]]);
    });

    it("warn of a certificate for an address that it cannot be for, and take a name without a certificate", () => {
        const certificateArn = "arn:aws:acm:eu-central-1:111122223333:certificate/1";
        assert.deepEqual(read({ certificateArn }).warnings.map(({ severity, key }) => [severity, key]), [["warning", "gapless:domainName"]]);
        assert.deepEqual(read({ certificateArn, domainName: "shop.example.com" }).warnings, []);
        assert.deepEqual(read({ domainName: "shop.example.com" }).warnings, []);
    });

    it("with a default of text, number or true/false are declared in Pulumi.yaml, and no others", () => {
        const declared = (parse(readFileSync(join(root, "Pulumi.yaml"), "utf8")) as { config: unknown }).config;
        const expected = [...schema]
            .filter(([, setting]) => setting.default !== undefined && setting.type !== "object")
            .map(([name, { type, default: value, text: description }]) => [name, { type, default: value, description }]);
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
