import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { record } from "../../rehearsal/program/recording";
import type { Answers, Values } from "../../rehearsal/program/stand-ins";
import { checkAccount } from "../../stacks/lookups";
import { readSettings } from "../../stacks/settings";
import { asked, failing, type Given, refusal, sourceOf, tokens } from "./asking";
import { listener, network, sample } from "./findings";

const zone = { zoneName: "example.com", domainName: "shop.example.com" };
const github = { source: "github", githubRepository: "acme/shop", connectionArn: sample.connectionArn };

const subnetsIn = (places: Readonly<Record<string, readonly [vpcId: string, zone: string]>>): Answers => ({
    [tokens.subnet]: ({ id }) => ({ id, vpcId: places[String(id)]?.[0], availabilityZone: places[String(id)]?.[1] }),
});
const [publicA, publicB] = sample.publicSubnetIds;
const [hostA, hostB] = sample.hostSubnetIds;

describe("look-ups", () => {
    it("ask who calls and which colour serves, and nothing that no setting names", async () => {
        const { facts, questions } = await asked({ answers: { [tokens.caller]: () => ({ accountId: "444455556666" }) } });
        assert.deepEqual(questions, ["caller", "colour"]);
        assert.deepEqual(facts, {
            accountId: "444455556666", zoneId: undefined, connectionStatus: undefined, listener: undefined, amiArchitecture: undefined, subnets: [], activeColour: undefined, redirectsHttp: false, failures: [],
        });
    });

    it("ask for each thing that a setting names, once", async () => {
        const { questions } = await asked({ given: { ...listener, ...github, amiId: "ami-0123456789abcdef0" } });
        assert.deepEqual([...questions].sort(), ["ami", "caller", "colour", "connection", "listener", "loadBalancer", "subnet", "subnet", "subnet", "subnet"]);
        assert.deepEqual([...(await asked({ given: zone })).questions].sort(), ["caller", "colour", "zone"]);
    });

    it("do not ask for a connection that another source has no use for", async () => {
        assert.deepEqual((await asked({ given: { connectionArn: sample.connectionArn } })).questions, ["caller", "colour"]);
    });

    it("ask for the public zone of that very name, and tell its id", async () => {
        const seen: Values[] = [];
        const { facts } = await asked({ given: zone, answers: { [tokens.zone]: inputs => { seen.push(inputs); return { zoneId: "Z1" }; } } });
        assert.deepEqual(seen, [{ name: "example.com", privateZone: false }]);
        assert.equal(facts.zoneId, "Z1");
    });

    it("find everything in the account that a rehearsal stands in for", async () => {
        const given = { ...network, ...github, ...zone, amiId: "ami-0123456789abcdef0", instanceType: "t4g.small" };
        for (const [stage, settings] of [["dev", given], ["prod", { ...listener, ...github }]] as const) {
            const source = sourceOf({ stage, given: settings, accounts: ["444455556666"] });
            const { result } = await record(() => checkAccount(readSettings(source).settings, source), { config: source.config });
            const { facts, warnings } = result as Awaited<ReturnType<typeof checkAccount>>;
            assert.equal(facts.accountId, "444455556666");
            assert.deepEqual([warnings, facts.failures], [[], []]);
        }
    });
});

