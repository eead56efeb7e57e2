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
        ["source", "gitlab", /source must be one of: pulumi, github, s3/],
        ["githubRepository", "https://github.com/acme/shop", /githubRepository must be owner\/name of a repository on GitHub/],
        ["branch", "../main", /branch must be the name of a branch/],
        ["triggerPaths", "app/**", /triggerPaths must be a list of paths .*, 8 at most; received "app\/\*\*"\n.* such as gapless:triggerPaths: \["app\/\*\*","app-scripts\/\*\*"\]/],
        ["triggerPaths", '["app/**","/docs"]', /triggerPaths must be .*; received an entry "1"/],
        ["triggerPaths", '["a","a"]', /received an entry "1"/],
        ["triggerPaths", '["1","2","3","4","5","6","7","8","9"]', /received an entry "8"/],
        ["triggerPaths", '{"0":"app"}', /triggerPaths must be a list/],
        ["triggerPaths", "[1]", /triggerPaths must be a list .*; received an entry "0"/],
        ["connectionArn", "arn:aws:iam::111122223333:role/x", /connectionArn must be the ARN of a CodeConnections connection/],
        ["buildTimeoutMinutes", "481", /buildTimeoutMinutes must be an integer from 5 to 480/],
        ["ciPrincipalArn", "arn:aws:iam::111122223333:root", /ciPrincipalArn must be the ARN of an IAM role or user/],
        ["ciPrincipalArn", "*", /ciPrincipalArn must be the ARN of an IAM role or user/],
        ["ciOidcProviderArn", "token.actions.githubusercontent.com", /ciOidcProviderArn must be the ARN of an IAM OIDC provider/],
        ["ciOidcSubject", "*", /ciOidcSubject must be a subject of the provider's tokens, whose wildcards do not stand for its owner/],
        ["ciOidcSubject", "***", /ciOidcSubject must be/],
        ["ciOidcSubject", "repo:*", /ciOidcSubject must be/],
        ["ciOidcSubject", "repo:*/shop:ref:refs/heads/main", /ciOidcSubject must be/],
        ["ciOidcSubject", "repo:acme*", /ciOidcSubject must be/],
        ["ciOidcSubject", "repo:acm?/shop", /ciOidcSubject must be/],
        ["ciOidcSubject", "${aws:username}", /ciOidcSubject must be/],
        ["ciOidcAudience", "sts.*", /ciOidcAudience must be the audience of the provider's tokens, without wildcards/],
        ["dockerHubRepository", "shop", /dockerHubRepository must be owner\/name/],
        ["dockerHubSecretArn", "hunter2", /dockerHubSecretArn must be the ARN of a secret of Secrets Manager/],
        ["alternativeInstanceTypes", '["big"]', /alternativeInstanceTypes must be a list of EC2 instance types, each once, 39 at most; received an entry "0"/],
        ["cpuPercent", "95", /cpuPercent must be an integer from 10 to 90/],
        ["schedules", "nights", /schedules must be an object of schedules by name/],
        ["schedules", '{"night":{"recurrence":"0 19 * *","minSize":0,"maxSize":0}}', /received an entry "night.recurrence"/],
        ["schedules", '{"night":{"recurrence":"0 19 * * *","minSize":-1,"maxSize":0}}', /received an entry "night.minSize"/],
        ["schedules", '{"night":{"recurrence":"0 19 * * *","minSize":0}}', /received an entry "night.maxSize"/],
        ["schedules", '{"night":{"recurrence":"0 19 * * *","minSize":0,"maxSize":0,"desired":0}}', /received an entry "night"/],
        ["schedules", '{"a b":{"recurrence":"0 19 * * *","minSize":0,"maxSize":0}}', /received an entry "a b"/],
        ["scheduleTimeZone", "Europe/Bonn", /scheduleTimeZone must be the name of a time zone such as Europe\/Berlin/],
        ["scheduleTimeZone", "EST", /scheduleTimeZone must be the name of a time zone/],
        ["scheduleTimeZone", "+02:00", /scheduleTimeZone must be the name of a time zone/],
        ["vpcId", "default", /vpcId must be vpc- and 8 to 17 hexadecimal digits/],
        ["hostSubnetIds", '["subnet-1"]', /hostSubnetIds must be a list of ids of subnets/],
        ["zoneName", "example.com.", /zoneName must be a host name/],
        ["listenerArn", "arn:aws:elasticloadbalancing:eu-central-1:111122223333:listener/net/shared/0123456789abcdef/0123456789abcdef", /listenerArn must be the ARN of a listener of an Application/],
        ["listenerPriority", "0", /listenerPriority must be an integer from 1 to 50000/],
        ["listenerHosts", '["https://shop.example.com"]', /listenerHosts must be a list of host names/],
        ["listenerPaths", '["shop"]', /listenerPaths must be a list of paths/],
        ["deploymentConfig", "AllAtOnce", /deploymentConfig must be HalfAtATime, OneAtATime, or the percentage or number of hosts/],
        ["deploymentConfig", "101%", /deploymentConfig must be/],
        ["notificationEmail", "team", /notificationEmail must be an e-mail address/],
    ];
    for (const [key, value, message] of refused) {
        it(`refuse ${key} ${JSON.stringify(value)}`, () => {
            assert.match(problemsOf({ [key]: value }), message);
        });
    }

    const taken: readonly [string, unknown][] = [
        ["branch", "release/2.x"],
        ["ciOidcSubject", "repo:acme/*:ref:refs/heads/main"],
        ["ciOidcSubject", "repo:acme/shop:*"],
        ["ciOidcSubject", "project_path:acme/shop:ref_type:branch:ref:main"],
        ["ciOidcSubject", "https://jenkins.example.com/job/shop/"],
        ["ciPrincipalArn", "arn:aws-us-gov:iam::111122223333:user/ci/jenkins"],
        ["connectionArn", "arn:aws:codestar-connections:eu-central-1:111122223333:connection/12345678-1234-1234-1234-123456789012"],
        ["listenerPaths", ["/", "/shop/*", "/*.png"]],
        ["listenerHosts", ["*.example.com"]],
        ["deploymentConfig", "OneAtATime"],
        ["deploymentConfig", "1"],
        ["deploymentConfig", "50%"],
        ["scheduleTimeZone", "America/Argentina/Buenos_Aires"],
        ["scheduleTimeZone", "Etc/GMT+9"],
        ["triggerPaths", ["app/**", "*.md"]],
    ];
    for (const [key, value] of taken) {
        it(`take ${key} ${JSON.stringify(value)}`, () => { assert.equal(schema.get(key)?.schema.safeParse(value).success, true); });
    }

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
            .map(([name, { type, default: value, text: description }]) =>
                [name, { type, ...(type === "array" && { items: { type: "string" } }), default: value, description }]);
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