describe("an account", () => {
    it("is refused when the stack belongs to another one, and nothing else is said of it", async () => {
        assert.equal(
            await refusal({ stage: "prod", given: { ...zone, natGateways: "single" }, accounts: ["444455556666"], answers: { [tokens.caller]: () => ({ accountId: "111122223333" }), [tokens.zone]: failing("no such zone") } }),
            "1 setting is wrong in Pulumi.prod.yaml:\n"
            + "  aws:allowedAccountIds must name the account of the credentials (111122223333): this stack belongs to another one; received [\"444455556666\"]\n"
            + "      Fix: take credentials of 444455556666, such as by AWS_PROFILE, or select the stack of this account",
        );
    });

    it("is refused alike when Pulumi's provider is the first to see it", async () => {
        const message = "invocation of aws:index/getCallerIdentity:getCallerIdentity returned an error: invoking aws:index/getCallerIdentity:getCallerIdentity: 1 error occurred:\n\t* AWS account ID not allowed: 111122223333\n\n";
        assert.match(
            await refusal({ stage: "prod", given: { ...zone, natGateways: "single" }, accounts: ["444455556666"], answers: { [tokens.caller]: failing(message) } }),
            /^1 setting is wrong in Pulumi\.prod\.yaml:\n {2}aws:allowedAccountIds must name the account of the credentials: .*; received \["444455556666"\] \(AWS account ID not allowed: 111122223333\)\n/,
        );
    });

    it("is accepted when it is one of several", async () => {
        const source = sourceOf({ accounts: ["444455556666", "111122223333"] });
        const answers = { [tokens.caller]: () => ({ accountId: "111122223333" }) };
        await assert.doesNotReject(record(() => checkAccount(readSettings(source).settings, source), { config: source.config, answers }));
    });

    it("that nobody is logged in to is told as such", async () => {
        assert.equal(
            await refusal({ given: zone, answers: { [tokens.caller]: failing("no valid credential sources found"), [tokens.zone]: failing("no valid credential sources found") } }),
            "1 setting is wrong in Pulumi.dev.yaml:\n"
            + "  aws:profile must lead to credentials of AWS that work; received no account (no valid credential sources found)\n"
            + "      Fix: log in, such as by aws sso login, and set AWS_PROFILE or aws:profile",
        );
    });
});

describe("what settings name in AWS", () => {
    const rows: readonly [string, Given, string][] = [
        ["misses a zone", { given: zone, answers: { [tokens.zone]: failing("invocation of aws:route53/getZone:getZone returned an error: invoking aws:route53/getZone:getZone: no matching Route 53 Hosted Zone found") } },
            "  gapless:zoneName must be a public Route 53 zone of this account; received example.com (no matching Route 53 Hosted Zone found)\n"
            + "      Fix: create the zone, or set zoneName to one that exists and may be read (route53:ListHostedZones, GetHostedZone)"],
        ["waits for a connection", { given: github, answers: { [tokens.connection]: () => ({ connectionStatus: "PENDING" }) } },
            `  gapless:connectionArn must be available: a person has to complete it once; received ${sample.connectionArn}, which is PENDING\n`
            + "      Fix: open it under Developer Tools, Settings, Connections in the console (https://eu-central-1.console.aws.amazon.com/codesuite/settings/connections) and choose \"Update pending connection\""],
        ["misses a subnet", { given: network, answers: { [tokens.subnet]: ({ id }) => id === hostB ? failing("no matching EC2 Subnet found")() : { id, vpcId: sample.vpcId, availabilityZone: id === publicB ? "b" : "a" } } },
            `  gapless:hostSubnetIds must be subnets of this account and region; received ${hostB} (no matching EC2 Subnet found)\n`
            + "      Fix: set hostSubnetIds to some that exist and may be read (ec2:DescribeSubnets)"],
        ["refuses subnets of another network", { given: network, answers: subnetsIn({ [publicA]: ["vpc-2", "a"], [publicB]: [sample.vpcId, "b"], [hostA]: [sample.vpcId, "a"], [hostB]: [sample.vpcId, "b"] }) },
            `  gapless:publicSubnetIds must lie in vpcId (${sample.vpcId}); received ["${publicA} of vpc-2"]\n`
            + `      Fix: name subnets of ${sample.vpcId}, or set vpcId to vpc-2`],
        ["refuses subnets of hosts in one zone", { given: network, answers: subnetsIn({ [publicA]: [sample.vpcId, "a"], [publicB]: [sample.vpcId, "b"], [hostA]: [sample.vpcId, "a"], [hostB]: [sample.vpcId, "a"] }) },
            `  gapless:hostSubnetIds must lie in two zones at least: a zone that fails would take the service with it; received ["${hostA} in a","${hostB} in a"]\n`
            + "      Fix: add a subnet of another zone"],
        ["refuses two subnets of a load balancer in one zone", { given: network, answers: subnetsIn({ [publicA]: [sample.vpcId, "a"], [publicB]: [sample.vpcId, "a"], [hostA]: [sample.vpcId, "a"], [hostB]: [sample.vpcId, "b"] }) },
            `  gapless:publicSubnetIds must lie in a zone each: a load balancer takes one subnet of a zone, and two zones at least; received ["${publicA} in a","${publicB} in a"]\n`
            + "      Fix: name one subnet of each zone\n"
            + `  gapless:hostSubnetIds must lie in zones of the load balancer (a), which sends nothing to others; received ["${hostB} in b"]\n`
            + "      Fix: add a subnet of that zone to publicSubnetIds, or take it out of hostSubnetIds"],
        ["refuses a listener in another network", { given: listener, answers: { [tokens.loadBalancer]: () => ({ vpcId: "vpc-2", loadBalancerType: "application" }) } },
            `  gapless:listenerArn must be of a load balancer in vpcId (${sample.vpcId}); it is in vpc-2; received "${sample.listenerArn}"\n`
            + "      Fix: set vpcId, publicSubnetIds and hostSubnetIds to vpc-2 and its subnets"],
        ["refuses, for two colours, a listener that a build cannot reach", { given: { ...listener, strategy: "blueGreen", colourSecret: "fedcba9876543210" }, secret: ["colourSecret"], answers: { [tokens.loadBalancer]: () => ({ vpcId: sample.vpcId, loadBalancerType: "application", internal: true }) } },
            "  gapless:listenerArn must be of a load balancer that answers to the internet for strategy blueGreen: who rolls a release, a build outside of the network, tries it through the listener; "
            + `received "${sample.listenerArn}"\n`
            + "      Fix: take a listener of a load balancer that is not internal, or set strategy to rolling"],
        ["refuses a listener that knows no rules", { given: listener, answers: { [tokens.loadBalancer]: () => ({ vpcId: sample.vpcId, loadBalancerType: "network" }) } },
            `  gapless:listenerArn must be of an application load balancer, not of a network one: others have no rules; received "${sample.listenerArn}"\n`
            + "      Fix: take a listener of an application load balancer"],
        ["misses a listener", { given: listener, answers: { [tokens.listener]: failing("ListenerNotFound: gone") } },
            `  gapless:listenerArn must be a listener of this account; received ${sample.listenerArn} (ListenerNotFound: gone)\n`
            + "      Fix: set listenerArn to one that exists and may be read (elasticloadbalancing:DescribeListeners, DescribeLoadBalancers)"],
        ["refuses a listener of HTTP in prod that nobody has said", { stage: "prod", given: listener, accounts: ["111122223333"], answers: { [tokens.listener]: ({ arn }) => ({ protocol: "HTTP", loadBalancerArn: arn }) } },
            "  gapless:httpOnly must be true in prod without encryption: everybody on the way reads and changes what users send; received false\n"
            + "      Fix: take a listener of HTTPS; or say that this is meant with httpOnly: true"],
        ["refuses a machine image for another processor", { given: { amiId: "ami-0123456789abcdef0" }, answers: { [tokens.ami]: () => ({ architecture: "arm64" }) } },
            "  gapless:amiId must be for the processor of instanceType (t3.small, x86_64), not for arm64; received \"ami-0123456789abcdef0\"\n"
            + "      Fix: take a machine image for x86_64, or an instance type of arm64"],
        ["misses a machine image", { given: { amiId: "ami-0123456789abcdef0" }, answers: { [tokens.ami]: failing("Your query returned no results") } },
            "  gapless:amiId must be a machine image that this account may use in this region; received ami-0123456789abcdef0 (Your query returned no results)\n"
            + "      Fix: set amiId to one that exists and may be read (ec2:DescribeImages), or remove it to boot the latest Amazon Linux 2023"],
    ];
    for (const [title, given, expected] of rows) {
        it(title, async () => {
            const [headline, ...findings] = (await refusal(given)).split("\n");
            assert.equal(findings.join("\n"), expected);
            assert.match(headline ?? "", new RegExp(`^${findings.length / 2} settings? (?:is|are) wrong in Pulumi\\.`));
        });
    }

    it("may be a listener that answers in its own network alone, of one fleet", async () => {
        const source = sourceOf({ given: listener });
        const answers = {
            [tokens.loadBalancer]: () => ({ vpcId: sample.vpcId, loadBalancerType: "application", internal: true }),
            ...subnetsIn({ [publicA]: [sample.vpcId, "a"], [publicB]: [sample.vpcId, "b"], [hostA]: [sample.vpcId, "a"], [hostB]: [sample.vpcId, "b"] }),
        };
        await assert.doesNotReject(record(() => checkAccount(readSettings(source).settings, source), { config: source.config, answers }));
    });

    it("does not compare zones with those of another's load balancer, or of subnets that were not found", async () => {
        const apart = subnetsIn({ [publicA]: [sample.vpcId, "a"], [publicB]: [sample.vpcId, "b"], [hostA]: [sample.vpcId, "c"], [hostB]: [sample.vpcId, "d"] });
        const source = sourceOf({ given: listener });
        await assert.doesNotReject(record(() => checkAccount(readSettings(source).settings, source), { config: source.config, answers: apart }));
        const notFound: Answers = { [tokens.subnet]: inputs => ([publicA, publicB] as unknown[]).includes(inputs["id"]) ? failing("gone")() : apart[tokens.subnet]?.(inputs) ?? {} };
        const message = await refusal({ given: network, answers: notFound });
        assert.deepEqual(message.match(/gapless:\w+/g), ["gapless:publicSubnetIds", "gapless:publicSubnetIds"]);
    });

    it("is told all at once, in the order of the settings", async () => {
        const answers = { [tokens.zone]: failing("no zone"), [tokens.connection]: () => ({ connectionStatus: "PENDING" }), ...subnetsIn({}) };
        const message = await refusal({ given: { ...network, ...github, ...zone }, answers });
        assert.deepEqual(message.match(/gapless:\w+/g), ["gapless:zoneName", "gapless:connectionArn", "gapless:publicSubnetIds", "gapless:hostSubnetIds", "gapless:publicSubnetIds", "gapless:hostSubnetIds"]);
    });

    it("shows no secret", async () => {
        const message = await refusal({ given: zone, secret: ["zoneName", "domainName"], answers: { [tokens.zone]: failing("no zone example.com") } });
        assert.doesNotMatch(message, /example\.com/);
        assert.match(message, /zoneName must be .*; received a secret value\n/);
    });

    it("warns of a listener of HTTP in stg, and of one in prod that somebody has said", async () => {
        for (const [stage, given] of [["stg", listener], ["prod", { ...listener, httpOnly: true }]] as const) {
            const source = sourceOf({ stage, given });
            const answers: Answers = { [tokens.listener]: ({ arn }) => ({ protocol: "HTTP", loadBalancerArn: arn }) };
            const { result } = await record(() => checkAccount(readSettings(source).settings, source), { config: source.config, answers });
            const { warnings } = result as Awaited<ReturnType<typeof checkAccount>>;
            assert.deepEqual(warnings, [{
                severity: "warning",
                key: "gapless:listenerArn",
                rule: `should be of a listener of HTTPS in ${stage}: the service is HTTP ONLY, and everybody on the way reads and changes what users send`,
                received: JSON.stringify(sample.listenerArn),
                fix: "take a listener of HTTPS",
            }]);
        }
    });

    it("warns of a connection that could not be looked up, which may be as good as any", async () => {
        const source = sourceOf({ given: github });
        const answers = { [tokens.connection]: failing("invoking aws:codestarconnections/getConnection:getConnection: 1 error occurred:\n\t* ValidationException: no such ARN\n\n") };
        const { result } = await record(() => checkAccount(readSettings(source).settings, source), { config: source.config, answers });
        const { warnings } = result as Awaited<ReturnType<typeof checkAccount>>;
        assert.deepEqual(warnings, [{
            severity: "warning",
            key: "gapless:connectionArn",
            rule: "could not be looked up, so nobody knows here whether the connection is there and available",
            received: `${sample.connectionArn} (ValidationException: no such ARN)`,
            fix: "see that it is Available under Developer Tools, Settings, Connections in the console; to have it looked up, allow codestar-connections:GetConnection and codeconnections:GetConnection",
        }]);
    });
});
